/** The deck under the plane: four macros, A and B, the take that is recorded, how it fares. */

import { Between } from "./between.js";
import { calmly } from "./calm.js";
import { element } from "./element.js";
import { nameOf } from "./header.js";
import "./knob.js";
import { decibels } from "./meter.js";
import { isName } from "./names.js";

const N_MACROS = 4;
const SILENT_DB = -90;
const READINGS = { level: "Level dB", load: "CPU %", dropouts: "Dropouts", voices: "Voices" };

export class Deck {
  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    this.knobs = Array.from({ length: N_MACROS }, (_, place) => this.#knob(place));
    this.learns = this.knobs.map((_, place) => this.#learn(place));
    this.between = new Between(app);
    this.root = element("div", { class: "deck" },
      element("div", { class: "deck-knobs", role: "group", "aria-label": "Macros" },
        ...this.knobs.map((knob, place) => element("div", {}, knob, this.learns[place]))),
      element("div", { class: "deck-middle" }, this.between.root, this.#take()),
      this.#readings());
  }

  /** Follow the session. @returns {() => void} ends it */
  watch() {
    const { store } = this.app;
    const ends = [
      this.between.watch(),
      store.watch(["macros"], ({ macros = [] }) =>
        macros.forEach((value, place) => { this.knobs[place].value = value; })),
      store.watch(["bindings", "learn"], (state) => this.#bind(state)),
      store.watch(["preset", "morph"], (state) => this.#name(state)),
      store.watch(["recording"], ({ recording }) =>
        this.record.setAttribute("aria-pressed", String(Boolean(recording)))),
      store.watch(["status"], ({ status }) => status && this.#read(status)),
    ];
    return () => ends.forEach((end) => end());
  }

  #knob(place) {
    const knob = document.createElement("emb-knob");
    knob.ariaLabel = `Macro ${place + 1}`;
    const send = calmly((value) => this.app.api.tell("PUT", `macros/${place + 1}`, { value }));
    knob.addEventListener("input", () => send(knob.value));
    return knob;
  }

  /** Bind the controller that is moved next; pressed again it waits no more. */
  #learn(place) {
    const target = `macro-${place + 1}`;
    return element("button", { type: "button", class: "is-bare deck-learn", onclick: () => {
      const isArmed = this.app.store.state.learn === target;
      this.app.api.tell(isArmed ? "DELETE" : "PUT", "learn", isArmed ? undefined : { target });
      if (!isArmed) this.app.say("Move the wheel, pedal or fader that is to turn it.");
    } });
  }

  #bind({ bindings = {}, learn }) {
    this.learns.forEach((button, place) => {
      const target = `macro-${place + 1}`;
      const control = bindings[target] ?? "–";
      button.textContent = learn === target ? "move it …" : `CC ${control}`;
      button.setAttribute("aria-pressed", String(learn === target));
      button.setAttribute("aria-label", `Macro ${place + 1} is turned by CC ${control}; learn another`);
    });
  }

  /** Name the macros after the preset that is played, or after the first of two that are mixed. */
  async #name({ preset, morph }) {
    const named = morph?.first ?? nameOf(preset);
    if (!named || named === this.named) return;
    this.named = named;
    const card = isName(named) ? await this.app.api.find(`presets/${named}`) : null;
    if (named !== this.named) return;
    this.knobs.forEach((knob, place) => { knob.name = card?.macros[place]?.replaceAll("-", " "); });
  }

  #take() {
    this.record = element("button", { type: "button", class: "deck-record", "aria-pressed": "false",
      onclick: () => this.#record() }, "Record");
    this.capture = element("button", { type: "button", class: "is-main", onclick: () => this.#capture() },
      "Capture what I just played");
    return element("div", { class: "row deck-take" }, this.record, this.capture);
  }

  async #record() {
    const on = !this.app.store.state.recording;
    const take = await this.#once(this.record, () => this.app.api.put("recording", { on }));
    if (take !== undefined) this.app.say(on ? "Recording." : take ? keptAs(take) : "Nothing was played.");
  }

  async #capture() {
    const take = await this.#once(this.capture, () => this.app.api.post("capture"));
    if (take) this.app.say(keptAs(take));
  }

  /** Ask, unless an earlier press still waits for its answer; undefined where it is refused. */
  async #once(button, ask) {
    if (button.ariaBusy) return undefined;
    button.ariaBusy = "true";
    const given = await ask().catch(() => undefined);
    button.ariaBusy = null;
    return given;
  }

  #readings() {
    this.readings = Object.fromEntries(Object.keys(READINGS).map((name) => [name, element("dd")]));
    return element("dl", { class: "deck-readings" }, ...Object.entries(READINGS).map(([name, caption]) =>
      element("div", {}, element("dt", {}, caption), this.readings[name])));
  }

  #read({ voices, peak, load, dropouts }) {
    const level = decibels(peak);
    this.readings.level.textContent = level > SILENT_DB ? `${Math.round(level)}`.replace("-", "−") : "−∞";
    this.readings.load.textContent = Math.round(100 * load);
    this.readings.dropouts.textContent = dropouts;
    this.readings.dropouts.classList.toggle("is-bad", dropouts > 0);
    this.readings.voices.textContent = voices;
  }
}

function keptAs({ name }) {
  return `Kept as ${name}.`;
}
