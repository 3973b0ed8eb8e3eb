/** The first visit: three steps that end in sound. */

import { Breath } from "./breath.js";
import { element } from "./element.js";
import { OWN_INPUT, calledInput, deviceName } from "./header.js";
import { silently } from "./say.js";

const KEPT_AS = "embouchure.welcomed";
const HEARD_PEAK = 0.003;
const HOLD = "Press the light and hold it.";
const HOLD_KEYS = [" ", "Enter"];

/** Welcome whoever comes for the first time. @param {import("./app.js").App} app */
export function welcome(app) {
  if (localStorage.getItem(KEPT_AS)) return;
  const page = new Welcome(app);
  document.body.append(page.root);
  page.root.showModal();
}

class Welcome {
  #ends = [];

  constructor(app) {
    this.app = app;
    this.root = element("dialog", { class: "welcome", "aria-labelledby": "welcome-title",
      onclose: () => this.#leave() });
    this.steps = [() => this.#first(), () => this.#second(), () => this.#third()];
    this.#go(0);
  }

  #go(step) {
    for (const end of this.#ends.splice(0)) end();
    const dots = this.steps.map((_, place) => element("i", { class: place === step ? "is-here" : "" }));
    this.root.replaceChildren(
      element("div", { class: "welcome-step" }, ...this.steps[step](),
        element("div", { class: "welcome-dots", role: "img", "aria-label": `Step ${step + 1} of 3` }, ...dots)));
    this.root.querySelector("h2").focus();
  }

  #head(title, text) {
    return [element("h2", { id: "welcome-title", tabindex: "-1" }, title), element("p", {}, text)];
  }

  #onward(step, text) {
    return element("div", { class: "row" },
      element("button", { type: "button", class: "is-main", onclick: () => this.#go(step) }, text),
      element("button", { type: "button", class: "is-bare", onclick: () => this.root.close() }, "Skip"));
  }

  #first() {
    const sentence = element("p", { class: "welcome-found" });
    const onward = this.#onward(1, "Good");
    this.#ends.push(this.app.store.watch(["device", "phase"], ({ device, phase }) => {
      sentence.textContent = device ? `You will hear it through ${deviceName(device)}.`
        : phase?.text ?? "Looking for a sound device …";
      onward.firstChild.textContent = phase?.name === "no_device" ? "Go on without sound" : "Good";
    }));
    return [...this.#head("Sound that follows the hand",
      "Every finger moves through a space of named sounds: how you strike, press, slide, glide and lift decides where."),
    sentence, onward];
  }

  #second() {
    const list = element("ul", { class: "welcome-inputs" });
    this.#ends.push(this.app.store.watch(["inputs"], ({ inputs = [] }) => {
      const controllers = inputs.filter(({ name }) => name !== OWN_INPUT && !name.startsWith("Surface "));
      const found = controllers.map((input) => element("li", {},
        element("strong", {}, calledInput(input)), element("small", {}, input.name)));
      list.replaceChildren(...found,
        element("li", {}, element("strong", {}, "This screen"), element("small", {}, "fingers, a pen, or the keys of a computer")));
    }));
    return [...this.#head("What will you play on?",
      "A controller is heard as soon as it is plugged in. Without one, the Surface is played with fingers or keys."),
    list, this.#onward(2, "I am ready")];
  }

  #third() {
    const told = element("p", { class: "welcome-told", "aria-live": "off" }, HOLD);
    const light = element("button", { type: "button", class: "welcome-light",
      "aria-label": "Hold to sound a chord that swells" });
    const breath = new Breath((press) => light.style.setProperty("--press", press));
    breath.opened.then((refusal) => { told.textContent = refusal || told.textContent; });
    const begin = () => breath.begin();
    const end = () => breath.end();
    light.addEventListener("pointerdown", (event) => {
      light.setPointerCapture(event.pointerId);
      begin();
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) light.addEventListener(name, end);
    light.addEventListener("keydown", (event) => HOLD_KEYS.includes(event.key) && !event.repeat && begin());
    light.addEventListener("keyup", (event) => HOLD_KEYS.includes(event.key) && end());
    this.#ends.push(() => breath.close(), this.#listen(breath, told),
      this.app.store.watch(["device", "phase"], ({ device, phase }) => {
        if (!this.isHeard) told.textContent = device ? HOLD : phase?.text ?? HOLD;
      }));
    const play = element("button", { type: "button", class: "is-main", onclick: () => this.root.close() }, "Go and play");
    const setUp = element("a", { class: "button", href: "#setup", onclick: () => this.root.close() }, "I hear nothing");
    return [...this.#head("Breathe", "The light is one breath of the preset that is chosen."), light, told,
      element("div", { class: "row" }, play, setUp)];
  }

  /** Say so when the instrument sounds. */
  #listen(breath, told) {
    return this.app.store.watch(["status"], ({ status }) => {
      if (!breath.beat || !(status?.peak > HEARD_PEAK) || this.isHeard) return;
      this.isHeard = true;
      told.textContent = "That is you.";
      silently("The instrument sounds.");
    });
  }

  #leave() {
    for (const end of this.#ends.splice(0)) end();
    localStorage.setItem(KEPT_AS, "yes");
    this.root.remove();
  }
}
