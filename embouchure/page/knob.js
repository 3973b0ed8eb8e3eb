/** A knob: one named axis of a preset, turned by dragging, by the wheel or by keys. */

import { drawing, element } from "./element.js";

const RADIUS = 28;
const SWEEP_DEGREES = 270;
const DRAG_PIXELS = 180;
const STEP = 0.01;
const LEAP = 0.1;
const KEYS = {
  ArrowUp: STEP, ArrowRight: STEP, ArrowDown: -STEP, ArrowLeft: -STEP,
  PageUp: LEAP, PageDown: -LEAP, Home: -1, End: 1,
};

export class Knob extends HTMLElement {
  #value = 0;
  #grip = null;

  connectedCallback() {
    if (this.arc) return;
    this.arc = drawing("path", { class: "knob-value" });
    this.number = drawing("text", { class: "knob-number", y: "7" });
    this.caption = element("span", { class: "knob-name" });
    this.append(
      drawing("svg", { viewBox: "-34 -34 68 68", "aria-hidden": "true" },
        drawing("path", { class: "knob-track", d: arc(1) }), this.arc, this.number),
      this.caption);
    this.setAttribute("role", "slider");
    this.setAttribute("tabindex", "0");
    this.setAttribute("aria-valuemin", "0");
    this.setAttribute("aria-valuemax", "100");
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.addEventListener("pointerdown", (event) => this.#grasp(event));
    this.addEventListener("pointermove", (event) => this.#drag(event));
    this.addEventListener("dblclick", () => this.#turn(0));
    for (const end of ["pointerup", "pointercancel"]) {
      this.addEventListener(end, () => { this.#grip = null; });
    }
    this.value = 0;
  }

  /** What the axis does; without a name the preset has no such axis. */
  set name(name) {
    this.caption.textContent = name || "—";
    this.setAttribute("aria-label", name ? `Macro ${name}` : "No macro");
    this.setAttribute("aria-disabled", String(!name));
  }

  get value() { return this.#value; }

  /** Where it stands, 0 to 1; a knob that is being dragged stays under the finger. */
  set value(value) {
    if (!this.#grip) this.#show(value);
  }

  #show(value) {
    this.#value = value;
    const percent = Math.round(100 * value);
    this.arc.setAttribute("d", arc(value));
    this.number.textContent = percent;
    this.setAttribute("aria-valuenow", percent);
    this.setAttribute("aria-valuetext", `${percent} %`);
  }

  #turn(value) {
    if (this.getAttribute("aria-disabled") === "true") return;
    this.#show(Math.max(0, Math.min(1, value)));
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #key(event) {
    if (!(event.key in KEYS) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#turn(this.#value + KEYS[event.key]);
  }

  #wheel(event) {
    event.preventDefault();
    this.#turn(this.#value - Math.sign(event.deltaY) * STEP);
  }

  #grasp(event) {
    this.setPointerCapture(event.pointerId);
    this.#grip = { y: event.clientY, value: this.#value };
  }

  #drag(event) {
    if (this.#grip) this.#turn(this.#grip.value + (this.#grip.y - event.clientY) / DRAG_PIXELS);
  }
}

/** The path of an arc that opens downwards, for a share of its sweep. */
function arc(share) {
  const [from, to] = [0, share].map((at) => (at * SWEEP_DEGREES - 225) * Math.PI / 180);
  const point = (angle) => `${RADIUS * Math.cos(angle)} ${RADIUS * Math.sin(angle)}`;
  const isLarge = share * SWEEP_DEGREES > 180 ? 1 : 0;
  return `M${point(from)} A${RADIUS} ${RADIUS} 0 ${isLarge} 1 ${point(to)}`;
}

customElements.define("emb-knob", Knob);
