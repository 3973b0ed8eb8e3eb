/** The deck under the plane: four macros, A and B with what lies between, the take, how it fares. */

import { element } from "./element.js";
import { nameOf } from "./header.js";
import "./knob.js";
import { decibels } from "./meter.js";

const N_MACROS = 4;
const SENDING_MS = 30;

export class Deck {
  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    this.knobs = Array.from({ length: N_MACROS }, (_, place) => this.#knob(place));
    this.root = element("div", { class: "deck" },
      element("div", { class: "deck-knobs", role: "group", "aria-label": "Macros" }, ...this.knobs),
      this.#capture(),
      this.#readings());
  }

  /** Follow the session. @returns {() => void} ends it */
  watch() {
    const ends = [
      this.app.store.watch(["macros"], ({ macros = [] }) => macros.forEach((value, place) => {
        if (this.knobs[place]) this.knobs[place].value = value?.value ?? value;
      })),
      this.app.store.watch(["preset"], ({ preset }) => this.#name(nameOf(preset))),
      this.app.store.watch(["status"], ({ status }) => status && this.#read(status)),
    ];
    return () => ends.forEach((end) => end());
  }

  #knob(place) {
    const knob = document.createElement("emb-knob");
    const send = calmly((value) => this.app.api.tell("PUT", `macros/${place + 1}`, { value }));
    knob.addEventListener("input", () => send(knob.value));
    return knob;
  }

  async #name(preset) {
    if (!preset || preset === this.preset) return;
    this.preset = preset;
    const found = await this.app.api.get(`presets/${encodeURIComponent(preset)}`).catch(() => null);
    const names = found?.macros ?? found?.card?.macros ?? [];
    if (preset === this.preset) {
      this.knobs.forEach((knob, place) => { knob.name = names[place]?.replaceAll("-", " ") ?? ""; });
    }
  }

  #capture() {
    return element("div", { class: "deck-take" },
      element("button", { type: "button", class: "is-main", onclick: () => this.#keep() },
        "Capture what I just played"));
  }

  async #keep() {
    const take = await this.app.api.post("capture").catch(() => null);
    if (take) this.app.say(`Kept as ${take.name ?? take.path ?? "a take"}.`);
  }

  #readings() {
    const reading = (caption) => {
      const value = element("dd");
      return [value, element("div", {}, element("dt", {}, caption), value)];
    };
    const rows = { level: reading("Level dB"), load: reading("CPU %"), dropouts: reading("Dropouts"),
      voices: reading("Voices") };
    this.readings = Object.fromEntries(Object.entries(rows).map(([name, [value]]) => [name, value]));
    return element("dl", { class: "deck-readings" }, ...Object.values(rows).map(([, row]) => row));
  }

  #read({ voices, peak, load, dropouts }) {
    const level = decibels(peak);
    this.readings.level.textContent = level > -90 ? `${Math.round(level)}`.replace("-", "−") : "−∞";
    this.readings.load.textContent = Math.round(100 * load);
    this.readings.dropouts.textContent = dropouts;
    this.readings.dropouts.classList.toggle("is-bad", dropouts > 0);
    this.readings.voices.textContent = voices;
  }
}

/** Let a call through at once and then at most every 30 ms, always with the newest value at last. */
export function calmly(call) {
  let waiting = false;
  let next;
  const go = (value) => {
    waiting = true;
    next = undefined;
    call(value);
    setTimeout(() => {
      waiting = false;
      if (next !== undefined) go(next);
    }, SENDING_MS);
  };
  return (value) => {
    if (waiting) next = value;
    else go(value);
  };
}
