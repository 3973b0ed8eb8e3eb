/** What the service says of the session, kept up to date over one socket. */

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4000;

/** Where a socket of the service is. */
export function socketAddress(path) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${location.host}/api/v1/${path}`;
}

export class Store {
  /** @type {Object<string, any>} the session as it is now; empty before the first snapshot */
  state = {};
  isConnected = false;
  /** Whether the service has been away for longer than a restart takes. */
  isLost = false;
  #listeners = new Set();
  #pauseMs = FIRST_PAUSE_MS;

  /** Connect, and connect again whenever the socket closes. */
  open() {
    const socket = new WebSocket(socketAddress("state"));
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = () => {
      this.#change(["isConnected"], () => {
        this.isConnected = false;
        this.isLost = this.#pauseMs === LONGEST_PAUSE_MS;
      });
      setTimeout(() => this.open(), this.#pauseMs);
      this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    };
  }

  /**
   * Call back now and whenever one of these keys of the state changes.
   *
   * @param {string[]} keys top-level keys of the state, or "isConnected"
   * @param {(state: Object<string, any>) => void} callback
   * @returns {() => void} ends it
   */
  watch(keys, callback) {
    const listener = { keys, callback };
    this.#listeners.add(listener);
    if (this.state.v) callback(this.state);
    return () => this.#listeners.delete(listener);
  }

  /** Let the page show at once what was just asked for; the service's next word replaces it. */
  expect(patch) {
    this.#change(Object.keys(patch), () => Object.assign(this.state, patch));
  }

  #take(message) {
    this.#pauseMs = FIRST_PAUSE_MS;
    const patch = message.patch ?? message;
    const keys = Object.keys(patch);
    this.#change([...keys, "isConnected"], () => {
      this.isConnected = true;
      this.isLost = false;
      this.state = message.patch ? { ...this.state, ...patch } : patch;
    });
  }

  #change(keys, act) {
    act();
    for (const { keys: wanted, callback } of [...this.#listeners]) {
      if (wanted.some((key) => keys.includes(key))) callback(this.state);
    }
  }
}
