/** Play: the space with every finger in it, and what a player reaches for while playing. */

import { Deck } from "./deck.js";
import { element, icon } from "./element.js";
import { Hand } from "./finger.js";
import { playedName } from "./header.js";
import "./plane.js";
import { PlaneInWords } from "./plane-in-words.js";

const MAX_METERS = 10;
const FADE_PIXELS = 48;                    // at the top of the deck, where nothing stands
const PREVIOUS = "M15 5l-7 7 7 7";
const NEXT = "M9 5l7 7-7 7";

export class Play {
  static title = "Play";
  static icon = "M12 3v11m0 0a3.5 3.5 0 1 1-3.500-3.500M12 3c2 3 6 3 6 7";
  #ends = [];

  connect(root, app) {
    this.app = app;
    this.hand = new Hand();
    this.plane = document.createElement("emb-plane");
    this.meters = element("ol", { class: "play-hand", "aria-label": "Fingers" });
    this.deck = new Deck(app);
    this.words = new PlaneInWords(this.plane);
    this.deck.root.prepend(this.words.root);
    root.append(this.plane, this.#title(), this.meters, this.deck.root, this.deck.between.naming.root);
    this.#load();
    this.#ends.push(
      app.view.watch((frame) => this.#show(frame)),
      app.store.watch(["preset", "setlist", "morph"], (state) => this.#name(state)),
      app.store.watch(["space"], (state) => this.#follow(state)),
      this.deck.watch());
    this.covering = new ResizeObserver(() => this.#clear());
    for (const part of [this.deck.root, this.head, this.meters]) this.covering.observe(part);
  }

  disconnect() {
    for (const end of this.#ends) end();
    this.covering.disconnect();
  }

  #title() {
    this.name = element("h1", { class: "play-name" });
    this.description = element("p", { class: "play-description" });
    this.place = element("p", { class: "play-place" });
    const arrow = (step, path, label) => element("button",
      { class: "is-round", type: "button", "aria-label": label, onclick: () => this.#step(step) },
      icon(path));
    this.head = element("div", { class: "play-title" }, this.name, this.description,
      element("div", { class: "row play-steps" },
        arrow(-1, PREVIOUS, "Previous preset"), arrow(1, NEXT, "Next preset"), this.place));
    return this.head;
  }

  async #load() {
    const { api } = this.app;
    this.presets = await api.get("presets").catch(() => []);
    this.deck.between.presets = this.presets.map(({ name }) => name);
    this.#name(this.app.store.state);
  }

  /** Draw the space that is played, and stay with the last one while none is. */
  #follow({ space }) {
    if (this.space !== undefined && (!space || space === this.space)) return;
    this.space = space;
    this.#chart();
  }

  async #chart() {
    const { space } = this;
    const map = await this.app.api.get("space/map").catch(() => null);
    if (!map || space !== this.space || !this.plane.isConnected) return;
    this.plane.map = map;
    this.words.map = map;
  }

  #name({ preset, setlist, morph }) {
    const name = playedName({ preset, morph });
    this.name.textContent = name;
    const song = setlist?.songs[setlist.place - 1];
    this.description.textContent = song && song.title !== name ? song.title : this.presets?.find((one) => one.name === name)?.description ?? "";
    this.place.textContent = setlist ? placeIn(setlist) : "";
  }

  #step(step) {
    this.app.api.tell("POST", "step", { step });
  }

  #show(frame) {
    this.plane.show(frame);
    this.words.show(frame);
    const fingers = this.hand.number(frame.voices);
    const shown = frame.voices.filter(({ touch }) => fingers.get(touch) < MAX_METERS);
    while (this.meters.children.length < shown.length) {
      this.meters.append(element("li", {}, document.createElement("emb-finger")));
    }
    while (this.meters.children.length > shown.length) this.meters.lastChild.remove();
    shown.sort((one, other) => fingers.get(one.touch) - fingers.get(other.touch));
    shown.forEach((voice, place) =>
      this.meters.children[place].firstChild.show(voice, fingers.get(voice.touch)));
  }

  /** Keep the sounds on the plane clear of the controls. */
  #clear() {
    const isStage = getComputedStyle(this.deck.root).position === "absolute";
    const bottom = isStage ? this.deck.root.offsetHeight - FADE_PIXELS : 8;
    const covers = [...this.head.children, ...this.meters.children];
    this.plane.clear({ top: isStage ? 76 : 8, right: 24, bottom, left: 24 }, isStage ? covers : []);
  }
}

/** Where one is in a setlist, counted from 1, and what comes next. */
function placeIn({ name, place, songs }) {
  const next = songs[place];
  return `${name} ${place} / ${songs.length}${next ? ` · next ${next.title}` : ""}`;
}
