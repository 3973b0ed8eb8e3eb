/** The page's frame: which screen is shown, what is said aloud, and Panic by Esc-Esc. */

import { Api } from "./api.js";
import { Calibrate } from "./calibrate.js";
import { Explore } from "./explore.js";
import "./header.js";
import { Play } from "./play.js";
import { Presets } from "./presets.js";
import { say } from "./say.js";
import { SetUp } from "./setup.js";
import { isOwnComputer } from "./share.js";
import { Store } from "./store.js";
import { Surface } from "./surface.js";
import { View } from "./view.js";
import { welcome } from "./welcome.js";

/**
 * A screen: whatever `connect` starts, `disconnect` ends.
 *
 * @typedef {Object} Screen
 * @property {(root: HTMLElement, app: App) => void} connect fills an empty section
 * @property {() => void} disconnect
 *
 * Its class has `static title`, a word for the tab, and `static icon`, a stroke path of 24 by 24.
 *
 * @typedef {Object} App what every screen is given
 * @property {Store} store @property {Api} api @property {View} view
 * @property {(sentence: string, kind?: string) => void} say aloud and on the screen
 * @property {() => void} panic
 */

/** @type {Object<string, {new (): Screen, title: string, icon: string}>} */
const SCREENS = {
  play: Play,
  surface: Surface,
  presets: Presets,
  calibrate: Calibrate,
  explore: Explore,
  setup: SetUp,
};
const FIRST = "play";
const TWICE_MS = 600;

const store = new Store();
const api = new Api(say);
/** A refusal is said by the API itself. */
const panic = () => api.post("panic").then(() => say("Everything is silent."), () => {});
/** @type {App} */
const app = { store, api, view: new View(), say, panic };

const main = document.getElementById("main");
const header = document.querySelector("emb-header");
let shown = null;

function go() {
  const [name] = location.hash.slice(1).split("/");
  const Shown = SCREENS[name] ?? SCREENS[FIRST];
  shown?.disconnect();
  const root = document.createElement("section");
  root.className = `screen screen-${Shown.name.toLowerCase()}`;
  root.setAttribute("aria-label", Shown.title);
  main.replaceChildren(root);
  document.title = `${Shown.title} · Embouchure`;
  document.body.dataset.screen = Shown.name.toLowerCase();
  header.mark(name in SCREENS ? name : FIRST);
  scrollTo(0, 0);
  shown = new Shown();
  shown.connect(root, app);
}

/** Show the screen anew if it asked for something while the service was away. */
function fill() {
  if (!store.isConnected || !api.isUnanswered) return;
  api.isUnanswered = false;
  go();
}

let lastEscape = -Infinity;
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.repeat) return;
  if (event.timeStamp - lastEscape < TWICE_MS) panic();
  lastEscape = event.timeStamp;
});

document.querySelector("[data-skip]").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

let lastRead = null;
/** What follows the notice that was read last is new; all is where that is not there: the service began anew. */
store.watch(["notices"], ({ notices = [] }) => {
  lastRead ??= notices.at(-1) ?? {};
  const at = notices.findIndex(({ id, text }) => id === lastRead.id && text === lastRead.text);
  for (const { text, kind } of notices.slice(at + 1)) say(text, kind);
  lastRead = notices.at(-1) ?? {};
});
store.watch(["isConnected"], () => document.body.classList.toggle("is-lost", !store.isConnected));
store.watch(["isConnected"], fill);

const LOST = isOwnComputer
  ? "The program does not answer; start it again, and this page goes on."
  : "The computer does not answer; it may have ended sharing: scan its code again.";
let wasLost = false;
store.watch(["isConnected"], () => {
  if (store.isLost && !wasLost) say(LOST, "error");
  wasLost = store.isLost;
});

header.open(app, SCREENS);
addEventListener("hashchange", go);
store.open();
go();
welcome(app);
