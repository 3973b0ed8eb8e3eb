/** Curves: what is asked for and what a hand makes of it, drawn over each other as they grow. */

const LINES = {
  target: { colour: "--text", width: 2, dash: [], fill: "#f1eee714" },
  before: { colour: "--faint", width: 2, dash: [2, 6] },
  hand: { colour: "--breath", width: 3, dash: [], glow: 14, head: true },
  after: { colour: "--good", width: 3, dash: [10, 5] },
};
export const WORDS = {
  target: "asked for",
  before: "sounded before",
  hand: "your hand",
  after: "sounds now",
};
const MOVES = { loudness: "press", brightness: "slide", pitch: "bend" };
const PAD = 8;

export class Curves extends HTMLElement {
  /** How far what sounds is, 0 to 1, or null. @type {number|null} */
  #progress = null;
  #lane = null;

  connectedCallback() {
    this.title_ = document.createElement("h3");
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.append(this.title_, this.canvas);
    this.pen = this.canvas.getContext("2d");
    this.resizes = new ResizeObserver(() => this.#draw());
    this.resizes.observe(this.canvas);
  }

  disconnectedCallback() {
    this.resizes.disconnect();
    this.replaceChildren();
  }

  /**
   * Draw a lane.
   *
   * @param {{name: string, length_s: number, lines: Object<string, number[][]>}} lane
   * @param {number|null} progress
   */
  show(lane, progress) {
    this.#lane = lane;
    this.#progress = progress;
    const move = MOVES[lane.name];
    this.title_.textContent = lane.name;
    if (move) this.title_.append(Object.assign(document.createElement("small"), { textContent: ` ${move}` }));
    this.canvas.setAttribute("aria-label",
      `${lane.name}: ${Object.keys(lane.lines).map((who) => WORDS[who]).join(", ")}`);
    this.#draw();
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!this.#lane || !width) return;
    const ratio = Math.min(2, devicePixelRatio);
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(this);
    this.#grid(width, height, style);
    for (const [who, look] of Object.entries(LINES)) {
      const points = this.#lane.lines[who];
      if (points?.length) this.#line(points, look, width, height, style);
    }
  }

  #grid(width, height, style) {
    this.pen.strokeStyle = style.getPropertyValue("--line");
    this.pen.lineWidth = 1;
    this.pen.beginPath();
    for (const share of this.#lane.name === "pitch" ? [0.5] : [0, 1]) {
      const y = Math.round(place(share, height)) + 0.5;
      this.pen.moveTo(0, y);
      this.pen.lineTo(width, y);
    }
    this.pen.stroke();
    if (this.#progress === null) return;
    const x = this.#x(this.#progress * this.#lane.length_s, width);
    this.pen.strokeStyle = style.getPropertyValue("--quiet");
    this.pen.beginPath();
    this.pen.moveTo(x, 0);
    this.pen.lineTo(x, height);
    this.pen.stroke();
  }

  #line(points, look, width, height, style) {
    const { pen } = this;
    const colour = style.getPropertyValue(look.colour).trim();
    pen.save();
    pen.beginPath();
    for (const [seconds, value] of points) pen.lineTo(this.#x(seconds, width), place(value, height));
    pen.lineJoin = pen.lineCap = "round";
    pen.lineWidth = look.width;
    pen.strokeStyle = colour;
    pen.setLineDash(look.dash);
    if (look.glow) {
      pen.shadowColor = colour;
      pen.shadowBlur = look.glow;
    }
    pen.stroke();
    if (look.fill) this.#fill(points, look.fill, width, height);
    if (look.head) this.#head(points.at(-1), colour, width, height);
    pen.restore();
  }

  #fill(points, colour, width, height) {
    const { pen } = this;
    pen.lineTo(this.#x(points.at(-1)[0], width), height);
    pen.lineTo(this.#x(points[0][0], width), height);
    pen.fillStyle = colour;
    pen.fill();
  }

  #head([seconds, value], colour, width, height) {
    this.pen.beginPath();
    this.pen.arc(this.#x(seconds, width), place(value, height), 5, 0, 7);
    this.pen.fillStyle = colour;
    this.pen.fill();
  }

  #x(seconds, width) {
    const ends = Object.values(this.#lane.lines).map((points) => points.at(-1)?.[0] ?? 0);
    return PAD + (width - 2 * PAD) * seconds / Math.max(this.#lane.length_s, ...ends);
  }
}

function place(value, height) {
  return PAD + (height - 2 * PAD) * (1 - value);
}

customElements.define("emb-curves", Curves);
