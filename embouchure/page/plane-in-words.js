/** The plane in words: for those who listen to the screen or play without looking at it. */

import { element } from "./element.js";
import { Hand, noteName } from "./finger.js";

const EVERY_MS = 500;
const N_NEAR = 2;

export class PlaneInWords {
  #hand = new Hand();
  #lastMs = 0;
  #sounds = [];

  /** @param {import("./plane.js").Plane} plane */
  constructor(plane) {
    this.plane = plane;
    this.fingers = element("ol", { class: "words-fingers" });
    this.sounds = element("ul", {
      class: "words-sounds", role: "listbox", "aria-label": "Named sounds, from left to right",
      onkeydown: (event) => this.#key(event),
      onfocusin: (event) => plane.mark(event.target.dataset.name ?? null),
      onfocusout: () => plane.mark(null),
    });
    this.root = element("details", { class: "words" },
      element("summary", { class: "button" }, "The plane in words"),
      element("div", { class: "words-page" }, this.fingers, this.sounds));
  }

  /** Take the map of the space. */
  set map({ instruments }) {
    this.#sounds = Object.entries(instruments).sort(([, one], [, other]) => one[0] - other[0]);
    this.sounds.replaceChildren(...this.#sounds.map(([name, place], at) => element("li",
      { role: "option", tabindex: at ? "-1" : "0", "data-name": name, "aria-selected": "false" },
      `${name.replaceAll("-", " ")}, ${placeInWords(place)}`)));
  }

  /** @param {import("./view.js").Frame} frame */
  show({ voices }) {
    const nowMs = performance.now();
    if (!this.root.open || nowMs - this.#lastMs < EVERY_MS) return;
    this.#lastMs = nowMs;
    const fingers = this.#hand.number(voices);
    this.fingers.replaceChildren(...voices.map((voice) =>
      element("li", {}, this.#sentence(voice, fingers.get(voice.touch) + 1))));
    if (!voices.length) this.fingers.append(element("li", {}, "No finger sounds."));
  }

  #sentence(voice, finger) {
    const percent = (ratio) => `${Math.round(100 * ratio)} %`;
    return `Finger ${finger}: ${noteName(voice.note + voice.glide)}, press ${percent(voice.press)}, `
      + `slide ${percent(voice.slide)}, near ${this.#near(voice).join(" and ")}`
      + (voice.isHeld ? "." : ", ending.");
  }

  #near({ x, y }) {
    const distance = ([, place]) => Math.hypot(place[0] - x, place[1] - y);
    return [...this.#sounds].sort((one, other) => distance(one) - distance(other))
      .slice(0, N_NEAR).map(([name]) => name.replaceAll("-", " "));
  }

  #key(event) {
    const options = [...this.sounds.children];
    const at = options.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1,
      Home: 0, End: options.length - 1 }[event.key];
    if (to === undefined || !options[to]) return;
    event.preventDefault();
    for (const [place, option] of options.entries()) {
      option.tabIndex = place === to ? 0 : -1;
      option.setAttribute("aria-selected", String(place === to));
    }
    options[to].focus();
  }
}

function placeInWords([x, y]) {
  const across = x < -0.33 ? "left" : x > 0.33 ? "right" : "middle";
  const up = y < -0.33 ? "low" : y > 0.33 ? "high" : "half way up";
  return `${across}, ${up}`;
}
