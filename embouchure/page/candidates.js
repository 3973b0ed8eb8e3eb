/** Candidates: found sounds as lights on a plane whose directions have names; touched, they sound. */

const REACH_PIXELS = 44;
const DWELL_MS = 70;
const DRAG_PIXELS = 10;
const SETTLING = 0.14;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const INSET = 52;

export class Candidates extends HTMLElement {
  /** Number of the sound under the finger or the arrow keys. @type {number|null} */
  cursor = null;
  #sounds = new Map();
  #ends = {};
  #page = [];
  #drag = null;
  #dwell = 0;
  #asked = 0;

  constructor() {
    super();
    this.addEventListener("pointermove", (event) => this.#hover(event));
    this.addEventListener("pointerdown", (event) => this.#grab(event));
    this.addEventListener("pointerup", (event) => this.#drop(event));
    this.addEventListener("pointercancel", () => { this.#drag = null; this.wake(); });
    this.addEventListener("pointerleave", () => clearTimeout(this.#dwell));
    this.addEventListener("keydown", (event) => this.#step(event));
    this.addEventListener("focus", () => this.wake());
    this.addEventListener("blur", () => this.wake());
  }

  connectedCallback() {
    this.tabIndex = 0;
    this.setAttribute("role", "application");
    this.setAttribute("aria-label", "Map of found sounds: arrow keys go from sound to sound and let you hear each");
    this.canvas = document.createElement("canvas");
    this.append(this.canvas);
    this.pen = this.canvas.getContext("2d");
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.resizes = new ResizeObserver(() => this.wake());
    this.resizes.observe(this);
  }

  disconnectedCallback() {
    this.resizes.disconnect();
    clearTimeout(this.#dwell);
    cancelAnimationFrame(this.#asked);
    this.#asked = 0;
    this.replaceChildren();
  }

  /** Take the map of an exploration; sounds that it had before move to where they are now. */
  set map({ sounds, ends, page }) {
    const before = this.#sounds;
    this.#sounds = new Map(sounds.map((sound) => {
      const old = before.get(sound.number);
      const [x, y] = sound.place;
      return [sound.number, { ...sound, x, y, atX: old?.atX ?? x, atY: old?.atY ?? y, size: old?.size ?? 0 }];
    }));
    this.#ends = ends;
    this.#page = page;
    if (!this.#sounds.has(this.cursor)) this.cursor = null;
    this.wake();
  }

  /** Go to a sound without letting it be heard. */
  goTo(number) {
    this.cursor = number;
    this.dataset.cursor = number;
    this.wake();
  }

  /** Where a sound is drawn, in pixels. @returns {[number, number]} */
  placeOf(number) {
    const { x, y } = this.#sounds.get(number);
    return this.#point(x, y);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #hear(number) {
    if (number === this.cursor) return;
    this.goTo(number);
    this.#tell("hear", { number });
  }

  #hover(event) {
    const found = this.#nearest(event.offsetX, event.offsetY);
    if (this.#drag) {
      Object.assign(this.#drag, { x: event.offsetX, y: event.offsetY, over: found });
      this.#drag.isMoved ||= Math.hypot(event.offsetX - this.#drag.fromX, event.offsetY - this.#drag.fromY) > DRAG_PIXELS;
      if (this.#drag.isMoved && found !== null && found !== this.cursor) this.#hear(found);
      return this.wake();
    }
    this.style.cursor = found === null ? "" : "pointer";
    clearTimeout(this.#dwell);
    if (found !== null) this.#dwell = setTimeout(() => this.#hear(found), DWELL_MS);
  }

  #grab(event) {
    const found = this.#nearest(event.offsetX, event.offsetY);
    if (found === null) return;
    this.setPointerCapture(event.pointerId);
    this.#drag = { start: found, over: found, fromX: event.offsetX, fromY: event.offsetY, x: event.offsetX, y: event.offsetY, isMoved: false };
  }

  #drop() {
    const drag = this.#drag;
    this.#drag = null;
    this.wake();
    if (!drag) return;
    if (!drag.isMoved) {
      this.goTo(drag.start);
      this.#tell("choose", { number: drag.start });
    } else if (drag.over !== null && drag.over !== drag.start) {
      this.#tell("join", { start: drag.start, end: drag.over });
    }
  }

  /** Go to the nearest sound in a direction. */
  #step(event) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const here = this.#sounds.get(this.cursor);
    if (!here) {
      const [first] = this.#page.length ? this.#page : this.#sounds.keys();
      return first !== undefined && this.#hear(first);
    }
    const [next] = [...this.#sounds.values()].filter((one) => one !== here)
      .map((one) => ({ one, cost: cost(one.x - here.x, one.y - here.y, step) }))
      .filter(({ cost: far }) => far < Infinity)
      .sort((one, other) => one.cost - other.cost);
    if (next) this.#hear(next.one.number);
  }

  #nearest(x, y) {
    const sounds = [...this.#sounds.values()].map((one) => ({ one, far: Math.hypot(...this.#less(one, x, y)) }));
    const best = sounds.reduce((near, next) => (next.far < near.far ? next : near), { far: REACH_PIXELS });
    return best.one?.number ?? null;
  }

  #less(one, x, y) {
    const [atX, atY] = this.#point(one.atX, one.atY);
    return [atX - x, atY - y];
  }

  #point(x, y) {
    const inset = Math.min(INSET, this.width / 9);
    return [this.width / 2 + x * (this.width / 2 - inset), this.height / 2 - y * (this.height / 2 - inset)];
  }

  wake() {
    this.#asked ||= requestAnimationFrame(() => {
      this.#asked = 0;
      if (this.#draw()) this.wake();
    });
  }

  #draw() {
    [this.width, this.height] = [this.clientWidth, this.clientHeight];
    if (!this.width) return false;
    const ratio = Math.min(2, devicePixelRatio);
    if (this.canvas.width !== this.width * ratio || this.canvas.height !== this.height * ratio) {
      this.canvas.width = this.width * ratio;
      this.canvas.height = this.height * ratio;
    }
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.pen.clearRect(0, 0, this.width, this.height);
    this.colours = getComputedStyle(this);
    this.radius = Math.max(2, Math.min(6.5, Math.sqrt(this.width * this.height / Math.max(this.#sounds.size, 1)) / 15));
    const moves = this.#settle();
    this.#names();
    this.#descent();
    for (const sound of this.#sounds.values()) this.#light(sound);
    if (this.#drag?.isMoved) this.#line();
    this.#ring();
    return moves;
  }

  #settle() {
    let isMoving = false;
    for (const sound of this.#sounds.values()) {
      const wanted = sound.number === this.cursor ? 2 : this.#page.includes(sound.number) ? 1.35 : 1;
      for (const [key, goal] of [["atX", sound.x], ["atY", sound.y], ["size", wanted]]) {
        const left = goal - sound[key];
        if (Math.abs(left) < 0.002 || this.still.matches) sound[key] = goal;
        else {
          sound[key] += SETTLING * left;
          isMoving = true;
        }
      }
    }
    return isMoving;
  }

  #names() {
    const { pen, width, height } = this;
    pen.fillStyle = this.colours.getPropertyValue("--quiet");
    pen.font = `italic 400 ${Math.max(15, Math.min(22, width / 50))}px ${this.colours.getPropertyValue("--voice")}`;
    pen.textBaseline = "middle";
    for (const [name, x, y, align] of [["left", 16, height / 2, "left"], ["right", width - 16, height / 2, "right"],
      ["top", width / 2, 18, "center"], ["bottom", width / 2, height - 18, "center"]]) {
      pen.textAlign = align;
      pen.fillText(this.#ends[name] ?? "", x, y);
    }
  }

  #descent() {
    const { pen } = this;
    pen.strokeStyle = "#cfd6e633";
    pen.lineWidth = 1;
    pen.beginPath();
    for (const child of this.#sounds.values()) {
      for (const parent of child.parents.map((number) => this.#sounds.get(number)).filter(Boolean)) {
        pen.moveTo(...this.#point(parent.atX, parent.atY));
        pen.lineTo(...this.#point(child.atX, child.atY));
      }
    }
    pen.stroke();
  }

  #light(sound) {
    const { pen } = this;
    const [x, y] = this.#point(sound.atX, sound.atY);
    const isOnPage = this.#page.includes(sound.number);
    const radius = this.radius * sound.size;
    this.#glow(x, y, radius * 4.5, hueOf(sound, 0.3));
    pen.fillStyle = hueOf(sound);
    pen.globalAlpha = sound.is_starred || isOnPage || sound.number === this.cursor ? 1 : 0.78;
    pen.beginPath();
    if (sound.is_starred) star(pen, x, y, radius * 2.1);
    else pen.arc(x, y, radius, 0, 7);
    pen.fill();
    if (isOnPage && !sound.is_starred) {
      pen.strokeStyle = hueOf(sound);
      pen.lineWidth = 1;
      pen.globalAlpha = 0.55;
      pen.beginPath();
      pen.arc(x, y, radius + 5, 0, 7);
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  #ring() {
    const sound = this.#sounds.get(this.cursor);
    if (!sound) return;
    const { pen } = this;
    const [x, y] = this.#point(sound.atX, sound.atY);
    this.#glow(x, y, 64, hueOf(sound, 0.4));
    pen.strokeStyle = this.colours.getPropertyValue("--text");
    pen.lineWidth = document.activeElement === this ? 3 : 1.5;
    pen.beginPath();
    pen.arc(x, y, 19, 0, 7);
    pen.stroke();
  }

  #glow(x, y, radius, colour) {
    const glow = this.pen.createRadialGradient(x, y, 0, x, y, radius);
    glow.addColorStop(0, colour);
    glow.addColorStop(1, "transparent");
    this.pen.fillStyle = glow;
    this.pen.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
  }

  #line() {
    const { start, over, x, y } = this.#drag;
    const from = this.#sounds.get(start);
    const to = over !== null && over !== start ? this.#sounds.get(over) : null;
    this.pen.strokeStyle = this.colours.getPropertyValue("--breath");
    this.pen.lineWidth = 3;
    this.pen.setLineDash(to ? [] : [6, 6]);
    this.pen.beginPath();
    this.pen.moveTo(...this.#point(from.atX, from.atY));
    this.pen.lineTo(...(to ? this.#point(to.atX, to.atY) : [x, y]));
    this.pen.stroke();
    this.pen.setLineDash([]);
  }
}

/** How far a step leads, what lies aside counting more; Infinity for what lies behind. */
function cost(x, y, [stepX, stepY]) {
  const ahead = x * stepX + y * stepY;
  const aside = Math.abs(x * stepY) + Math.abs(y * stepX);
  return ahead > 1e-6 && aside < 2 * ahead ? ahead + 1.6 * aside : Infinity;
}

function hueOf({ x, y }, alpha = 1) {
  const hue = Math.round(228 + 82 * (x + 1)) % 360;
  return `hsl(${hue} ${Math.round(84 - 6 * y)}% ${Math.round(74 + 5 * y)}% / ${alpha})`;
}

function star(pen, x, y, radius) {
  for (let point = 0; point <= 10; point += 1) {
    const angle = Math.PI * (point / 5 - 0.5);
    const far = point % 2 ? 0.45 * radius : radius;
    pen.lineTo(x + far * Math.cos(angle), y + far * Math.sin(angle));
  }
}

customElements.define("emb-candidates", Candidates);
