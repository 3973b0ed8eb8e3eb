/** Presets: found, heard, marked, taken in by dropping a file, and put in the order of an evening. */

import { element, icon } from "./element.js";
import { nameOf } from "./header.js";
import { PresetPage } from "./preset-page.js";
import { silently } from "./say.js";
import { Setlists } from "./setlists.js";

const MAX_BYTES = 32 * 1024 * 1024;
const STAR = "M12 3.500l2.600 5.400 5.900.800-4.300 4.100 1.100 5.900-5.300-2.900-5.300 2.900 1.100-5.900L3.500 9.700l5.900-.800z";

export class Presets {
  static title = "Presets";
  static icon = "M5 4h14M5 9h14M5 14h9M5 19h6M18 13v7m0 0a2 2 0 1 1-2-2";
  #tags = new Set();
  #isFavourites = false;
  #ending = new AbortController();

  connect(root, app) {
    this.app = app;
    this.root = root;
    this.list = element("ul", { class: "presets-list", "aria-label": "Presets" });
    this.chips = element("div", { class: "row", role: "group", "aria-label": "Tags" });
    this.search = element("input", { type: "search", placeholder: "Search names, words and tags",
      "aria-label": "Search presets", oninput: () => this.#draw() });
    this.page = new PresetPage(app, () => this.#load());
    this.setlists = new Setlists(app);
    this.trash = element("div", { class: "row" });
    root.append(element("div", { class: "column" },
      this.#head(), this.chips, this.list, this.trash, this.setlists.root), this.page.root);
    this.ends = [app.store.watch(["preset"], () => this.#mark()), this.setlists.watch()];
    this.#accept();
    this.#load();
  }

  disconnect() {
    this.#ending.abort();
    for (const end of this.ends) end();
  }

  #head() {
    const file = element("input", { type: "file", accept: ".preset", class: "unseen", tabindex: "-1",
      "aria-hidden": "true", onchange: () => {
        this.#take([...file.files]);
        file.value = "";
      } });
    return element("div", { class: "presets-head" },
      element("h1", {}, "Presets"),
      this.search,
      element("button", { type: "button", onclick: () => file.click() }, "Import a file"), file);
  }

  /** Take files that are dropped anywhere on the screen. */
  #accept() {
    const { signal } = this.#ending;
    const drop = (isOver) => (event) => {
      event.preventDefault();
      this.root.classList.toggle("is-dropping", isOver);
    };
    addEventListener("dragover", drop(true), { signal });
    addEventListener("dragleave", drop(false), { signal });
    addEventListener("drop", (event) => {
      drop(false)(event);
      this.#take([...event.dataTransfer.files]);
    }, { signal });
  }

  async #take(files) {
    for (const file of files) {
      if (file.size > MAX_BYTES) {
        this.app.say(`${file.name} is larger than a preset can be (32 MB); choose a preset's file.`, "error");
        continue;
      }
      const taken = await this.app.api.post("presets/import", file).catch(() => null);
      if (taken) this.app.say(`${taken.name} is among your presets now.`);
    }
    this.#load();
  }

  async #load() {
    const { api } = this.app;
    [this.all, this.deleted] = await Promise.all([
      api.get("presets").catch(() => []), api.get("trash").catch(() => [])]);
    this.setlists.presets = this.all.map(({ name }) => name);
    this.#drawChips();
    this.#drawTrash();
    this.#draw();
  }

  #drawChips() {
    const tags = [...new Set(this.all.flatMap((one) => one.tags))].sort();
    const chip = (text, isOn, toggle) => element("button",
      { type: "button", class: "chip", "aria-pressed": String(isOn), onclick: toggle }, text);
    this.chips.replaceChildren(
      chip("★ favourites", this.#isFavourites, () => this.#filter(() => {
        this.#isFavourites = !this.#isFavourites;
      })),
      ...tags.map((tag) => chip(tag, this.#tags.has(tag), () => this.#filter(() =>
        this.#tags.delete(tag) || this.#tags.add(tag)))));
  }

  #filter(change) {
    const at = [...this.chips.children].indexOf(document.activeElement);
    change();
    this.#drawChips();
    this.chips.children[at]?.focus();
    this.#draw();
    const n = this.list.querySelectorAll(".preset").length;
    silently(n === 1 ? "1 preset." : `${n} presets.`);
  }

  #draw() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const isWanted = (one) => (!this.#isFavourites || one.is_favourite)
      && [...this.#tags].every((tag) => one.tags.includes(tag))
      && words.every((word) => [one.name, one.description, ...one.tags].join(" ").toLowerCase().includes(word));
    const found = this.all.filter(isWanted);
    this.list.replaceChildren(...found.map((one) => this.#card(one)));
    if (!found.length) {
      this.list.append(element("li", { class: "quiet" }, "No preset is like that; take a word or a tag away."));
    }
    this.#mark();
  }

  #card(one) {
    const star = element("button", { type: "button", class: "is-bare is-round preset-star",
      "aria-label": `${one.name} is a favourite`, "aria-pressed": String(one.is_favourite),
      onclick: () => this.#favour(one, star) }, icon(STAR));
    return element("li", { class: "preset", "data-name": one.name },
      element("button", { type: "button", class: "preset-play", disabled: !one.can_be_opened,
        onclick: () => this.#play(one.name) },
      element("span", { class: "preset-name" }, one.name),
      element("span", { class: "preset-words" }, one.description)),
      element("div", { class: "preset-foot" },
        element("span", { class: "tag" }, one.is_factory ? "factory" : "your own", " · ", one.tags.join(" · ")),
        star,
        element("button", { type: "button", class: "is-bare", "aria-label": `More about ${one.name}`,
          onclick: () => this.page.open(one.name, this.all) }, "More")));
  }

  #play(preset) {
    this.app.api.tell("POST", "select", { preset });
  }

  async #favour(one, star) {
    const on = !one.is_favourite;
    await this.app.api.put(`presets/${one.name}/favourite`, { on });
    one.is_favourite = on;
    star.setAttribute("aria-pressed", String(on));
  }

  #mark() {
    const name = nameOf(this.app.store.state.preset);
    for (const card of this.list.querySelectorAll(".preset")) {
      card.firstChild.setAttribute("aria-current", String(card.dataset.name === name));
    }
  }

  #drawTrash() {
    const restore = async (name) => {
      await this.app.api.post(`trash/${name}/restore`);
      this.app.say(`${name} is back.`);
      this.#load();
    };
    this.trash.replaceChildren(...(this.deleted.length ? [element("span", { class: "quiet" }, "Deleted:")] : []),
      ...this.deleted.map((name) => element("button",
        { type: "button", class: "chip", onclick: () => restore(name) }, `Bring back ${name}`)));
  }
}
