/** Hands: those that were measured, each with its curves, its earlier measurements and a way back. */

import { element } from "./element.js";
import { curvesOf } from "./hand-curves.js";

export class Hands {
  constructor(app) {
    this.app = app;
    this.list = element("ul", { class: "stack" });
    this.root = element("section", { class: "hands", "aria-label": "Measured hands" },
      element("h2", {}, "Measured hands"), this.list);
  }

  async load() {
    const found = await this.app.api.get("hands").catch(() => []);
    this.list.replaceChildren(...found.map((one) => this.#card(one)));
    if (!found.length) this.list.append(element("li", { class: "quiet" }, "No hand was measured yet."));
  }

  #card({ name, player, controller, measured }) {
    const more = element("div", { class: "stack" });
    return element("li", { class: "hand" }, element("details", {
      ontoggle: (event) => event.target.open && !more.children.length && this.#open(name, more) },
    element("summary", {}, element("strong", {}, player), " on ", controller,
      element("small", { class: "tag" }, ` · ${dayOf(measured)}`)), more));
  }

  async #open(name, more) {
    const { api } = this.app;
    const [shown, history] = await Promise.all([api.get(`hands/${name}`), api.get(`hands/${name}/history`)]);
    const older = history.slice(0, -1).reverse();
    more.replaceChildren(
      curvesOf(shown.hand),
      element("ul", { class: "outcome-facts" }, ...shown.sentences.map((text) => element("li", {}, text))),
      element("div", { class: "row" },
        element("button", { type: "button", onclick: () => this.#play(name) }, "Play with it"),
        element("button", { type: "button", onclick: () => this.#play(null) }, "Play without"),
        ...older.map(({ number, measured }) => element("button",
          { type: "button", onclick: () => this.#restore(name, number) }, `Back to ${dayOf(measured)}`)),
        element("button", { type: "button", class: "is-bad", onclick: () => this.#remove(name) }, "Remove")));
  }

  async #play(name) {
    if (!await this.app.api.tell("PUT", "hand", { name })) return;
    this.app.say(name ? `New notes are evened by the hand ${name}.` : "New notes are as the controller says.");
  }

  async #restore(name, number) {
    const card = await this.app.api.post(`hands/${name}/restore`, { number });
    this.app.say(`${name} is as it was measured ${dayOf(card.measured)}.`);
    this.load();
  }

  async #remove(name) {
    await this.app.api.delete(`hands/${name}`);
    this.app.say(`${name} was removed; embouchure hands restore brings it back.`);
    this.load();
  }
}

function dayOf(measured) {
  const when = new Date(measured);
  return Number.isNaN(when.getTime()) ? measured
    : when.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
