/** Fingers: their hues, the names of their notes, and their five dimensions. */

const HUES = [
  "#5cc4ff", "#ffb238", "#3fdd9c", "#ff86c0", "#f4e76a", "#a897ff", "#ff7a55", "#d9e0ea",
];
export const NOTES = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];
const FULL_GLIDE_SEMITONES = 12;
const FLOOR_DB = -60;

/** A finger's hue, told apart by colour-blind eyes too; they repeat after eight. */
export function hueOf(finger) {
  return HUES[finger % HUES.length];
}

/** The name of the nearest key, C4 being number 60. */
export function noteName(note) {
  const key = Math.round(note);
  return `${NOTES[((key % 12) + 12) % 12]}${Math.floor(key / 12) - 1}`;
}

const clip = (ratio) => Math.max(0, Math.min(1, ratio));

/** Each dimension of a voice as a bar: where it begins and ends, 0 to 1. */
export const dimensions = [
  { name: "Strike", short: "strike", share: (voice) => [0, clip(voice.strike)] },
  { name: "Press", short: "press", share: (voice) => [0, clip(voice.press)] },
  { name: "Slide", short: "slide", share: (voice) => [0, clip(voice.slide)] },
  { name: "Glide", short: "glide", share: (voice) => fromMiddle(voice.glide / FULL_GLIDE_SEMITONES) },
  { name: "Loudness", short: "loud", share: (voice) => [0, clip(1 - voice.loudness_db / FLOOR_DB)] },
];

function fromMiddle(bend) {
  const end = clip(0.5 + 0.5 * Math.sign(bend) * Math.sqrt(Math.min(1, Math.abs(bend))));
  return [Math.min(0.5, end), Math.max(0.5, end)];
}

/**
 * Numbers the fingers that sound, each keeping its number to the end of its tail; a number that
 * is free again is given to the next finger, lowest first.
 */
export class Hand {
  #fingers = new Map();

  /** @param {import("./view.js").Voice[]} voices @returns {Map<number, number>} touch to finger */
  number(voices) {
    const sounding = new Set(voices.map(({ touch }) => touch));
    for (const touch of this.#fingers.keys()) if (!sounding.has(touch)) this.#fingers.delete(touch);
    for (const { touch } of voices) {
      if (!this.#fingers.has(touch)) this.#fingers.set(touch, this.#free());
    }
    return this.#fingers;
  }

  #free() {
    const taken = new Set(this.#fingers.values());
    let finger = 0;
    while (taken.has(finger)) finger += 1;
    return finger;
  }
}
