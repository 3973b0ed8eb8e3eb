/** A hand's curves: what the controller says, and what it counts as, for each way to move. */

import { drawing, element } from "./element.js";

const SHOWN = { press: "Press", slide: "Slide", strike: "Strike", lift: "Lift" };
const SIZE = 100;

/** Draw a measured hand. @returns {HTMLElement} */
export function curvesOf(hand) {
  return element("div", { class: "hand-curves" }, ...Object.entries(SHOWN)
    .filter(([name]) => hand[name])
    .map(([name, words]) => element("figure", {}, picture(hand[name], words), element("figcaption", {}, words))));
}

function picture({ raw, even }, words) {
  const points = raw.map((said, at) => `${SIZE * said},${SIZE * (1 - even[at])}`);
  const [last] = points.slice(-1);
  const line = raw.length ? [...points, `${SIZE},${last?.split(",")[1]}`] : [`0,${SIZE}`, `${SIZE},0`];
  return drawing("svg", { viewBox: `-4 -4 ${SIZE + 8} ${SIZE + 8}`, role: "img",
    "aria-label": `${words}: what your controller says, across, counts as, up` },
  drawing("path", { class: "hand-even", d: `M0,${SIZE}L${SIZE},0` }),
  drawing("polyline", { class: "hand-line", points: line.join(" ") }));
}
