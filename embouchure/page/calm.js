/** Calm: a stream of values is let through no faster than it can be followed. */

const EVERY_MS = 30;

/**
 * Let a call through at once and then every 30 ms at most, each after the answer to the one
 * before, the newest value always at last.
 *
 * @template T
 * @param {(value: T) => Promise<any>} call
 * @returns {(value: T) => void}
 */
export function calmly(call) {
  let isWaiting = false;
  let next;
  const go = async (value) => {
    isWaiting = true;
    next = undefined;
    const pause = new Promise((done) => { setTimeout(done, EVERY_MS); });
    await Promise.allSettled([call(value), pause]);
    isWaiting = false;
    if (next !== undefined) go(next);
  };
  return (value) => {
    if (isWaiting) next = value;
    else go(value);
  };
}
