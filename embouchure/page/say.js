/** The one place where the page speaks: shown, and read aloud by those who listen to screens. */

import { element } from "./element.js";

const SHOWN_MS = 6000;
const MAX_SHOWN = 3;

/**
 * Say a sentence.
 *
 * @param {string} sentence
 * @param {string} [kind] "error" stays twice as long
 */
export function say(sentence, kind = "notice") {
  const region = document.getElementById("said");
  const isThere = [...region.children].find((child) => child.textContent === sentence);
  isThere?.remove();
  const said = element("p", { class: `said-${kind}` }, sentence);
  region.append(said);
  bring(region);
  while (region.children.length > MAX_SHOWN) region.firstChild.remove();
  setTimeout(() => said.remove(), kind === "error" ? 2 * SHOWN_MS : SHOWN_MS);
}

/** Bring what is said before whatever dialog has opened since. */
function bring(region) {
  if (region.matches(":popover-open")) region.hidePopover();
  region.showPopover();
}

/** Say a sentence aloud that stands on the screen already. @param {string} sentence */
export function silently(sentence) {
  const said = element("p", { class: "unseen" }, sentence);
  document.getElementById("said").append(said);
  setTimeout(() => said.remove(), SHOWN_MS);
}
