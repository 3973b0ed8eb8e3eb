/** A computer's keyboard as a surface: rows of keys are rows of notes, arrows bend and press. */

const ROWS = [
  ["KeyZ", "KeyX", "KeyC", "KeyV", "KeyB", "KeyN", "KeyM", "Comma", "Period", "Slash"],
  ["KeyA", "KeyS", "KeyD", "KeyF", "KeyG", "KeyH", "KeyJ", "KeyK", "KeyL", "Semicolon"],
  ["KeyQ", "KeyW", "KeyE", "KeyR", "KeyT", "KeyY", "KeyU", "KeyI", "KeyO", "KeyP"],
  ["Digit1", "Digit2", "Digit3", "Digit4", "Digit5", "Digit6", "Digit7", "Digit8", "Digit9", "Digit0"],
];
const PLACES = new Map(ROWS.flatMap((codes, row) =>
  codes.map((code, column) => [code, { row, column }])));
const ARROWS = { ArrowUp: ["press", 1], ArrowDown: ["press", -1],
  ArrowRight: ["glide", 1], ArrowLeft: ["glide", -1], PageUp: ["slide", 1], PageDown: ["slide", -1] };
const STEP_MS = 16;
const SPEED = { press: 0.02, slide: 0.02, glide: 0.08 };
const REST = { press: 0.5, slide: 0.5, glide: 0 };
const MAX_GLIDE_SEMITONES = 2;

export class Typing {
  #held = new Set();
  #now = { ...REST };

  /** @param {import("./pad.js").Pad} pad it must have the focus to be played */
  constructor(pad) {
    this.pad = pad;
    pad.addEventListener("keydown", (event) => this.#down(event));
    pad.addEventListener("keyup", (event) => this.#up(event));
    pad.addEventListener("blur", () => this.release());
  }

  /** Lift every key. */
  release() {
    for (const code of this.#held) this.pad.lift(code);
    this.#held.clear();
    clearInterval(this.beat);
    this.beat = 0;
  }

  #down(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const place = PLACES.get(event.code);
    if (!place && !(event.code in ARROWS)) return;
    event.preventDefault();
    if (event.repeat || this.#held.has(event.code)) return;
    this.#held.add(event.code);
    if (place) this.#strike(event.code, place);
    this.beat ||= setInterval(() => this.#step(), STEP_MS);
  }

  #strike(code, { row, column }) {
    const { rows } = this.pad;
    if (row < rows.rows && column < rows.columns) this.pad.strikeKey(code, row, column);
  }

  #up(event) {
    if (!this.#held.delete(event.code)) return;
    this.pad.lift(event.code);
    if (!this.#held.size) this.release();
  }

  /** Press, slide and glide go where the held arrows pull them, and back to rest without. */
  #step() {
    for (const [name, rest] of Object.entries(REST)) {
      const pull = Object.entries(ARROWS).reduce((sum, [code, [pulled, sign]]) =>
        sum + (pulled === name && this.#held.has(code) ? sign : 0), 0);
      const [low, high] = name === "glide" ? [-MAX_GLIDE_SEMITONES, MAX_GLIDE_SEMITONES] : [0, 1];
      const away = this.#now[name] - rest;
      const step = pull ? pull * SPEED[name]
        : -Math.sign(away) * Math.min(Math.abs(away), SPEED[name]);
      this.#now[name] = Math.max(low, Math.min(high, this.#now[name] + step));
    }
    this.pad.moveKeys(this.#now);
  }
}
