/** Naming: a dialog that asks what to call something, and says how long making it takes. */

import { element } from "./element.js";
import { NAME } from "./names.js";

export class Naming {
  constructor() {
    this.title = element("h2", { id: "naming-title" });
    this.text = element("p", { class: "quiet" });
    this.name = element("input", NAME);
    this.root = element("dialog", { "aria-labelledby": "naming-title" },
      element("form", { class: "stack", method: "dialog", onsubmit: () => this.#take(this.name.value) },
        this.title, this.text,
        element("label", { class: "field" }, "Its name", this.name),
        element("div", { class: "row" },
          element("button", { class: "is-main" }, "Make it"),
          element("button", { type: "button", onclick: () => this.root.close() }, "Not now"))));
  }

  /**
   * Ask for a name.
   *
   * @param {string} title @param {string} text @param {string} suggested
   * @param {(name: string) => Promise<void>} then where it is refused, it is asked for again
   */
  ask(title, text, suggested, then) {
    this.title.textContent = title;
    this.text.textContent = text;
    this.name.value = suggested;
    this.then = then;
    this.root.showModal();
    this.name.select();
  }

  #take(name) {
    this.then(name).catch(() => this.root.isConnected && !this.root.open && this.root.showModal());
  }
}
