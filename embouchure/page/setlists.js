/** Setlists: presets in the order of an evening, each under the title of its song. */

import { element, icon } from "./element.js";
import { NAME } from "./names.js";

const UP = "M6 14l6-6 6 6";
const DOWN = "M6 10l6 6 6-6";
const AWAY = "M6 6l12 12M18 6L6 18";

export class Setlists {
  /** What can be added. @type {string[]} */
  #presets = [];
  /** What each setlist holds, as it was last shown. @type {Map<string, object[]>} */
  #entries = new Map();
  /** Whether the setlist written last was kept, once that is known: one is written after the other. */
  #keeping = Promise.resolve(true);

  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    this.lists = element("div", { class: "cards" });
    this.name = element("input", { ...NAME, "aria-label": "Name of a new setlist", placeholder: "friday" });
    this.stop = element("button", { type: "button", onclick: () => this.#stop() }, "Leave the setlist");
    this.root = element("section", { class: "stack", "aria-label": "Setlists" },
      element("h2", {}, "Setlists"),
      element("p", { class: "quiet" },
        "Next and previous on the Play screen, a pedal or a key of the controller go through it while notes are held."),
      element("form", { class: "row setlist-new", onsubmit: (event) => this.#begin(event) },
        this.name, element("button", {}, "Begin a setlist"), this.stop),
      this.lists);
  }

  /** Follow which setlist is played. @returns {() => void} ends it */
  watch() {
    return this.app.store.watch(["setlist"], ({ setlist }) => {
      this.stop.hidden = !setlist;
      for (const card of this.lists.children) {
        card.classList.toggle("is-played", card.dataset.name === setlist?.name);
      }
    });
  }

  set presets(names) {
    this.#presets = names;
    this.#load();
  }

  async #load() {
    const names = await this.app.api.get("setlists").catch(() => []);
    const lists = await Promise.all(names.map((name) => this.app.api.get(`setlists/${name}`).catch(() => null)));
    this.#entries = new Map(lists.filter(Boolean).map(({ name, entries }) => [name, entries]));
    this.#draw();
  }

  /** Draw all anew; the focus goes to what is called so, or stays with what it was on. */
  #draw(focused = this.lists.contains(document.activeElement) && document.activeElement.ariaLabel) {
    this.lists.replaceChildren(...[...this.#entries].map(([name, entries]) => this.#card(name, entries)));
    this.watch()();
    [...this.lists.querySelectorAll("[aria-label]")].find(({ ariaLabel }) => ariaLabel === focused)?.focus();
  }

  async #begin(event) {
    event.preventDefault();
    const made = await this.app.api.post("setlists", { name: this.name.value }).catch(() => null);
    if (!made) return;
    this.name.value = "";
    this.#load();
  }

  #card(name, entries) {
    const add = element("select", { "aria-label": `Add to ${name}`,
      onchange: () => this.#write(name, [...entries, { preset: add.value, title: null }], `${add.value} is added.`) },
    element("option", { value: "" }, "Add a preset …"),
    ...this.#presets.map((preset) => element("option", { value: preset }, preset)));
    return element("article", { class: "card setlist", "data-name": name, "aria-label": `Setlist ${name}` },
      element("div", { class: "row" }, element("h3", { class: "setlist-name" }, name),
        element("button", { type: "button", class: "is-main", disabled: !entries.length,
          "aria-label": `Play ${name}`, onclick: () => this.#play(name) }, "Play it")),
      element("ol", { class: "setlist-songs" },
        ...entries.map((entry, place) => this.#song(name, entries, entry, place))),
      add,
      element("button", { type: "button", class: "is-bare", "aria-label": `Delete ${name}`,
        onclick: () => this.#delete(name) }, "Delete this setlist"));
  }

  #song(name, entries, entry, place) {
    const title = element("input", { type: "text", value: entry.title ?? "", placeholder: "title", maxlength: "200",
      "aria-label": `Title of place ${place + 1} in ${name}`,
      onchange: () => {
        entry.title = title.value || null;
        this.#keep(name, entries, "Kept.");
      } });
    const called = (label, at) => `${label} place ${at + 1} in ${name}`;
    const move = (label, to) => {
      const moved = entries.toSpliced(place, 1).toSpliced(to, 0, entry);
      this.#write(name, moved, `${entry.preset} is number ${to + 1} now.`, called(label, to));
    };
    const button = (label, path, act, disabled = false) => element("button", { type: "button",
      class: "is-bare is-round", "aria-label": called(label, place), "aria-disabled": String(disabled),
      onclick: () => disabled || act(label) }, icon(path));
    return element("li", {},
      element("span", { class: "song-number" }, `${place + 1}`),
      element("span", { class: "song-preset" }, entry.preset), title,
      element("span", { class: "song-moves" },
        button("Move up", UP, (label) => move(label, place - 1), place === 0),
        button("Move down", DOWN, (label) => move(label, place + 1), place === entries.length - 1),
        button("Take away", AWAY, () => this.#write(name, entries.toSpliced(place, 1), "Taken away."))));
  }

  #write(name, entries, said, focused) {
    this.#entries.set(name, entries);
    this.#draw(focused);
    this.#keep(name, entries, said);
  }

  async #keep(name, entries, said) {
    const keeping = this.#keeping.then(() => this.app.api.tell("PUT", `setlists/${name}`, { entries }));
    this.#keeping = keeping;
    if (await keeping) this.app.say(said);
    else if (this.#keeping === keeping) this.#load();
  }

  async #play(name) {
    await this.#keeping;
    await this.app.api.post(`setlists/${name}/play`);
    this.app.say(`Playing ${name} from its first place.`);
  }

  async #stop() {
    await this.app.api.delete("setlist");
    this.app.say("Next and previous go through all presets again.");
  }

  async #delete(name) {
    await this.#keeping;
    await this.app.api.delete(`setlists/${name}`);
    this.app.say(`${name} is deleted; embouchure setlist revert ${name} brings it back.`);
    this.#load();
  }
}
