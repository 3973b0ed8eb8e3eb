/** A found sound: what it is like, what it is made of, and what can be made of it. */

import { element } from "./element.js";

export class FoundSound {
  /** @param {Object<string, () => void>} acts by `star`, `play`, `breed`, `axis` and `preset` */
  constructor(acts) {
    this.words = element("h2", { class: "found-words" });
    this.recipe = element("p", { class: "quiet" });
    const button = (act, label, key, main) => element("button",
      { type: "button", "data-act": act, class: main ? "is-main" : "", onclick: () => acts[act]() },
      element("span", {}, label), element("kbd", {}, key));
    this.star = button("star", "Star", "S");
    this.axis = button("axis", "Axis from here", "A");
    this.buttons = element("div", { class: "found-acts" },
      this.star, button("play", "Play it", "Enter"), button("breed", "Breed", "B"), this.axis,
      button("preset", "Make a preset", "P", true));
    this.root = element("section", { class: "found", "aria-label": "This sound" }, this.words, this.recipe, this.buttons);
    this.show(null, null);
  }

  /** Show a sound of the map, or none; `start` is where an axis begins, if one is being made. */
  show(sound, start) {
    this.words.textContent = sound ? sound.words || "like most others" : "Touch a light";
    this.recipe.textContent = sound ? `${sound.number}: ${sound.recipe}`
      : "Each is a sound that nobody recorded. Those that sound alike lie near each other.";
    this.buttons.hidden = !sound;
    if (!sound) return;
    this.star.setAttribute("aria-pressed", String(sound.is_starred));
    const isOther = start !== null && start !== sound.number;
    this.axis.firstChild.textContent = isOther ? `Axis from ${start} to here` : start === null ? "Axis from here" : "Now another";
    this.axis.setAttribute("aria-pressed", String(start !== null && !isOther));
  }
}
