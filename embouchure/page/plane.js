/** The plane: named sounds as a dark field, and each finger as a light that moves through it. */

import { Field } from "./field.js";
import { Hand, hueOf, noteName } from "./finger.js";
import { Trail } from "./trail.js";

const MAX_RATIO = 2;
const SIDE = 0.9;
const CAPTION = { width: 36, height: 17 };

export class Plane extends HTMLElement {
  /** Name of the sound that is marked, as on the map. @type {string|null} */
  marked = null;
  /** How many times it was drawn. */
  nDrawn = 0;
  /** What the overlays cover, in pixels: the sounds keep clear of it. */
  inset = { top: 0, right: 0, bottom: 0, left: 0 };
  /** Boxes in which no name is written: left, right, top and bottom in pixels. @type {number[][]} */
  covered = [];
  #field = new Field();
  #hand = new Hand();
  #trails = new Map();
  #ended = [];
  #asked = 0;

  connectedCallback() {
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "The space: every finger as a light among named sounds");
    this.append(this.canvas);
    this.pen = this.canvas.getContext("2d");
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.resizes = new ResizeObserver(() => this.#resize());
    this.resizes.observe(this);
  }

  disconnectedCallback() {
    this.resizes.disconnect();
    cancelAnimationFrame(this.#asked);
    this.replaceChildren();
  }

  /** Take the map of the space. */
  set map(map) {
    this.#field.take(map);
    this.#resize();
  }

  /** Mark one of the map's sounds, or none. */
  mark(name) {
    this.marked = name;
    this.wake();
  }

  /** Keep the sounds clear of what covers the edges, and names clear of these elements too. */
  clear(inset, elements) {
    this.inset = inset;
    const { left, top } = this.getBoundingClientRect();
    this.covered = elements.map((one) => one.getBoundingClientRect()).filter(({ width }) => width)
      .map((box) => [box.left - left, box.right - left, box.top - top, box.bottom - top]);
    this.#resize();
  }

  /**
   * Move the lights.
   *
   * @param {import("./view.js").Frame} frame
   */
  show({ voices: all, isPlaced }) {
    const voices = isPlaced ? all : [];
    const nowMs = performance.now();
    const fingers = this.#hand.number(voices);
    for (const [touch, trail] of this.#trails) if (!fingers.has(touch)) this.#end(touch, trail);
    for (const voice of voices) this.#move(voice, fingers.get(voice.touch), nowMs);
    this.wake();
  }

  #move(voice, finger, nowMs) {
    const trail = this.#trails.get(voice.touch) ?? new Trail(hueOf(finger), nowMs, voice.strike);
    this.#trails.set(voice.touch, trail);
    const [x, y] = this.point(voice.x, voice.y);
    trail.move({ ...voice, x, y, caption: noteName(voice.note + voice.glide) }, nowMs);
  }

  #end(touch, trail) {
    trail.end();
    this.#ended.push(trail);
    this.#trails.delete(touch);
  }

  /** Where a place of the plane is, in pixels. @returns {[number, number]} */
  point(x, y) {
    const { top, right, bottom, left } = this.inset;
    const across = (this.width - left - right) / 2;
    const up = (this.height - top - bottom) / 2;
    return [left + across * (1 + SIDE * x), top + up * (1 - SIDE * y)];
  }

  /** Draw at the next frame, and go on while anything moves. */
  wake() {
    this.#asked ||= requestAnimationFrame((nowMs) => {
      this.#asked = 0;
      if (this.#draw(nowMs)) this.wake();
    });
  }

  #resize() {
    this.width = this.clientWidth;
    this.height = this.clientHeight;
    if (!this.width || !this.height) return;
    this.ratio = Math.min(MAX_RATIO, devicePixelRatio);
    this.canvas.width = this.width * this.ratio;
    this.canvas.height = this.height * this.ratio;
    this.#field.prepare(this);
    this.wake();
  }

  #draw(nowMs) {
    if (!this.width) return false;
    this.nDrawn += 1;
    const { pen } = this;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    const live = [...this.#trails.values()];
    this.#ended = this.#ended.filter((trail) => trail.age(nowMs));
    const settles = this.#field.draw(pen, this, live);
    pen.globalCompositeOperation = "lighter";
    for (const trail of [...this.#ended, ...live]) {
      trail.age(nowMs);
      trail.draw(pen, nowMs, this.still.matches);
    }
    pen.globalCompositeOperation = "source-over";
    captions(pen, live);
    pen.globalAlpha = 1;
    return settles || live.length > 0 || this.#ended.length > 0;
  }
}

/** Write each light's note beside it, above those that are written there already. */
function captions(pen, trails) {
  pen.font = `600 15px ${pen.font.slice(pen.font.indexOf("px") + 2)}`;
  pen.textAlign = "left";
  const written = [];
  for (const { x, y: lightY, hue, isHeld, caption } of trails) {
    let y = lightY - 18;
    while (written.some((one) => Math.abs(one.x - x) < CAPTION.width && Math.abs(one.y - y) < CAPTION.height)) {
      y -= CAPTION.height;
    }
    written.push({ x, y });
    pen.globalAlpha = isHeld ? 1 : 0.5;
    pen.fillStyle = hue;
    pen.fillText(caption, x + 16, y);
  }
}

customElements.define("emb-plane", Plane);
