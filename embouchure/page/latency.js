/** How quick it is: from this page to a voice that sounds, and back to this page. */

import { element } from "./element.js";
import { Touches } from "./touches.js";

const N_NOTES = 20;
const APART_MS = 160;
const PATIENCE_MS = 1000;
const MAX_UNSEEN = 3;
const FIRST_NOTE = 60;
const STRIKE = 0.15;

export class Latency {
  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    this.told = element("p", { class: "quiet" },
      "Twenty soft notes tell how long it takes from this page to a voice and back to this page.");
    this.button = element("button", { type: "button", onclick: () => this.#measure() }, "Measure");
    this.root = element("section", { class: "card", "aria-label": "How quick it is" },
      element("h2", {}, "How quick it is"), this.told, element("div", { class: "row" }, this.button),
      element("p", { class: "tag" },
        "What a microphone would hear comes later by the device's own buffer. The command ",
        element("code", {}, "embouchure feel"), " measures a session from outside, jitter and all."));
  }

  /** Measure no more. */
  close() {
    this.touches?.close();
  }

  async #measure() {
    this.button.disabled = true;
    const touches = new Touches();
    this.touches = touches;
    touches.open();
    const refusal = await touches.opened;
    const times = refusal ? [] : await this.#times(touches);
    const isLeft = touches.isClosed;
    touches.close();
    this.button.disabled = false;
    if (!isLeft) this.#tell(refusal || inWords(times, this.app.store.state.device));
  }

  /** Strike note after note, until it is closed. @returns {Promise<number[]>} milliseconds, sorted */
  async #times(touches) {
    const times = [];
    for (let place = 0; !touches.isClosed && place < N_NOTES && place - times.length < MAX_UNSEEN; place += 1) {
      const found = await this.#strike(touches, FIRST_NOTE + (place % 12));
      if (found !== null) times.push(found);
    }
    return times.sort((one, other) => one - other);
  }

  /** Strike once. @returns {Promise<number|null>} milliseconds until its voice is seen */
  #strike(touches, note) {
    return new Promise((resolve) => {
      const finish = (found) => {
        end();
        clearTimeout(patience);
        touches.end("probe");
        setTimeout(() => resolve(found), APART_MS);
      };
      const sentMs = performance.now();
      const end = this.app.view.watch(({ voices }) => {
        if (voices.some((voice) => voice.isHeld && Math.round(voice.note + voice.glide) === note)) {
          finish(performance.now() - sentMs);
        }
      });
      const patience = setTimeout(() => finish(null), PATIENCE_MS);
      touches.begin("probe", { note, strike: STRIKE, press: STRIKE });
    });
  }

  #tell(sentence) {
    this.told.textContent = sentence;
    this.app.say(sentence);
  }
}

/** @param {number[]} times milliseconds, sorted */
function inWords(times, device) {
  if (!times.length) return "No voice was seen; does the instrument play?";
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(0);
  return `Half of ${times.length} notes were seen sounding within ${at(0.5)} ms, the slowest after `
    + `${at(1)} ms; a picture every 17 ms is part of it.${device?.rate_hz ? ` The device runs at ${device.rate_hz} Hz.` : ""}`;
}
