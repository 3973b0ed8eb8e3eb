/** The wizard: three things to play, and then what the controller should be told, in sentences. */

import { element } from "./element.js";
import { calledInput } from "./header.js";

const ASK_EVERY_MS = 250;
const PRESSED = 0.25;
const STEPS = [
  { text: "Press three keys: one softly, one firmly, and lean on the last as hard as you ever would.",
    isDone: ({ n_strikes: n, highest_press: press }) => n >= 3 && press > PRESSED },
  { text: "Hold two keys at once, and move one finger in every direction it can go.",
    isDone: ({ channels, slides, widest_bend: bend }) => channels.length > 1 && slides && bend > 0.001 },
  { text: "Put one finger down and slide it to the same note an octave above. If your keys cannot be slid across, go on.",
    isDone: () => false, octave: true },
];
const SEEN = [["Strike", "hardest_strike"], ["Press", "highest_press"], ["Bend", "widest_bend"]];

export class Wizard {
  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    this.root = element("dialog", { class: "wizard", "aria-labelledby": "wizard-title",
      onclose: () => clearInterval(this.beat) });
  }

  /** Lead through an input. @param {{port: number, name: string, controller: string}} input */
  async open(input) {
    this.input = input;
    this.advice = new Map();
    if (!this.root.open) this.root.showModal();
    clearInterval(this.beat);
    this.beat = setInterval(() => this.#ask(), ASK_EVERY_MS);
    await this.#go(0);
  }

  async #go(step) {
    this.step = step;
    if (step === STEPS.length) return this.#conclude();
    await this.app.api.post(`inputs/${this.input.port}/portrait`).catch(() => this.root.close());
    this.meters = SEEN.map(([name]) => element("meter", { min: "0", max: "1", value: "0", "aria-label": name }));
    this.root.replaceChildren(this.#page(`${step + 1} of ${STEPS.length}`,
      element("p", { class: "wizard-text" }, STEPS[step].text),
      element("div", { class: "wizard-meters" }, ...SEEN.map(([name], place) =>
        element("div", {}, element("span", { class: "tag" }, name), this.meters[place]))),
      element("button", { type: "button", class: "is-main", onclick: () => this.#go(step + 1) },
        step + 1 === STEPS.length ? "Tell me" : "Go on")));
    return null;
  }

  #page(place, ...parts) {
    return element("div", { class: "stack" },
      element("p", { class: "tag" }, `${calledInput(this.input)} · ${place}`),
      element("h2", { id: "wizard-title" }, "How is it set up?"), ...parts,
      element("form", { method: "dialog" }, element("button", { class: "is-bare" }, "Close")));
  }

  async #ask() {
    const step = STEPS[this.step];
    if (!step) return;
    const query = step.octave ? "?octave=true" : "";
    const seen = await this.app.api.get(`inputs/portrait${query}`).catch(() => null);
    if (!seen || STEPS[this.step] !== step) return;
    for (const one of seen.advice) this.advice.set(one.about, one);
    SEEN.forEach(([, field], place) => { this.meters[place].value = seen.traits[field]; });
    if (step.isDone(seen.traits)) this.#go(this.step + 1);
  }

  #conclude() {
    const found = [...this.advice.values()];
    const wrong = found.filter((one) => !one.is_well);
    this.root.replaceChildren(this.#page("done",
      element("p", { class: "wizard-text" }, verdict(found, wrong)),
      element("ul", { class: "wizard-advice" }, ...[...wrong, ...found.filter((one) => one.is_well)].map((one) =>
        element("li", { class: one.is_well ? "is-well" : "is-wrong" },
          element("strong", {}, `${one.is_well ? "✓" : "!"} ${one.about}`), element("span", {}, one.sentence)))),
      element("button", { type: "button", onclick: () => this.open(this.input) }, "Once more")));
    this.app.say(verdict(found, wrong));
  }
}

function verdict(found, wrong) {
  if (!found.length) return "Nothing came from this controller; is it switched on, and is this its port?";
  return wrong.length ? `${wrong.length === 1 ? "One thing" : `${wrong.length} things`} to change.`
    : "All is well: every finger is heard whole.";
}
