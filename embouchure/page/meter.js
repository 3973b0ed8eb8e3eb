/** Meters: the level of everything, and the five dimensions of one finger. */

import { element } from "./element.js";
import { dimensions, hueOf, noteName } from "./finger.js";

const FLOOR_DB = -60;
const HOT_DB = -3;

/** A ratio of full scale in decibels. */
export function decibels(ratio) {
  return 20 * Math.log10(Math.max(ratio, 1e-6));
}

/** A bar of light from -60 dB to 0 dB; it falls slowly enough to be seen. */
export class LevelMeter extends HTMLElement {
  connectedCallback() {
    if (this.bar) return;
    this.bar = element("i");
    this.setAttribute("role", "meter");
    this.setAttribute("aria-label", "Level");
    this.setAttribute("aria-valuemin", FLOOR_DB);
    this.setAttribute("aria-valuemax", "0");
    this.append(this.bar);
    this.show(0);
  }

  /** @param {number} peak ratio of full scale */
  show(peak) {
    const level = Math.max(FLOOR_DB, Math.min(0, decibels(peak)));
    this.bar.style.setProperty("--share", 1 - level / FLOOR_DB);
    this.classList.toggle("is-hot", level > HOT_DB);
    this.setAttribute("aria-valuenow", Math.round(level));
    this.setAttribute("aria-valuetext", `${Math.round(level)} decibels`);
  }
}

/** One finger: its note, and a bar for each of strike, press, slide, glide and lift or loudness. */
export class FingerMeter extends HTMLElement {
  connectedCallback() {
    if (this.note) return;
    this.note = element("b", { class: "finger-note" });
    this.bars = new Map(dimensions.map(({ name }) => [name, element("i")]));
    this.append(this.note, element("div", { class: "finger-bars" },
      ...dimensions.map(({ name, short }) =>
        element("span", { class: "finger-bar", title: name },
          this.bars.get(name), element("small", {}, short)))));
  }

  /** @param {import("./view.js").Voice} voice @param {number} finger counted from 0 */
  show(voice, finger) {
    this.style.setProperty("--hue", hueOf(finger));
    this.classList.toggle("is-tail", !voice.isHeld);
    this.note.textContent = noteName(voice.note + voice.glide);
    for (const { name, share } of dimensions) {
      const [from, to] = share(voice);
      this.bars.get(name).style.setProperty("--from", from);
      this.bars.get(name).style.setProperty("--share", Math.max(0, to - from));
    }
  }
}

customElements.define("emb-level", LevelMeter);
customElements.define("emb-finger", FingerMeter);
