/** The fingers as they are heard: pitch across, slide up, press as the size of a light. */

import { Hand, hueOf, noteName } from "./finger.js";

const LOWEST = 24;
const HIGHEST = 108;
const MAX_RATIO = 2;

export class Fingers extends HTMLElement {
  #hand = new Hand();

  connectedCallback() {
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "Fingers as they are heard: pitch across, slide up, press as size");
    this.append(this.canvas);
    this.pen = this.canvas.getContext("2d");
    this.resizes = new ResizeObserver(() => this.#resize());
    this.resizes.observe(this);
  }

  disconnectedCallback() {
    this.resizes.disconnect();
    this.replaceChildren();
  }

  /** @param {import("./view.js").Frame} frame */
  show({ voices }) {
    const fingers = this.#hand.number(voices);
    this.#clear();
    for (const voice of voices) this.#draw(voice, hueOf(fingers.get(voice.touch)));
  }

  #resize() {
    this.ratio = Math.min(MAX_RATIO, devicePixelRatio);
    this.canvas.width = this.clientWidth * this.ratio;
    this.canvas.height = this.clientHeight * this.ratio;
    this.#clear();
  }

  #clear() {
    const { pen, clientWidth: width, clientHeight: height } = this;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.globalAlpha = 1;
    pen.fillStyle = "#2a2e3b";
    pen.font = `12px ${getComputedStyle(this).fontFamily}`;
    pen.textAlign = "left";
    for (let note = LOWEST; note <= HIGHEST; note += 12) {
      const x = this.#across(note);
      pen.fillRect(x, 0, 1, height);
      pen.save();
      pen.fillStyle = "#8d919e";
      pen.fillText(noteName(note), x + 5, height - 6);
      pen.restore();
    }
  }

  #across(note) {
    return 12 + (note - LOWEST) / (HIGHEST - LOWEST) * (this.clientWidth - 44);
  }

  #draw({ note, glide, slide, press, strike, isHeld }, hue) {
    const { pen, clientHeight: height } = this;
    const x = this.#across(note + glide);
    const y = 24 + (1 - slide) * (height - 60);
    const radius = 6 + 26 * press;
    pen.strokeStyle = pen.fillStyle = hue;
    pen.globalAlpha = isHeld ? 0.5 : 0.2;
    pen.fillRect(Math.min(x, this.#across(note)), y - 1, Math.abs(x - this.#across(note)), 2);
    pen.globalAlpha = isHeld ? 0.35 : 0.12;
    circle(pen, x, y, radius);
    pen.fill();
    pen.globalAlpha = isHeld ? 1 : 0.4;
    pen.lineWidth = 1 + 4 * strike;
    pen.stroke();
    pen.font = `600 13px ${getComputedStyle(this).fontFamily}`;
    pen.fillText(noteName(note + glide), x + radius + 6, y + 4);
  }
}

function circle(pen, x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
}

customElements.define("emb-fingers", Fingers);
