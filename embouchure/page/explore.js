/** Explore: sounds that nobody recorded, heard by a touch, starred, bred, and made presets. */

import "./candidates.js";
import { element } from "./element.js";
import { FoundSound } from "./found-sound.js";
import { Naming } from "./naming.js";

const SIZES = { 60: "sounds in half a minute", 300: "sounds in two minutes", 1500: "sounds in ten minutes" };
const POLL_MS = 1200;
const HALF_A_MINUTE = "It is learned as the factory's presets are, which takes about half a minute.";

export class Explore {
  static title = "Explore";
  static icon = "M12 3v3m0 12v3M3 12h3m12 0h3M12 9.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5M6 6l1.500 1.500M18 18l-1.500-1.500M18 6l-1.500 1.500M6 18l1.500-1.500";
  #ending = new AbortController();
  #start = null;
  #map = null;
  #name = null;
  #timer = 0;
  /** Counts what is looked for: an answer that comes after the next question is not shown. */
  #asked = 0;

  connect(root, app) {
    this.app = app;
    this.root = root;
    this.stars = document.createElement("emb-candidates");
    this.stars.addEventListener("hear", ({ detail }) => this.#hear(detail.number, false));
    this.stars.addEventListener("choose", ({ detail }) => this.#hear(detail.number, true));
    this.stars.addEventListener("join", ({ detail }) => this.#join(detail.start, detail.end));
    this.found = new FoundSound({ star: () => this.#star(), play: () => this.#hear(this.stars.cursor, true),
      breed: () => this.#breed([this.stars.cursor]), axis: () => this.#axis(), preset: () => this.#preset() });
    this.naming = new Naming();
    this.page = element("ol", { class: "explore-page", "aria-label": "Nine of them" });
    this.stops = [this.#stop(), this.#stop()];
    this.whole = this.#whole();
    this.first = this.#first();
    root.append(element("div", { class: "column" }, element("p", { class: "quiet" }, "Looking for what was found …")), this.naming.root);
    addEventListener("keydown", (event) => this.#press(event), { signal: this.#ending.signal });
    addEventListener("pagehide", () => this.#leave(), { signal: this.#ending.signal });
    this.#load();
  }

  disconnect() {
    this.#ending.abort();
    clearTimeout(this.#timer);
    this.naming.root.close();
    this.#leave();
  }

  /** Let the player's own preset sound again, though the window closes meanwhile. */
  #leave() {
    if (this.isPlayed) this.app.api.tell("DELETE", "explorations/playing");
  }

  #whole() {
    this.choice = element("select", { "aria-label": "Exploration", onchange: () => this.#open(this.choice.value) });
    this.progress = element("p", { class: "explore-progress", role: "status" });
    this.works = element("div", { class: "explore-works", role: "status" });
    this.breeds = element("button", { type: "button", onclick: () => this.#breed([]) }, "Breed from stars");
    return element("div", { class: "explore" }, this.stars,
      element("div", { class: "explore-head" },
        element("h1", { class: "unseen" }, "Explore"), this.choice, this.progress, this.works, this.stops[0],
        element("button", { type: "button", class: "is-bare", onclick: () => this.#findOthers() }, "Find others")),
      element("aside", { class: "explore-side" }, this.found.root,
        element("div", { class: "row" },
          element("h3", {}, "Nine of them"),
          element("button", { type: "button", class: "chip", onclick: () => this.#turn() }, "Next nine", element("kbd", {}, "N")),
          this.breeds),
        this.page));
  }

  #first() {
    this.back = element("button", { type: "button", class: "is-bare", onclick: () => this.#load() }, "Back to the map");
    return element("div", { class: "column" },
      element("div", { class: "lead" }, element("h1", {}, "Sounds that nobody recorded"),
        element("p", {}, "Drawn by chance from all that the space can sound, as different from each other as can be. "
          + "Hear them by a touch, star what you like, breed from that, and make any a preset.")),
      element("div", { class: "explore-sizes" }, ...Object.entries(SIZES).map(([count, words], at) => element("button",
        { type: "button", class: at ? "" : "is-main", "data-count": count, onclick: () => this.#begin(Number(count)) },
        element("strong", {}, Number(count).toLocaleString("en")), element("span", {}, words)))),
      element("div", { class: "row" }, this.back, this.stops[1]));
  }

  /** Stop finding sounds; those that were found stay. */
  #stop() {
    return element("button", { type: "button", class: "is-bare", hidden: true, onclick: async () => {
      if (await this.app.api.tell("DELETE", "explorations/rendering")) this.#offerStop(false);
    } }, "Stop finding");
  }

  #offerStop(isRendering) {
    for (const button of this.stops) button.hidden = !isRendering;
  }

  async #load() {
    const asked = ++this.#asked;
    const overview = await this.app.api.get("explorations").catch(() => null);
    if (this.#ending.signal.aborted || asked !== this.#asked || !overview) return;
    for (const trouble of overview.troubles) this.app.say(trouble, "error");
    this.#offerStop(overview.rendering);
    const names = overview.explorations.map(({ name }) => name);
    if (overview.rendering && !names.includes(overview.rendering)) names.unshift(overview.rendering);
    this.choice.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
    const ready = overview.explorations.filter(({ kept }) => kept > 0).map(({ name }) => name);
    const known = [this.#name, overview.rendering].find((name) => ready.includes(name));
    if (known) return this.#open(known);
    if (overview.rendering) return this.#await(`Drawing sounds for ${overview.rendering} …`);
    return ready.length ? this.#open(ready[0]) : this.#findOthers();
  }

  /** Offer to find others, and look no more at what is found meanwhile. */
  #findOthers() {
    this.#asked += 1;
    clearTimeout(this.#timer);
    this.#show(null);
  }

  /** Say what is going on, and look again soon. */
  #await(text) {
    if (!this.whole.isConnected) this.#put(this.whole);
    this.progress.textContent = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), POLL_MS);
  }

  async #begin(count) {
    const begun = await this.app.api.post("explorations", { count }).catch(() => null);
    if (!begun) return;
    this.#name = begun.name;
    this.stars.map = { sounds: [], ends: {}, page: [] };
    this.found.show(null, null);
    this.page.replaceChildren();
    this.#offerStop(true);
    this.#await("Drawing sounds …");
  }

  async #open(name) {
    const asked = ++this.#asked;
    clearTimeout(this.#timer);
    const map = await this.app.api.get(`explorations/${name}`).catch(() => null);
    if (this.#ending.signal.aborted || asked !== this.#asked || !map) return;
    this.#name = this.choice.value = name;
    this.#show(map);
    const found = `${map.kept} of ${map.wanted} found`;
    if (map.is_rendering) this.#await(found);
    else {
      this.progress.textContent = map.kept < map.wanted ? found : `${map.sounds.length} sounds`;
      if (!map.page.length) this.#turn();
    }
  }

  #show(map) {
    this.#map = map ?? this.#map;
    this.#put(map ? this.whole : this.first);
    this.back.hidden = !this.#map && this.stops[0].hidden;
    if (!map) return;
    this.stars.map = map;
    this.breeds.disabled = !map.sounds.some((sound) => sound.is_starred);
    this.found.show(this.#sound(this.stars.cursor), this.#start);
    this.page.replaceChildren(...map.page.map((number, at) => this.#line(this.#sound(number), at)));
  }

  #put(part) {
    if (!part.isConnected) this.root.replaceChildren(part, this.naming.root);
  }

  #sound(number) {
    return this.#map?.sounds.find((sound) => sound.number === number) ?? null;
  }

  #line(sound, at) {
    return sound && element("li", {}, element("button",
      { type: "button", "data-number": sound.number, "aria-pressed": String(sound.number === this.stars.cursor),
        onclick: () => this.#hear(sound.number, true) },
      element("span", { class: "explore-number" }, sound.is_starred ? "★" : String(at + 1)),
      element("span", {}, sound.words || "like most others")));
  }

  #hear(number, plays) {
    if (number === null) return;
    this.isPlayed ||= plays;
    this.stars.goTo(number);
    const sound = this.#sound(number);
    this.found.show(sound, this.#start);
    for (const button of this.page.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.number) === number));
    }
    this.app.api.tell("POST", `explorations/${this.#name}/sounds/${number}/hear`, { plays });
    if (document.activeElement === this.stars) this.stars.setAttribute("aria-description", `${sound.words}; ${sound.recipe}`);
  }

  async #star() {
    const sound = this.#sound(this.stars.cursor);
    if (!sound) return;
    await this.app.api.put(`explorations/${this.#name}/sounds/${sound.number}/star`, { on: !sound.is_starred });
    sound.is_starred = !sound.is_starred;
    this.app.say(sound.is_starred ? `Starred ${sound.number}: ${sound.words}.` : `${sound.number} has no star now.`);
    this.#show(this.#map);
  }

  async #turn() {
    const turned = await this.app.api.post(`explorations/${this.#name}/page`, { turn: true }).catch(() => null);
    if (turned) this.#show({ ...this.#map, page: turned.numbers });
  }

  /** Ask for what takes a while, and show that it is under way for as long as it is. */
  async #work(text, errand, asked) {
    const told = element("p", {}, text);
    this.works.append(told);
    return this.app.api.post(`explorations/${this.#name}/${errand}`, asked).finally(() => told.remove());
  }

  async #breed(parents) {
    const born = await this.#work("Breeding …", "breed", { parents }).catch(() => null);
    if (!born) return;
    this.app.say(`${born.numbers.length} new sounds.`);
    await this.#open(this.#name);
    if (born.numbers.length && !this.#ending.signal.aborted) this.#hear(born.numbers[0], false);
  }

  /** Take the sound as one end of an axis; the second makes it. */
  #axis() {
    const here = this.stars.cursor;
    if (here === null) return;
    if (this.#start !== null && this.#start !== here) return this.#join(this.#start, here);
    this.#start = this.#start === here ? null : here;
    this.found.show(this.#sound(here), this.#start);
    this.app.say(this.#start === null ? "No axis." : `The axis begins at ${here}; go to another sound and press A again.`);
  }

  #join(start, end) {
    this.#start = null;
    this.found.show(this.#sound(end), null);
    this.naming.ask("An axis", `A preset whose slide goes from ${this.#sound(start).words} to ${this.#sound(end).words}. ${HALF_A_MINUTE}`,
      `axis-${start}-${end}`, (name) => this.#make({ number: end, start, name, becomes: "axis" }));
  }

  #preset() {
    const sound = this.#sound(this.stars.cursor);
    if (sound) this.naming.ask("A preset of it", HALF_A_MINUTE, `found-${sound.number}`, (name) => this.#make({ number: sound.number, name, becomes: "preset" }));
  }

  async #make(asked) {
    const made = await this.#work(`Learning ${asked.name} …`, "use", asked);
    if (this.#ending.signal.aborted) return this.app.say(`Made the preset ${made.name}.`);
    const { isPlayed } = this;
    this.isPlayed = false;
    const isChosen = await this.app.api.tell("POST", "select", { preset: made.name });
    if (!isChosen) this.isPlayed = isPlayed;
    this.app.say(isChosen ? `Made the preset ${made.name}; you are playing it.` : `Made the preset ${made.name}.`);
  }

  #press(event) {
    const isTyping = /^(INPUT|SELECT)$/.test(event.target.tagName) || this.naming.root.open;
    if (isTyping || !this.#map || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const isControl = /^(BUTTON|A)$/.test(event.target.tagName);
    const acts = { s: () => this.#star(), b: () => this.#breed([this.stars.cursor].filter(Boolean)), a: () => this.#axis(), p: () => this.#preset(),
      n: () => this.#turn(), Enter: () => this.#hear(this.stars.cursor, true) };
    if (/^[1-9]$/.test(event.key)) return this.page.querySelectorAll("button")[Number(event.key) - 1]?.click();
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || (event.key === "Enter" && isControl)) return;
    event.preventDefault();
    act();
  }
}
