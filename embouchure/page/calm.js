/** Calm: a stream of values is let through no faster than it can be followed. */

const EVERY_MS = 30;

/**
 * Let a call through at once and then every 30 ms at most, the newest value always at last.
 *
 * @template T
 * @param {(value: T) => void} call
 * @returns {(value: T) => void}
 */
export function calmly(call) {
  let isWaiting = false;
  let next;
  const go = (value) => {
    isWaiting = true;
    next = undefined;
    call(value);
    setTimeout(() => {
      isWaiting = false;
      if (next !== undefined) go(next);
    }, EVERY_MS);
  };
  return (value) => {
    if (isWaiting) next = value;
    else go(value);
  };
}
