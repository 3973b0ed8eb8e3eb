/** A breath: one touch or a chord that swells while it is held, played as a surface would. */

import { Touches } from "./touches.js";

const STEP_MS = 16;
const RISE_PER_STEP = 0.012;
const FIRST_PRESS = 0.2;
const FULL_PRESS = 0.85;
const CHORD = [50, 57, 62, 66];

export class Breath {
  /** @param {(press: number) => void} [swells] told how far it has swollen, 0 to 1 */
  constructor(swells = () => {}) {
    this.swells = swells;
    this.touches = new Touches();
    this.touches.open();
  }

  /** Resolves once it can sound, or to the sentence that says why it cannot. @type {Promise<string>} */
  get opened() { return this.touches.opened; }

  /** Begin to sound. @param {number[]} [notes] */
  begin(notes = CHORD) {
    if (this.beat) return;
    this.press = FIRST_PRESS;
    for (const note of notes) this.touches.begin(note, { note, strike: 0.4, press: this.press, slide: 0.4 });
    this.beat = setInterval(() => this.#swell(), STEP_MS);
  }

  /** Fall silent. */
  end() {
    clearInterval(this.beat);
    this.beat = 0;
    this.touches.endAll();
    this.swells(0);
  }

  /** Sound by itself for a time. @returns {Promise<string>} why it cannot, or nothing */
  async sound(seconds, notes) {
    const refusal = await this.opened;
    if (refusal || this.touches.isClosed) return refusal;
    this.begin(notes);
    await new Promise((done) => { setTimeout(done, 1000 * seconds); });
    this.end();
    return "";
  }

  close() {
    this.end();
    this.touches.close();
  }

  #swell() {
    this.press = Math.min(FULL_PRESS, this.press + RISE_PER_STEP);
    for (const mover of this.touches.live.keys()) this.touches.move(mover, { press: this.press });
    this.swells(this.press);
  }
}
