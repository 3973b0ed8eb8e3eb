/** Lesson: one guide at work, in letters for two metres; every answer is a key, a button or a tap. */

import { WORDS } from "./curves.js";
import { element } from "./element.js";
import { silently } from "./say.js";

const KEYS = { next: ["Enter", " ", "ArrowRight"], redo: ["r"], undo: ["u"], back: ["b", "ArrowLeft"], skip: ["s"], leave: ["l"] };
const NAMES = { next: "Enter", redo: "R", undo: "U", back: "B", skip: "S", leave: "L" };
const TITLES = { hand: "Measuring", demonstration: "Teaching", refinement: "Refining" };
const METERS = { press: "Press", slide: "Slide", bend: "Bend" };

export class Lesson {
  #offers = "";
  #spoken = "";
  #heard = 0;

  constructor(app) {
    this.app = app;
    this.about = element("p", { class: "lesson-about" });
    this.title = element("p", { class: "lesson-title" });
    this.text = element("p", { class: "lesson-text" });
    this.bar = element("progress", { class: "lesson-bar", max: "1", "aria-label": "How far this step is" });
    this.lanes = element("div", { class: "lesson-lanes" });
    this.legend = element("p", { class: "lesson-legend", "aria-hidden": "true" });
    this.meters = element("div", { class: "lesson-meters" });
    this.offers = element("div", { class: "lesson-offers", role: "group", "aria-label": "Answers" });
    this.said = element("ul", { class: "lesson-said", "aria-label": "What was said" });
    this.root = element("div", { class: "lesson" },
      element("div", { class: "lesson-words" }, this.about, this.title, this.text, this.bar),
      element("div", { class: "lesson-picture" }, this.lanes, this.legend, this.meters),
      this.offers, this.said);
  }

  /** Show the guide's page. */
  show(guide) {
    this.about.textContent = `${TITLES[guide.course]} ${guide.about}`;
    this.title.textContent = guide.title.replace("LOWEST KEY", "Lowest key");
    this.title.classList.toggle("is-long", guide.title.length > 6);
    this.text.textContent = guide.is_working && !guide.text ? "Learning …" : guide.text;
    this.root.dataset.lanes = guide.lanes.length;
    this.root.dataset.page = guide.title.toLowerCase().replace(/\W+/g, "-");
    this.bar.hidden = guide.progress === null;
    this.bar.value = guide.progress ?? 0;
    this.#draw(guide);
    this.#offer(guide.offers);
    this.#recall(guide.said);
    this.#speak(guide);
  }

  #draw({ lanes, meters, title, progress }) {
    const isPlayed = ["LISTEN", "TARGET", "YOURS"].includes(title);
    while (this.lanes.children.length < lanes.length) this.lanes.append(document.createElement("emb-curves"));
    while (this.lanes.children.length > lanes.length) this.lanes.lastChild.remove();
    lanes.forEach((lane, at) => this.lanes.children[at].show(lane, isPlayed ? progress : null));
    const drawn = Object.keys(WORDS).filter((who) => lanes.some(({ lines }) => lines[who]));
    this.legend.replaceChildren(...drawn.map((who) =>
      element("span", { class: `is-${who}` }, element("i"), WORDS[who])));
    const known = Object.keys(meters).filter((name) => METERS[name]);
    if (this.meters.children.length !== known.length) {
      this.meters.replaceChildren(...known.map((name) => element("div", {}, METERS[name],
        element("i", { role: "meter", "aria-label": METERS[name], "aria-valuemin": "0", "aria-valuemax": "100" }))));
    }
    known.forEach((name, at) => {
      const meter = this.meters.children[at].lastChild;
      meter.style.setProperty("--share", meters[name]);
      meter.setAttribute("aria-valuenow", Math.round(100 * meters[name]));
    });
  }

  #offer(offers) {
    const now = JSON.stringify(offers);
    if (now === this.#offers) return;
    this.#offers = now;
    const hadFocus = this.offers.contains(document.activeElement);
    this.offers.replaceChildren(...offers.map(({ word, label }, at) => element("button",
      { type: "button", "data-word": word, class: word === "leave" ? "is-bare" : at ? "" : "is-main",
        onclick: () => this.#choose(word) },
      label, element("kbd", {}, NAMES[word] ?? word))));
    if (hadFocus) this.offers.firstChild?.focus();
  }

  #recall(said) {
    this.said.replaceChildren(...said.slice(-2).reverse().map(({ text }) => element("li", {}, text)));
    const newest = said.at(-1);
    if (newest && newest.id > this.#heard) silently(newest.text);
    this.#heard = newest?.id ?? 0;
  }

  /** Say a page aloud when its words are new, but neither each beat nor each move. */
  #speak({ title, text }) {
    const words = /^\d$/.test(title) ? title : [title, text].filter(Boolean).join(". ");
    if (words && words !== this.#spoken) silently(words);
    this.#spoken = words;
  }

  /** Answer by a key; returns whether it was an answer. */
  press(event) {
    const isControl = /^(BUTTON|INPUT|SELECT|A)$/.test(event.target.tagName);
    if (isControl && (event.key === "Enter" || event.key === " ")) return false;
    const offer = JSON.parse(this.#offers || "[]")
      .find(({ word }) => (KEYS[word] ?? [word]).includes(event.key.length === 1 ? event.key.toLowerCase() : event.key));
    if (offer) this.#choose(offer.word);
    return Boolean(offer);
  }

  #choose(word) {
    this.app.api.tell("POST", "calibration/choose", { word });
  }
}
