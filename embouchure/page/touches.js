/** Touches of a surface on their way to the instrument: every frame carries all that live. */

import { socketAddress } from "./store.js";

const VERSION = 1;
const HEADER_BYTES = 8;
const TOUCH_BYTES = 24;
const PHASES = { began: 0, moves: 1, ended: 2 };
const KEEP_ALIVE_MS = 20;
const PAUSE_MS = 500;
const N_ROUND_TRIPS = 100;
const FULL_BYTES = 4096;
const AWAY = "The instrument does not answer; is the program still running?";
export const MAX_TOUCHES = 16;

/**
 * @typedef {Object} Touch
 * @property {number} id @property {number} note where it struck, fractions allowed
 * @property {number} glide semitones from there @property {number} press @property {number} slide
 * @property {number} strike
 */

export class Touches {
  /** @type {Map<any, Touch>} by whatever moves it: a pointer, a key */
  live = new Map();
  #sent = new Map();
  #roundTrips = [];
  #sequence = 0;
  #nextId = 1;
  #isHeard = false;

  /** @param {(isHeard: boolean, reason: string) => void} changed called when it is heard, and when no longer */
  constructor(changed = () => {}) {
    this.changed = changed;
    /** Resolves once it is heard, or to the sentence that says why it is not. @type {Promise<string>} */
    this.opened = new Promise((resolve) => { this.resolve = resolve; });
  }

  /** Begin to be heard. */
  open() {
    this.isClosed = false;
    this.beat = setInterval(() => this.#send(), KEEP_ALIVE_MS);
    this.#connect();
  }

  /** End every touch, and be heard no longer. */
  close() {
    this.endAll();
    this.isClosed = true;
    clearInterval(this.beat);
    this.socket?.close();
  }

  /** Strike. @returns {Touch|null} null when all sixteen are taken */
  begin(mover, touch) {
    this.end(mover);
    if (this.live.size >= MAX_TOUCHES) return null;
    this.#nextId = (this.#nextId % 65535) + 1;
    const begun = { glide: 0, press: 0.5, slide: 0.5, strike: 0.7, ...touch,
      id: this.#nextId, phase: "began" };
    this.live.set(mover, begun);
    this.#send();
    return begun;
  }

  /** Move; sent with the next frame. */
  move(mover, changes) {
    const touch = this.live.get(mover);
    if (touch) Object.assign(touch, changes);
    this.#soon();
  }

  /** Lift. */
  end(mover) {
    const touch = this.live.get(mover);
    if (!touch) return;
    this.live.delete(mover);
    this.#send({ ...touch, phase: "ended" });
  }

  /** Lift everything. */
  endAll() {
    for (const mover of [...this.live.keys()]) this.end(mover);
  }

  /** Half of the frames came back within this, in milliseconds; null before any did. */
  get roundTripMs() {
    const sorted = [...this.#roundTrips].sort((one, other) => one - other);
    return sorted.length ? sorted[sorted.length >> 1] : null;
  }

  #connect() {
    const socket = new WebSocket(socketAddress("touch"));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#send();
    socket.onmessage = (event) => this.#hear(new DataView(event.data));
    socket.onclose = ({ reason }) => {
      this.live.clear();
      this.#sent.clear();
      this.#isHeard = false;
      this.changed(false, reason);
      this.resolve(this.isClosed ? "" : reason || AWAY);
      if (!this.isClosed) setTimeout(() => this.isClosed || this.#connect(), PAUSE_MS);
    };
    this.socket = socket;
  }

  /** Take an echo; a surface that is one too many hears none. */
  #hear(data) {
    if (data.byteLength < 4 || data.getUint8(0) !== VERSION) return;
    if (!this.#isHeard) {
      this.#isHeard = true;
      this.resolve("");
      this.changed(true, "");
    }
    const sentMs = this.#sent.get(data.getUint16(2, true));
    if (sentMs === undefined) return;
    this.#sent.delete(data.getUint16(2, true));
    this.#roundTrips.push(performance.now() - sentMs);
    if (this.#roundTrips.length > N_ROUND_TRIPS) this.#roundTrips.shift();
  }

  #soon() {
    this.asked ||= requestAnimationFrame(() => {
      this.asked = 0;
      this.#send();
    });
  }

  /** Send a frame at once; one without news waits for a network that is behind. */
  #send(...ended) {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    const touches = [...this.live.values(), ...ended];
    const hasNews = touches.some(({ phase }) => phase !== "moves");
    if (!hasNews && this.socket.bufferedAmount > FULL_BYTES) return;
    this.#sequence = (this.#sequence + 1) % 65536;
    this.#sent.set(this.#sequence, performance.now());
    if (this.#sent.size > N_ROUND_TRIPS) this.#sent.delete(this.#sent.keys().next().value);
    this.socket.send(this.#frame(touches));
    for (const touch of this.live.values()) touch.phase = "moves";
  }

  #frame(touches) {
    const data = new DataView(new ArrayBuffer(HEADER_BYTES + touches.length * TOUCH_BYTES));
    data.setUint8(0, VERSION);
    data.setUint8(1, touches.length);
    data.setUint16(2, this.#sequence, true);
    data.setUint32(4, performance.now() >>> 0, true);
    touches.forEach((touch, place) => writeTouch(data, HEADER_BYTES + place * TOUCH_BYTES, touch));
    return data.buffer;
  }
}

function writeTouch(data, start, { id, phase, note, glide, press, slide, strike }) {
  data.setUint16(start, id, true);
  data.setUint8(start + 2, PHASES[phase]);
  [note, glide, press, slide, strike].forEach((value, place) =>
    data.setFloat32(start + 4 + 4 * place, value, true));
}
