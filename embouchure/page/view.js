/** What each finger does to the sound, up to sixty times a second, while anyone looks. */

import { socketAddress } from "./store.js";

export const VERSION = 1;
const HEADER_BYTES = 24;
const VOICE_BYTES = 44;
const HELD = 1;
const IS_PLACED = 2;
const PAUSE_MS = 500;

/**
 * @typedef {Object} Voice
 * @property {number} touch identifies the finger's touch
 * @property {boolean} isHeld false while its tail sounds
 * @property {number} zone
 * @property {number} note @property {number} strike @property {number} press
 * @property {number} slide @property {number} glide in semitones
 * @property {number} loudness_db @property {number} f0_hz
 * @property {number} x @property {number} y where its code lies on the plane, -1 to 1
 *
 * @typedef {Object} Frame
 * @property {boolean} isPlaced whether its voices know where they lie on the plane
 * @property {number} count @property {number} peak @property {number} load
 * @property {number} dropouts @property {number} shed @property {Voice[]} voices
 */

/** Read one frame. @param {ArrayBuffer} buffer @returns {Frame|null} null when not understood */
export function readFrame(buffer) {
  const data = new DataView(buffer);
  if (data.byteLength < HEADER_BYTES || data.getUint8(0) !== VERSION) return null;
  const nVoices = data.getUint8(1);
  if (data.byteLength < HEADER_BYTES + nVoices * VOICE_BYTES) return null;
  return {
    isPlaced: Boolean(data.getUint16(2, true) & IS_PLACED),
    count: data.getUint32(4, true),
    peak: data.getFloat32(8, true),
    load: data.getFloat32(12, true),
    dropouts: data.getUint32(16, true),
    shed: data.getUint32(20, true),
    voices: Array.from({ length: nVoices }, (_, place) =>
      readVoice(data, HEADER_BYTES + place * VOICE_BYTES)),
  };
}

function readVoice(data, start) {
  const real = (place) => data.getFloat32(start + 8 + 4 * place, true);
  return {
    touch: data.getUint32(start, true),
    isHeld: data.getUint8(start + 4) === HELD,
    zone: data.getUint8(start + 5),
    note: real(0), strike: real(1), press: real(2), slide: real(3), glide: real(4),
    loudness_db: real(5), f0_hz: real(6), x: real(7), y: real(8),
  };
}

export class View {
  #callbacks = new Set();
  #socket = null;

  /**
   * Look at every frame until the returned function is called.
   *
   * @param {(frame: Frame) => void} callback
   * @returns {() => void}
   */
  watch(callback) {
    this.#callbacks.add(callback);
    this.#open();
    return () => {
      this.#callbacks.delete(callback);
      if (!this.#callbacks.size) this.#socket?.close();
    };
  }

  #open() {
    if (this.#socket || !this.#callbacks.size) return;
    const socket = new WebSocket(socketAddress("view"));
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => this.#take(socket, event.data);
    socket.onclose = () => {
      this.#socket = null;
      setTimeout(() => this.#open(), PAUSE_MS);
    };
    this.#socket = socket;
  }

  #take(socket, data) {
    const frame = readFrame(data);
    if (frame) for (const callback of this.#callbacks) callback(frame);
    if (socket.readyState === WebSocket.OPEN) socket.send(new Uint8Array([1]));
  }
}
