/** Sharing: a tablet joins by a code that is read once, and only while the player wants it. */

import { element } from "./element.js";

export class Share {
  /** @param {import("./app.js").App} app @param {(() => void)[]} ends what ends with the screen */
  constructor(app, ends) {
    this.app = app;
    this.box = element("input", { type: "checkbox", onchange: () => this.#switch(this.box.checked) });
    this.code = element("div", { class: "share-code" });
    this.root = element("section", { class: "card", "aria-label": "A tablet beside you" },
      element("h2", {}, "A tablet beside you"),
      element("p", { class: "quiet" }, "Point its camera at the code: it becomes a second screen or a surface to play on. "
        + "A cable or a quiet network keeps it quick. Set its Auto-Lock to Never."),
      element("label", { class: "switch" }, this.box, "Let tablets on this network join"), this.code);
    ends.push(app.store.watch(["share", "clients"], ({ share }) => this.#show(share)));
  }

  async #switch(on) {
    const share = await this.app.api.put("share", { on }).catch(() => null);
    this.#show(share);
  }

  async #show(share) {
    const isOn = Boolean(share?.on);
    this.box.checked = isOn;
    if (!isOn) return this.code.replaceChildren();
    const image = element("img", { src: `/api/v1/share/code.svg?${Date.now()}`, alt: "The code to be read by a tablet's camera", width: "240", height: "240" });
    return this.code.replaceChildren(image, element("p", { class: "tag" }, share.address ?? share.url ?? ""));
  }
}
