/** Surface: a multitouch controller on this screen, for tablets and for whoever has no other. */

import { element } from "./element.js";
import { NOTES, noteName } from "./finger.js";
import "./pad.js";
import { PRESSES } from "./pad.js";
import { Rows, SCALES } from "./rows.js";
import { Touches } from "./touches.js";
import { Typing } from "./typing.js";

const KEPT_AS = "embouchure.surface";
const FIRST = { scale: "major pentatonic", root: 2, octave: 3, rows: 3, columns: 8, apart: 0, press: "auto" };
const APARTS = { 0: "on and on", 5: "a fourth up", 7: "a fifth up", 12: "an octave up" };
const SHOWN_EVERY_MS = 500;
const HELP = "Keys of a computer play it while it has the focus: four rows of ten keys. The arrows "
  + "up and down press, left and right bend, page up and page down slide.";

export class Surface {
  static title = "Surface";
  static icon = "M4 5h16v14H4zM9.300 5v14M14.700 5v14M4 12h16";
  #ending = new AbortController();

  connect(root, app) {
    this.app = app;
    this.settings = { ...FIRST, ...kept() };
    this.touches = new Touches((isHeard, reason) => this.#socket(isHeard, reason));
    this.pad = document.createElement("emb-pad");
    for (const [name, value] of Object.entries({ tabindex: "0", role: "application",
      "aria-label": "Surface", "aria-describedby": "surface-help" })) {
      this.pad.setAttribute(name, value);
    }
    this.readings = element("p", { class: "surface-readings" });
    root.append(this.#bar(), this.pad, element("p", { id: "surface-help", class: "unseen" }, HELP));
    this.pad.open(this.touches, new Rows(this.settings));
    this.pad.press = this.settings.press;
    this.typing = new Typing(this.pad);
    this.pad.focus({ preventScroll: true });
    this.touches.open();
    this.#nets();
    this.beat = setInterval(() => this.#show(), SHOWN_EVERY_MS);
    this.#show();
  }

  disconnect() {
    this.#ending.abort();
    clearInterval(this.beat);
    this.typing.release();
    this.pad.release();
    this.touches.close();
  }

  /** Whatever takes the page away from the player lifts every finger. */
  #nets() {
    const { signal } = this.#ending;
    const release = () => {
      this.typing.release();
      this.pad.release();
    };
    addEventListener("blur", release, { signal });
    addEventListener("pagehide", () => this.touches.close(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.touches.open(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && release(), { signal });
    addEventListener("resize", release, { signal });
  }

  #socket(isHeard, reason) {
    this.isHeard = isHeard;
    this.reason = reason;
    if (!isHeard) this.pad?.release();
    this.#show();
  }

  #bar() {
    const { settings } = this;
    const numbers = (from, to) => Object.fromEntries(
      Array.from({ length: to - from + 1 }, (_, step) => [from + step, `${from + step}`]));
    const scales = Object.fromEntries(Object.keys(SCALES).map((name) => [name, name]));
    return element("div", { class: "surface-bar" },
      element("h1", { class: "unseen" }, "Surface"),
      this.#choice("Key", "root", Object.fromEntries(NOTES.map((name, key) => [key, name])), settings),
      this.#choice("Scale", "scale", scales, settings),
      this.#choice("Octave", "octave", numbers(0, 7), settings),
      this.#choice("Rows", "rows", numbers(1, 5), settings),
      this.#choice("Keys in a row", "columns", numbers(4, 16), settings),
      this.#choice("Next row", "apart", APARTS, settings),
      this.#choice("Press by", "press", PRESSES, settings),
      this.readings);
  }

  #choice(label, name, choices, settings) {
    const select = element("select", { onchange: () => this.#set(name, select.value) },
      ...Object.entries(choices).map(([value, shown]) => element("option",
        { value, selected: String(settings[name]) === value }, shown)));
    return element("label", { class: "field" }, label, select);
  }

  #set(name, value) {
    const isNumber = typeof FIRST[name] === "number";
    this.settings = { ...this.settings, [name]: isNumber ? Number(value) : value };
    localStorage.setItem(KEPT_AS, JSON.stringify(this.settings));
    this.pad.press = this.settings.press;
    this.pad.lay(new Rows(this.settings));
    this.app.say(`${noteName(this.pad.rows.key(0, 0))} is the lowest note.`);
  }

  #show() {
    const fingers = navigator.maxTouchPoints;
    const roundTrip = this.touches.roundTripMs;
    const parts = [
      fingers > 1 ? `${fingers} fingers at once` : fingers ? "one finger at once"
        : "mouse, or keys from Z, A and Q on; arrows press and bend",
      !this.isHeard ? this.reason || "connecting …"
        : roundTrip === null ? "listening" : `round trip ${roundTrip.toFixed(1)} ms`,
    ];
    this.readings.textContent = parts.join(" · ");
    this.readings.classList.toggle("is-bad", !this.isHeard);
  }
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS)) ?? {};
  } catch {
    return {};
  }
}
