/** Sharing: a tablet joins by a code that is read once, and only while the player wants it. */

import { element } from "./element.js";

const LOOK_EVERY_MS = 2000;
const OWN_NAMES = ["127.0.0.1", "localhost", "[::1]"];

/** Whether this page is shown on the player's own computer, which alone may share. */
export const isOwnComputer = OWN_NAMES.includes(location.hostname);

export class Share {
  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    this.box = element("input", { type: "checkbox", onchange: () => this.#switch(this.box.checked) });
    this.code = element("div", { class: "share-code" });
    this.root = element("section", { class: "card", "aria-label": "A tablet beside you" },
      element("h2", {}, "A tablet beside you"),
      element("p", { class: "quiet" }, "Point its camera at the code: it becomes a second screen or a surface to play on. "
        + "A cable or a quiet network keeps it quick. Set its Auto-Lock to Never."),
      element("label", { class: "switch" }, this.box, "Let tablets on this network join"), this.code);
    this.#look();
    this.beat = setInterval(() => this.box.checked && app.store.isConnected && this.#look(), LOOK_EVERY_MS);
  }

  /** Look no more. */
  close() {
    clearInterval(this.beat);
  }

  /** A code that was used has another after it. */
  #look() {
    this.app.api.get("share").then((share) => this.#show(share)).catch(() => {});
  }

  async #switch(on) {
    const share = await this.app.api.put("share", { on }).catch(() => ({ on: false }));
    this.#show(share);
  }

  /** @param {{on: boolean, address?: string, tablets?: number, qr_svg?: string}} share */
  #show({ on, address, tablets, qr_svg: picture }) {
    this.box.checked = on;
    if (this.shown === address) return;
    this.shown = address;
    if (!on) return this.code.replaceChildren();
    const joined = { 0: "No tablet has joined yet.", 1: "1 tablet has joined." }[tablets] ?? `${tablets} tablets have joined.`;
    this.code.replaceChildren(
      element("img", { src: `data:image/svg+xml,${encodeURIComponent(picture)}`, width: "240", height: "240",
        alt: "The code to be read by a tablet's camera" }),
      element("p", { class: "tag" }, address), element("p", { role: "status" }, joined),
      element("p", { class: "tag" }, "Each code is good once; the next one shows by itself."));
  }
}
