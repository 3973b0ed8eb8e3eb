/** Calibrate: your hand is measured, a preset taught by showing, or refined by choosing. */

import "./curves.js";
import { element } from "./element.js";
import { OWN_INPUT, nameOf } from "./header.js";
import { Hands } from "./hands.js";
import { Lesson } from "./lesson.js";
import { Outcome } from "./outcome.js";

const USUAL_TAKES = 8;
const TAKES = { 2: "2 takes, to try it", 8: "8 takes, six minutes", 16: "16 takes, a quarter of an hour" };
const ANY_KIND = ["", "whatever teaches most"];

export class Calibrate {
  static title = "Calibrate";
  static icon = "M4 17c3 0 3-10 7-10s4 10 9 10M4 20h16";
  #ending = new AbortController();

  connect(root, app) {
    this.app = app;
    this.root = root;
    this.lesson = new Lesson(app);
    this.outcome = new Outcome(app);
    this.menu = this.#menu();
    const ends = [app.store.watch(["guide"], ({ guide }) => this.#show(guide ?? null)),
      app.store.watch(["preset"], () => this.#offer()),
      app.store.watch(["inputs"], ({ inputs = [] }) => {
        this.lacking.hidden = inputs.some(({ name }) => name !== OWN_INPUT);
      })];
    this.end = () => ends.forEach((end) => end());
    addEventListener("keydown", (event) => this.#press(event), { signal: this.#ending.signal });
  }

  disconnect() {
    this.#ending.abort();
    this.end();
    if (this.guide && this.guide.phase !== "over") {
      this.app.say("The lesson goes on meanwhile; go back to Calibrate to follow it, and Leave ends it there.");
    }
  }

  #show(guide) {
    this.guide = guide;
    const part = !guide ? this.menu : guide.phase === "over" ? this.outcome.root : this.lesson.root;
    if (this.root.firstChild !== part) {
      this.root.replaceChildren(part);
      scrollTo(0, 0);
      if (part === this.menu) this.#load();
    }
    if (guide?.phase === "over") this.outcome.show(guide);
    else if (guide) this.lesson.show(guide);
  }

  #press(event) {
    if (!this.guide || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const part = this.guide.phase === "over" ? this.outcome : this.lesson;
    if (part.press(event)) event.preventDefault();
  }

  #menu() {
    this.hands = new Hands(this.app);
    this.lacking = element("p", { hidden: true }, "No controller is heard yet: plug one in, or play on the ",
      element("a", { href: "#surface" }, "Surface"), " in another window or on a tablet.");
    return element("div", { class: "column" },
      element("div", { class: "lead" }, element("h1", {}, "Calibrate"),
        element("p", {}, "The instrument learns how you play. Once begun, you need no hand for the screen: "
          + "your lowest key or the pedal answers."), this.lacking),
      element("div", { class: "calibrate-ways" }, this.#measuring(), this.#teaching(), this.#refining()),
      this.hands.root);
  }

  #measuring() {
    this.player = element("input", { type: "text", value: "me", maxlength: "40", autocomplete: "off", required: true });
    return this.#way("Your hand",
      "A minute of pressing, sliding and striking while a steady tone sounds; every preset follows you more evenly then.",
      [element("label", { class: "field" }, "Who plays", this.player)],
      [this.#start("Measure my hand", "hand", () => ({ player: this.player.value.trim() })),
        element("button", { type: "button",
          onclick: () => this.#begin("hand", { player: this.player.value.trim(), warm: true }) },
        "Only bring it up to date")]);
  }

  #teaching() {
    this.taught = element("select");
    this.takes = element("select", {}, ...Object.entries(TAKES).map(([count, words]) =>
      element("option", { value: count, selected: Number(count) === USUAL_TAKES }, words)));
    this.kind = element("select");
    fill(this.kind, [ANY_KIND]);
    return this.#way("Teach by showing",
      "Hear a sound, play it as you would, and hear what was understood. At the end you choose blindly: as it was, or as you taught it.",
      [element("label", { class: "field" }, "Preset", this.taught),
        element("label", { class: "field" }, "How long", this.takes),
        element("label", { class: "field" }, "By which sounds", this.kind)],
      [this.#start("Teach", "demonstration", () => ({
        preset: this.taught.value, takes: Number(this.takes.value), targets: [this.kind.value].filter(Boolean) }))]);
  }

  #refining() {
    this.refined = element("select");
    return this.#way("Refine by choosing",
      "Play a few seconds, then say which of two sounds of it you want, until nothing audible is left to gain.",
      [element("label", { class: "field" }, "Preset", this.refined)],
      [this.#start("Refine", "refinement", () => ({ preset: this.refined.value }))]);
  }

  #way(title, text, fields, buttons) {
    return element("section", { class: "card", "aria-label": title },
      element("h2", {}, title), element("p", { class: "quiet" }, text), ...fields,
      element("div", { class: "row" }, ...buttons));
  }

  #start(label, course, body) {
    return element("button", { type: "button", class: "is-main", "data-course": course,
      onclick: () => this.#begin(course, body()) }, label);
  }

  #begin(course, body) {
    if (course === "hand" && !this.player.reportValidity()) return;
    this.app.api.tell("POST", `calibration/${course}`, body);
  }

  /** Load what there is to choose from, which a lesson may have changed. */
  async #load() {
    const { api } = this.app;
    this.hands.load();
    const [presets, targets] = await Promise.all(
      [api.get("presets").catch(() => []), api.get("targets").catch(() => [])]);
    const names = presets.map(({ name }) => [name, name]);
    fill(this.taught, names);
    fill(this.refined, names);
    this.#offer();
    fill(this.kind, [ANY_KIND, ...targets.map(({ name, about }) => [name, `${name}: ${about}`])]);
  }

  /** Offer to teach what is played, where that is a preset; a lesson plays sounds that are none. */
  #offer() {
    const playing = nameOf(this.app.store.state.preset);
    for (const select of [this.taught, this.refined]) {
      if ([...select.options].some(({ value }) => value === playing)) select.value = playing;
    }
  }
}

/** Offer other choices, and keep to the one that was made if it is among them. */
function fill(select, choices) {
  const { value: chosen } = select;
  select.replaceChildren(...choices.map(([value, words]) => element("option", { value, selected: value === chosen }, words)));
}
