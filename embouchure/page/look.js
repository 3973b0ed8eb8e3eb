/** How the page looks to this player: more contrast, if they asked for it. */

const KEPT_AS = "embouchure.contrast";

export function hasContrast() {
  return localStorage.getItem(KEPT_AS) === "more";
}

/** @param {boolean} isMore */
export function setContrast(isMore) {
  localStorage.setItem(KEPT_AS, isMore ? "more" : "usual");
  document.documentElement.dataset.contrast = isMore ? "more" : "usual";
}

setContrast(hasContrast());
