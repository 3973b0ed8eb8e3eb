/** Outcome: what a guide led to, heard before and after, and kept under a name. */

import { element } from "./element.js";
import { curvesOf } from "./hand-curves.js";
import { silently } from "./say.js";

const LABELS = { before: "As it was", after: "As you taught it" };

export class Outcome {
  #shown = null;

  constructor(app) {
    this.app = app;
    this.root = element("div", { class: "outcome column" });
  }

  /** Show what came of a guide; it is drawn anew only when something else came of it. */
  show({ course, about, outcome }) {
    const { heard, kept_as: keptAs, ...rest } = outcome;
    const key = JSON.stringify([course, about, rest]);
    if (key !== this.#shown) this.#draw(course, about, outcome);
    this.#shown = key;
    for (const button of this.root.querySelectorAll("[data-sound]")) {
      button.setAttribute("aria-pressed", String(button.dataset.sound === heard));
    }
    if (keptAs) this.kept?.replaceChildren(`Kept as ${keptAs}, and you are playing it.`);
  }

  #draw(course, about, outcome) {
    const [first, ...others] = outcome.sentences;
    const head = { hand: "Your hand", demonstration: about, refinement: about }[course];
    const title = element("h1", { tabindex: "-1" }, outcome.has_failed ? "It stopped" : head);
    this.root.replaceChildren(...[
      element("div", { class: "lead" }, title, element("p", { class: "outcome-first" }, first)),
      course === "hand" && outcome.figures.hand && curvesOf(outcome.figures.hand),
      others.length > 0 && element("ul", { class: "outcome-facts" }, ...others.map((text) => element("li", {}, text))),
      outcome.sounds.length > 0 && this.#compare(outcome),
      outcome.can_keep && this.#keeping(outcome),
      element("div", { class: "row" }, element("button",
        { type: "button", class: outcome.can_keep ? "" : "is-main", "data-done": true,
          onclick: () => this.app.api.tell("DELETE", "calibration") }, "Done")),
    ].filter(Boolean));
    title.focus();
    silently(first);
  }

  #compare({ sounds, has_phrase: hasPhrase }) {
    const tell = (sound, plays) => this.app.api.tell("POST", "calibration/trial", { sound, plays });
    return element("section", { class: "card", "aria-label": "Compare" },
      element("h2", {}, "Hear both"),
      element("p", { class: "quiet" }, "Choose one and play; your fingers sound by it at once."),
      element("div", { class: "outcome-sounds", role: "group", "aria-label": "Which you play by" },
        ...sounds.map((sound) => element("button",
          { type: "button", "data-sound": sound, "aria-pressed": "false", onclick: () => tell(sound, hasPhrase) },
          LABELS[sound], element("kbd", {}, sound[0].toUpperCase())))),
      hasPhrase && element("p", { class: "tag" }, "Each is also heard by the moves of your last take."));
  }

  #keeping({ suggested }) {
    const name = element("input", { type: "text", value: suggested, maxlength: "40", autocomplete: "off", spellcheck: "false" });
    this.kept = element("p", { class: "outcome-kept", role: "status" });
    return element("form", { class: "card outcome-keep", onsubmit: (event) => this.#keep(event, name.value.trim()) },
      element("label", { class: "field" }, "Keep it as a preset called", name),
      element("button", { class: "is-main" }, "Keep"), this.kept);
  }

  async #keep(event, name) {
    event.preventDefault();
    const kept = await this.app.api.post("calibration/keep", { name }).catch(() => null);
    if (kept) this.app.say(`Kept as ${kept.name}.`);
  }

  /** Change between before and after by B and A; returns whether it did. */
  press(event) {
    if (/^(INPUT|SELECT)$/.test(event.target.tagName)) return false;
    const button = [...this.root.querySelectorAll("[data-sound]")]
      .find(({ dataset }) => dataset.sound[0] === event.key.toLowerCase());
    button?.click();
    return Boolean(button);
  }
}
