/** The pad: rows of notes under the fingers; x glides, y slides, and pressure presses. */

import { hueOf } from "./finger.js";
import { drawKey, drawLight } from "./pad-light.js";
import { glideOf } from "./rows.js";

const MAX_RATIO = 2;
const GIVEN_PRESSURES = [0, 0.5, 1];
const FULL_RADIUS_PIXELS = 40;
const REST_RADIUS_PIXELS = 8;
const PLAIN_STRIKE = 0.7;

const clip = (ratio) => Math.max(0, Math.min(1, ratio));

/** What press can be read from. A finger that has neither pressure nor size presses by height. */
export const PRESSES = {
  auto: "whatever the finger has",
  pressure: "pressure",
  size: "the finger's size",
  height: "moving up and down",
};

export class Pad extends HTMLElement {
  #fingers = new Map();
  #widths = new Set();
  #asked = 0;
  press = "auto";

  /**
   * @param {import("./touches.js").Touches} touches
   * @param {import("./rows.js").Rows} rows
   */
  open(touches, rows) {
    this.touches = touches;
    this.rows = rows;
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.append(this.canvas);
    this.pen = this.canvas.getContext("2d");
    this.resizes = new ResizeObserver(() => this.#resize());
    this.resizes.observe(this);
    this.addEventListener("pointerdown", (event) => this.#strike(event));
    this.addEventListener("pointermove", (event) => this.#move(event));
    this.addEventListener("pointerup", (event) => this.#lift(event.pointerId));
    this.addEventListener("lostpointercapture", (event) => this.#lift(event.pointerId));
    this.addEventListener("pointercancel", () => this.release());
    this.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  disconnectedCallback() {
    this.resizes?.disconnect();
    cancelAnimationFrame(this.#asked);
  }

  /** Lay the notes out anew; what sounds is lifted. */
  lay(rows) {
    this.release();
    this.rows = rows;
    this.wake();
  }

  /** Lift every finger: also when the browser takes one of them away, for it may take all. */
  release() {
    for (const mover of [...this.#fingers.keys()]) this.#lift(mover);
    this.touches.endAll();
  }

  /** Strike a key without a pointer, as a computer's keyboard does. */
  strikeKey(mover, row, column) {
    this.classList.remove("is-played");
    const { rows } = this;
    const x = (column + 0.5) / rows.columns;
    this.#begin(mover, { x, y: 1 - (row + 0.5) / rows.rows }, PLAIN_STRIKE, 0.5);
  }

  /** Move every finger that struck without a pointer. */
  moveKeys({ glide, press, slide }) {
    for (const [mover, finger] of this.#fingers) {
      if (finger.isKey) {
        this.touches.move(mover, { glide, press, slide });
        Object.assign(finger, { press, shift: glide });
      }
    }
    this.wake();
  }

  /** Lift a key. */
  lift(mover) {
    this.#lift(mover);
  }

  #strike(event) {
    if (event.button) return;
    event.preventDefault();
    this.focus({ preventScroll: true });
    this.classList.add("is-played");
    this.setPointerCapture(event.pointerId);
    if (event.width > 1) this.#widths.add(Math.round(event.width));
    const place = this.#placeOf(event);
    const { height } = this.rows.place(place.x, place.y);
    const strike = hasPressure(event) ? clip(0.3 + event.pressure) : PLAIN_STRIKE;
    const press = this.#pressOf(event, place, { ...place, height });
    this.#begin(event.pointerId, place, strike, press, false);
  }

  #begin(mover, place, strike, press, isKey = true) {
    const { row, column, height } = this.rows.place(place.x, place.y);
    const note = this.rows.key(row, column);
    const slide = isKey ? 0.5 : height;
    if (!this.touches.begin(mover, { note, strike, press, slide })) return;
    const hue = hueOf(this.#freeHue());
    this.#fingers.set(mover, { ...place, struck: { ...place, row, note, height }, press, hue, isKey });
    this.wake();
  }

  #freeHue() {
    const taken = new Set([...this.#fingers.values()].map(({ hue }) => hue));
    let finger = 0;
    while (taken.has(hueOf(finger)) && finger < 8) finger += 1;
    return finger;
  }

  #move(event) {
    const finger = this.#fingers.get(event.pointerId);
    if (!finger) return;
    if (event.width > 1) this.#widths.add(Math.round(event.width));
    const place = this.#placeOf(event);
    const { struck } = finger;
    const press = this.#pressOf(event, place, struck);
    const isHeight = this.#kindOf(event) === "height";
    const slide = isHeight ? struck.height : clip(struck.height + (struck.y - place.y) * this.rows.rows);
    this.touches.move(event.pointerId, { glide: glideOf(this.rows, struck, place.x), press, slide });
    Object.assign(finger, place, { press });
    this.wake();
  }

  #lift(mover) {
    if (!this.#fingers.delete(mover)) return;
    this.touches.end(mover);
    this.wake();
  }

  #placeOf({ clientX, clientY }) {
    const { left, top, width, height } = this.getBoundingClientRect();
    return { x: clip((clientX - left) / width), y: clip((clientY - top) / height) };
  }

  /** What this finger presses with. */
  #kindOf(event) {
    if (this.press !== "auto") return this.press;
    if (hasPressure(event)) return "pressure";
    return event.pointerType === "touch" && this.#widths.size > 2 ? "size" : "height";
  }

  #pressOf(event, place, struck) {
    const kind = this.#kindOf(event);
    if (kind === "pressure") return clip(event.pressure);
    if (kind === "size") {
      const radius = Math.max(event.width, event.height) / 2;
      return clip((radius - REST_RADIUS_PIXELS) / (FULL_RADIUS_PIXELS - REST_RADIUS_PIXELS));
    }
    return clip(0.5 + (struck.y - place.y) * this.rows.rows * 0.75);
  }

  wake() {
    this.#asked ||= requestAnimationFrame(() => {
      this.#asked = 0;
      this.#draw();
    });
  }

  #resize() {
    const ratio = Math.min(MAX_RATIO, devicePixelRatio);
    this.width = this.clientWidth;
    this.height = this.clientHeight;
    this.canvas.width = this.width * ratio;
    this.canvas.height = this.height * ratio;
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.font = getComputedStyle(document.documentElement).fontFamily;
    this.wake();
  }

  #draw() {
    const { pen, rows, width, height } = this;
    if (!width) return;
    pen.clearRect(0, 0, width, height);
    const across = width / rows.columns;
    const down = height / rows.rows;
    const lights = [...this.#fingers.values()].map((finger) =>
      ({ ...finger, x: finger.x * width, y: finger.y * height }));
    for (let row = 0; row < rows.rows; row += 1) {
      for (let column = 0; column < rows.columns; column += 1) {
        const note = rows.key(row, column);
        const box = { x: (column + 0.5) * across, top: height - (row + 1) * down, down };
        drawKey(pen, box, { note, isRoot: (note - rows.root) % 12 === 0, font: this.font }, lights);
      }
    }
    pen.globalCompositeOperation = "lighter";
    for (const light of lights) drawLight(pen, light);
    pen.globalCompositeOperation = "source-over";
    pen.globalAlpha = 1;
  }
}

/** A mouse and many screens give a constant in place of pressure. */
function hasPressure({ pointerType, pressure }) {
  return pointerType === "pen" || (pointerType === "touch" && !GIVEN_PRESSURES.includes(pressure));
}

customElements.define("emb-pad", Pad);
