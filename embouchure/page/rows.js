/** Rows of notes on a surface: which note lies where. */

/** Steps of each scale from its root, in semitones. */
export const SCALES = {
  "all twelve": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  "major pentatonic": [0, 2, 4, 7, 9],
  "minor pentatonic": [0, 3, 5, 7, 10],
  blues: [0, 3, 5, 6, 7, 10],
  "whole tones": [0, 2, 4, 6, 8, 10],
};
const OCTAVE = 12;
const LOWEST = 0;
const HIGHEST = 127;

/**
 * @typedef {Object} RowsSettings
 * @property {keyof SCALES} scale @property {number} root 0 is C @property {number} octave of the lowest note
 * @property {number} rows how many @property {number} columns notes in a row
 * @property {number} apart semitones from row to row, or 0 for one after the other
 */

export class Rows {
  /** @param {RowsSettings} settings */
  constructor(settings) {
    Object.assign(this, settings);
    const lowest = OCTAVE * (this.octave + 1) + this.root;
    this.ladder = this.#climb();
    this.starts = Array.from({ length: this.rows }, (_, row) => this.#startOf(row, lowest));
  }

  /** Every note of the scale, from the lowest to the highest there is. */
  #climb() {
    const steps = SCALES[this.scale];
    const notes = [];
    for (let base = this.root - OCTAVE; base <= HIGHEST; base += OCTAVE) {
      notes.push(...steps.map((step) => base + step));
    }
    return notes.filter((note) => note >= LOWEST && note <= HIGHEST);
  }

  #startOf(row, lowest) {
    const first = this.#rungOf(lowest);
    return this.apart ? this.#rungOf(lowest + row * this.apart) : first + row * this.columns;
  }

  #rungOf(note) {
    const rung = this.ladder.findIndex((one) => one >= note);
    return rung < 0 ? this.ladder.length - 1 : rung;
  }

  /** The note of a key. @param {number} row from the bottom @param {number} column */
  key(row, column) {
    const rung = this.starts[row] + column;
    return this.ladder[Math.max(0, Math.min(this.ladder.length - 1, rung))];
  }

  /** The note at a place within a row, between two keys too. @param {number} x 0 to 1 */
  noteAt(row, x) {
    const column = x * this.columns - 0.5;
    const below = Math.floor(column);
    const share = column - below;
    return this.key(row, below) * (1 - share) + this.key(row, below + 1) * share;
  }

  /** Where a place of the surface is. @param {number} x 0 to 1 @param {number} y 0 to 1, down */
  place(x, y) {
    const up = (1 - y) * this.rows;
    const row = Math.max(0, Math.min(this.rows - 1, Math.floor(up)));
    return { row, column: Math.max(0, Math.min(this.columns - 1, Math.floor(x * this.columns))),
      height: up - row };
  }
}

/**
 * The pitch of a finger that struck a key in tune and moved on: in tune where it struck, and in
 * tune with the row again one key further.
 */
export function glideOf(rows, { row, x: x0, note }, x) {
  const moved = Math.abs(x - x0) * rows.columns;
  const missed = rows.noteAt(row, x0) - note;
  return rows.noteAt(row, x) - missed * Math.max(0, 1 - moved) - note;
}
