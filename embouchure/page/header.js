/** The line on every screen: where one is, what sounds through what, how it fares, and Panic. */

import { element, icon } from "./element.js";
import { LevelMeter } from "./meter.js";
import { silently } from "./say.js";

export class Header extends HTMLElement {
  /**
   * @param {import("./app.js").App} app
   * @param {Object<string, {title: string, icon: string}>} screens
   */
  open(app, screens) {
    this.preset = element("strong", { class: "header-preset" }, " ");
    this.device = element("span", { class: "header-device" });
    this.level = new LevelMeter();
    this.load = element("span", { class: "header-load" });
    this.dropouts = element("span", { class: "header-dropouts" });
    this.links = new Map(Object.entries(screens).map(([name, { title, icon: path }]) =>
      [name, element("a", { href: `#${name}` }, icon(path), element("span", {}, title))]));
    this.append(
      element("header", { class: "header" },
        element("a", { class: "header-mark", href: "#play", "aria-label": "Embouchure" },
          element("img", { src: "mark.svg", alt: "", width: "28", height: "28" })),
        element("nav", { class: "header-nav", "aria-label": "Screens" }, ...this.links.values()),
        element("div", { class: "header-session", role: "group", "aria-label": "The session" },
          this.preset, this.device, this.level, this.load, this.dropouts),
        element("button", {
          class: "panic", type: "button", onclick: app.panic,
          title: "Silence everything at once (press Esc twice)",
        }, "Panic")));
    app.store.watch(["preset", "morph", "device", "isConnected"], (state) => this.#name(state, app.store));
    app.store.watch(["status"], ({ status }) => status && this.#show(status));
  }

  /** Mark the link of the screen that is shown. */
  mark(name) {
    for (const [own, link] of this.links) {
      if (own === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  #name(state, { isConnected, isLost }) {
    const { device } = state;
    const name = playedName(state);
    if (name && this.preset.textContent.trim() && name !== this.preset.textContent) silently(`Preset ${name}.`);
    this.preset.textContent = name;
    this.device.textContent = isConnected
      ? device ? deviceName(device) : "No sound device"
      : isLost ? "No answer" : "Connecting …";
    this.device.classList.toggle("is-bad", !isConnected || !device);
  }

  #show({ peak = 0, load = 0, dropouts = 0 }) {
    this.level.show(peak);
    this.load.textContent = `CPU ${Math.round(100 * load)} %`;
    this.load.classList.toggle("is-bad", load > 0.7);
    this.dropouts.textContent = dropouts === 1 ? "1 dropout" : `${dropouts} dropouts`;
    this.dropouts.classList.toggle("is-bad", dropouts > 0);
  }
}

/** A preset's name, whether the state gives the name or more. */
export function nameOf(preset) {
  return typeof preset === "string" ? preset : preset?.name ?? "";
}

/** What is played, by its name, or by both names where it lies between two presets. */
export function playedName({ preset, morph }) {
  return morph ? `${morph.first} · ${morph.second}` : nameOf(preset);
}

/** What the sound goes through, in the words of the system. */
export function deviceName(device) {
  return typeof device === "string" ? device : device?.device ?? "";
}

/** The input of the instrument's own, on which other programs play. */
export const OWN_INPUT = "Embouchure";

/** What an input is called. @param {{name: string, controller: string}} input */
export function calledInput({ name, controller }) {
  if (name === OWN_INPUT) return "Other programs";
  return name.startsWith("Surface ") ? name : controller ?? name;
}

customElements.define("emb-header", Header);
