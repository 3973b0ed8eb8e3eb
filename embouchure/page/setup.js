/** Set up: what it sounds through, what it is played on, how quick it is, and who may join. */

import { Breath } from "./breath.js";
import { element } from "./element.js";
import "./fingers.js";
import { OWN_INPUT, calledInput, deviceName } from "./header.js";
import { Latency } from "./latency.js";
import { setContrast, hasContrast } from "./look.js";
import { Share, isOwnComputer } from "./share.js";
import { Wizard } from "./wizard.js";

const TEST_S = 1.2;

export class SetUp {
  static title = "Set up";
  static icon = "M4 7h9m4 0h3M4 17h3m4 0h9M15 4.500v5M9 14.500v5";
  #ends = [];

  connect(root, app) {
    this.app = app;
    this.wizard = new Wizard(app);
    this.fingers = document.createElement("emb-fingers");
    root.append(element("div", { class: "column" },
      element("div", { class: "lead" }, element("h1", {}, "Set up"), this.#banner()),
      element("div", { class: "setup" },
        this.#sound(), this.#look(), this.#controllers(), this.#latency(), isOwnComputer && this.#share())),
    this.wizard.root);
    this.#ends.push(
      app.view.watch((frame) => this.fingers.show(frame)),
      app.store.watch(["device", "phase"], (state) => this.#showDevice(state)),
      app.store.watch(["inputs"], ({ inputs }) => this.#showInputs(inputs ?? [])));
    this.#load();
  }

  disconnect() {
    for (const end of this.#ends) end();
    this.breath?.close();
    this.wizard.root.close();
  }

  #banner() {
    this.banner = element("p", { class: "setup-banner" });
    return this.banner;
  }

  #sound() {
    this.devices = element("div", { class: "setup-choices", role: "group", "aria-label": "Sound devices" });
    return element("section", { class: "card", "aria-label": "Sound" },
      element("h2", {}, "Sound"), this.devices,
      element("div", { class: "row" },
        element("button", { type: "button", class: "is-main", onclick: () => this.#test() }, "Sound a chord"),
        element("button", { type: "button", onclick: () => this.#load() }, "Look again")));
  }

  #controllers() {
    this.inputs = element("ul", { class: "stack" });
    return element("section", { class: "card setup-wide", "aria-label": "Controllers" },
      element("h2", {}, "Controllers"), this.inputs, this.fingers,
      element("p", { class: "tag" }, "Every finger that sounds: pitch across, slide up, press as its size, strike as its edge."));
  }

  #latency() {
    const latency = new Latency(this.app);
    this.#ends.push(() => latency.close());
    return latency.root;
  }

  #share() {
    const share = new Share(this.app);
    this.#ends.push(() => share.close());
    return share.root;
  }

  #look() {
    const box = element("input", { type: "checkbox", checked: hasContrast(), onchange: () => setContrast(box.checked) });
    return element("section", { class: "card", "aria-label": "This screen" },
      element("h2", {}, "This screen"),
      element("label", { class: "switch" }, box, "High contrast"),
      element("p", { class: "tag" }, "Motion is reduced where the system asks for it. Esc twice silences everything, on every screen."));
  }

  async #load() {
    this.list = await this.app.api.get("devices").catch(() => []);
    this.#showDevice(this.app.store.state);
  }

  #showDevice({ device, phase }) {
    const isLost = phase?.name === "no_device" || phase?.name === "starting";
    this.banner.textContent = isLost ? phase.text : device ? `Playing through ${deviceName(device)}.` : "";
    this.banner.classList.toggle("is-bad", phase?.name === "no_device");
    const had = this.devices.contains(document.activeElement);
    this.devices.replaceChildren(...(this.list ?? []).map((one) => this.#choice(one, device)));
    if (!this.list?.length) {
      this.devices.append(element("p", { class: "quiet" }, this.list ? "No sound device was found." : "Looking …"));
    }
    if (had) this.devices.querySelector("[aria-pressed='true']")?.focus();
  }

  #choice(one, device) {
    const [name, hostApi] = [one.name ?? one.device, one.host_api];
    const isChosen = device && deviceName(device) === name && device.host_api === hostApi;
    return element("button", { type: "button", "aria-pressed": String(Boolean(isChosen)),
      onclick: () => this.app.api.tell("PUT", "device", { device: name, host_api: hostApi }) },
    element("span", {}, name), element("small", {}, hostApi));
  }

  #showInputs(inputs) {
    this.inputs.replaceChildren(...inputs.map((input) => element("li", { class: "setup-input" },
      element("span", {}, element("strong", {}, calledInput(input)), " ",
        element("small", { class: "tag" }, [input.name, input.mode].filter(Boolean).join(" · "))),
      element("button", { type: "button", "aria-label": `How is ${input.name} set up?`,
        onclick: () => this.wizard.open(input) }, "How is it set up?"))));
    if (!inputs.some(({ name }) => name !== OWN_INPUT)) {
      this.inputs.append(element("li", { class: "quiet" },
        "No controller yet: plug one in and it is heard at once, or play the ",
        element("a", { href: "#surface" }, "Surface"), "."));
    }
  }

  async #test() {
    const { device, phase } = this.app.store.state;
    if (!device) return this.app.say(phase.text, "error");
    this.breath?.close();
    const breath = new Breath();
    this.breath = breath;
    const refusal = await breath.sound(TEST_S);
    if (refusal) this.app.say(refusal, "error");
    return breath.close();
  }
}
