/** A preset's page: what it is, its versions, a copy, a file to give away, and another beside it. */

import { element } from "./element.js";
import { NAME } from "./names.js";

const SHOWN = ["description", "tags", "licence", "macros", "voice", "room", "manner", "morph_share", "metrics"];

export class PresetPage {
  /** @param {import("./app.js").App} app @param {() => void} changed called when presets differ */
  constructor(app, changed) {
    this.app = app;
    this.changed = changed;
    this.root = element("dialog", { "aria-labelledby": "preset-page-name" });
    this.root.addEventListener("click", (event) => event.target === this.root && this.root.close());
  }

  /** Show a preset. @param {string} name @param {{name: string}[]} all what it can be compared with */
  async open(name, all) {
    this.all = all;
    const [card, versions] = await Promise.all([
      this.app.api.get(`presets/${name}`), this.app.api.get(`presets/${name}/history`)]);
    this.card = card;
    this.compared = element("div", { class: "stack" });
    this.root.replaceChildren(element("div", { class: "stack preset-page" },
      element("h2", { id: "preset-page-name" }, name),
      element("p", { class: "quiet" }, card.description),
      this.#axes(card),
      this.#actions(card),
      this.#compare(),
      this.#history(versions),
      element("form", { method: "dialog" }, element("button", {}, "Close"))));
    if (!this.root.open) this.root.showModal();
  }

  #axes({ macros, provenance, licence }) {
    const facts = [
      macros.length && `Its macros are ${macros.join(", ").replaceAll("-", " ")}.`,
      (provenance?.origin ?? "unknown") !== "unknown" && `It is ${provenance.origin}${provenance.hand ? ` by ${provenance.hand}` : ""}.`,
      `Licence: ${licence}.`,
    ];
    return element("p", { class: "tag" }, facts.filter(Boolean).join(" "));
  }

  #actions({ name, is_factory: isFactory }) {
    const copy = element("input", { ...NAME, "aria-label": "Name of the copy", value: `my-${name}`.slice(0, 32) });
    return element("div", { class: "stack" },
      element("div", { class: "row" },
        element("a", { class: "button", href: `/api/v1/presets/${name}/export`, download: `${name}.preset` },
          "Export the file"),
        !isFactory && element("button", { type: "button", class: "is-bad", onclick: () => this.#delete(name) },
          "Delete")),
      element("form", { class: "row preset-copy", onsubmit: (event) => this.#copy(event, name, copy.value) },
        copy, element("button", {}, "Keep a copy")));
  }

  async #copy(event, name, copied) {
    event.preventDefault();
    const made = await this.app.api.post(`presets/${name}/duplicate`, { name: copied }).catch(() => null);
    if (!made) return;
    this.app.say(`${copied} is among your presets now.`);
    this.root.close();
    this.changed();
  }

  async #delete(name) {
    await this.app.api.delete(`presets/${name}`);
    this.app.say(`${name} is in the trash; it can be brought back below the presets.`);
    this.root.close();
    this.changed();
  }

  #history(versions) {
    if (!versions.length) return null;
    const restore = async (number) => {
      await this.app.api.post(`presets/${this.card.name}/restore`, { number });
      this.app.say(`Version ${number} is the newest again.`);
      this.changed();
      this.open(this.card.name, this.all);
    };
    return element("div", { class: "stack" }, element("h3", {}, "Earlier versions"),
      element("ul", { class: "stack" }, ...versions.map(({ number, saved_s: savedS }) =>
        element("li", { class: "row" },
          element("span", {}, `${number}`), element("span", { class: "quiet" }, when(savedS)),
          element("button", { type: "button", class: "chip", "aria-label": `Restore version ${number}`,
            onclick: () => restore(number) }, "Restore")))));
  }

  #compare() {
    const others = this.all.filter(({ name, can_be_opened: can }) => name !== this.card.name && can !== false);
    const select = element("select", { onchange: () => select.value && this.#beside(select.value) },
      element("option", { value: "" }, "choose one"),
      ...others.map(({ name }) => element("option", { value: name }, name)));
    return element("div", { class: "stack" },
      element("label", { class: "field" }, "Compare with", select), this.compared);
  }

  /** Let both play the same performance, equally loud, to be heard in the browser. */
  #both(name) {
    const pair = element("div", { class: "stack preset-pair" });
    const button = element("button", { type: "button", class: "chip", onclick: async () => {
      button.disabled = true;
      this.app.say("Both play the same performance; this takes half a minute.");
      const told = await this.app.api.post("comparisons", { first: this.card.name, second: name }).catch(() => null);
      button.disabled = false;
      if (told) {
        pair.replaceChildren(...[this.card.name, name].map((preset, place) => element("label", { class: "field" }, preset,
          element("audio", { controls: true, src: `/api/v1/comparisons/${"ab"[place]}.wav?${Date.now()}` }))));
      }
    } }, "Both the same, equally loud");
    return [button, pair];
  }

  async #beside(name) {
    const other = await this.app.api.get(`presets/${name}`);
    const hear = (preset) => element("button", { type: "button", class: "chip",
      onclick: () => this.app.api.tell("POST", "select", { preset }) }, `Hear ${preset}`);
    const rows = differences(this.card, other);
    this.compared.replaceChildren(
      element("div", { class: "row" }, hear(this.card.name), hear(name), ...this.#both(name)),
      element("table", {},
        element("thead", {}, element("tr", {}, ...["", this.card.name, name].map((text) =>
          text ? element("th", { scope: "col" }, text) : element("td")))),
        element("tbody", {}, ...rows.map(([what, one, two]) => element("tr", {},
          element("th", { scope: "row" }, what), element("td", {}, one), element("td", {}, two))))));
  }
}

/** What differs between two cards, row by row. @returns {[string, string, string][]} */
export function differences(one, other) {
  const [before, after] = [flat(one), flat(other)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((what) => [what, before.get(what) ?? "—", after.get(what) ?? "—"])
    .filter(([, own, others]) => own !== others);
}

function flat(card) {
  const rows = new Map();
  for (const field of SHOWN) {
    const value = card[field];
    const isGroup = value && typeof value === "object" && !Array.isArray(value);
    const inner = isGroup ? Object.entries(value) : [["", value]];
    for (const [name, one] of inner) rows.set(`${field} ${name}`.trim().replaceAll("_", " "), shown(one));
  }
  return rows;
}

function shown(value) {
  if (value === null || value === undefined) return "—";
  if (Array.isArray(value)) return value.join(", ").replaceAll("-", " ");
  return typeof value === "number" ? `${Math.round(1000 * value) / 1000}` : String(value);
}

function when(savedS) {
  return new Date(1000 * savedS).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}
