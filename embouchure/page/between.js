/** A and B: two presets, one against the other, and a slider through everything between them. */

import { calmly } from "./calm.js";
import { element } from "./element.js";
import { nameOf } from "./header.js";
import { Naming } from "./naming.js";

const WHOLE = 100;

export class Between {
  #sides = { a: "", b: "" };

  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    this.buttons = { a: this.#button("a"), b: this.#button("b") };
    this.choices = { a: this.#choice("a"), b: this.#choice("b") };
    this.send = calmly((wish) => this.#ask(wish));
    this.slider = element("input", { type: "range", min: "0", max: WHOLE, value: "0",
      "aria-label": "Between A and B", oninput: () => this.#morph(this.slider.value / WHOLE) });
    this.naming = new Naming();
    this.keep = element("button", { type: "button", class: "is-bare between-keep", hidden: true,
      onclick: () => this.#keep() }, "Keep this mixture");
    this.root = element("div", { class: "between", role: "group", "aria-label": "A and B" },
      this.buttons.a, this.choices.a, this.slider, this.choices.b, this.buttons.b, this.keep);
  }

  /** What can be chosen. @param {string[]} names */
  set presets(names) {
    for (const choice of Object.values(this.choices)) {
      choice.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
    }
    this.#show(this.app.store.state);
  }

  /** Follow the session. @returns {() => void} ends it */
  watch() {
    return this.app.store.watch(["ab", "morph", "preset"], (state) => this.#show(state));
  }

  #button(side) {
    return element("button", { type: "button", class: "is-round", "aria-pressed": "false",
      "aria-label": `Play ${side.toUpperCase()}`, onclick: () => this.#play(side) }, side.toUpperCase());
  }

  #choice(side) {
    const choice = element("select", { "aria-label": `Preset ${side.toUpperCase()}`,
      onchange: () => this.#play(side, choice.value) });
    return choice;
  }

  #show({ ab, morph, preset }) {
    const options = [...this.choices.a.options].map(({ value }) => value);
    const isKnown = options.includes(nameOf(preset));
    const a = morph?.first ?? ab?.a ?? (isKnown ? nameOf(preset) : options[0]) ?? "";
    this.#sides = { a, b: morph?.second ?? ab?.b ?? options.find((name) => name !== a) ?? "" };
    for (const [side, choice] of Object.entries(this.choices)) {
      choice.value = this.#sides[side];
      const isPlayed = !morph && ab?.on === side;
      this.buttons[side].setAttribute("aria-pressed", String(isPlayed));
    }
    this.keep.hidden = !morph;
    if (document.activeElement !== this.slider) this.#place({ ab, morph });
  }

  #place({ ab, morph }) {
    this.slider.value = morph ? WHOLE * morph.share : ab?.on === "b" ? WHOLE : 0;
  }

  #play(on, name) {
    if (name) this.#sides = { ...this.#sides, [on]: name };
    this.slider.value = on === "b" ? WHOLE : 0;
    this.send({ path: "ab", body: { ...this.#sides, on } });
  }

  #morph(share) {
    const { a: first, b: second } = this.#sides;
    this.send({ path: "morph", body: { first, second, share } });
  }

  /** Ask for other sides or another share; what is refused is shown as it was. */
  #ask({ path, body }) {
    return this.app.api.post(path, body).catch(() => {
      this.#show(this.app.store.state);
      this.#place(this.app.store.state);
    });
  }

  /** Keep what is played as a preset. */
  #keep() {
    const { first, second, share } = this.app.store.state.morph;
    const text = `${Math.round(WHOLE * (1 - share))} % ${first} and ${Math.round(WHOLE * share)} % ${second}.`;
    this.naming.ask("Keep this mixture", text, `${first}-${second}`.slice(0, 32), async (name) => {
      await this.app.api.post("morph", { first, second, share, name });
      this.app.say(`${name} is among your presets now.`);
    });
  }
}
