/** A finger as light: a head that glows with its loudness, and the path it took. */

const KEPT_MS = 3200;
const MIN_STEP_PIXELS = 1.5;
const N_SHADES = 12;
const RING_MS = 700;
const FLOOR_DB = -48;
const SPRITE_PIXELS = 256;
const sprites = new Map();

export class Trail {
  #points = [];
  level = 0;

  /** @param {string} hue @param {number} bornMs @param {number} strike */
  constructor(hue, bornMs, strike) {
    Object.assign(this, { hue, bornMs, strike });
  }

  /**
   * Go on to where the finger's sound is now.
   *
   * @param {{x: number, y: number, press: number, level_db: number, isHeld: boolean}} now in pixels
   */
  move({ x, y, press, loudness_db, isHeld, caption }, nowMs) {
    const loud = Math.max(0, Math.min(1, 1 - loudness_db / FLOOR_DB));
    this.level += (loud - this.level) * 0.35;
    Object.assign(this, { x, y, press, isHeld, caption });
    const last = this.#points.at(-1);
    if (!last || Math.hypot(x - last.x, y - last.y) > MIN_STEP_PIXELS) {
      this.#points.push({ x, y, width: 1.5 + 7 * this.level, ms: nowMs });
    }
  }

  /** The finger has ended, tail and all. */
  end() {
    this.level = 0;
    this.isEnded = true;
  }

  /** Forget what is too old. @returns {boolean} whether anything is left to be drawn */
  age(nowMs) {
    while (this.#points.length && nowMs - this.#points[0].ms > KEPT_MS) this.#points.shift();
    return !this.isEnded || this.#points.length > 1;
  }

  /** @param {CanvasRenderingContext2D} pen @param {boolean} isStill draws no ring at the strike */
  draw(pen, nowMs, isStill) {
    pen.strokeStyle = this.hue;
    pen.lineCap = "butt";
    pen.lineJoin = "round";
    this.#path(pen, nowMs, 7, 0.035);
    this.#path(pen, nowMs, 3.2, 0.08);
    this.#path(pen, nowMs, 1, 0.85);
    if (this.isEnded) return;
    this.#head(pen);
    if (!isStill) this.#ring(pen, nowMs);
  }

  #path(pen, nowMs, broad, alpha) {
    const points = this.#points;
    const shadeOf = (point) => Math.floor(N_SHADES * (1 - (nowMs - point.ms) / KEPT_MS));
    let start = 0;
    while (start < points.length - 1) {
      const shade = shadeOf(points[start]);
      pen.beginPath();
      pen.moveTo(points[start].x, points[start].y);
      let place = start + 1;
      for (; place < points.length; place += 1) {
        pen.lineTo(points[place].x, points[place].y);
        if (shadeOf(points[place]) !== shade) break;
      }
      pen.globalAlpha = alpha * ((shade + 1) / N_SHADES) ** 2;
      pen.lineWidth = broad * points[start].width * (0.3 + 0.7 * shade / N_SHADES);
      pen.stroke();
      start = place;
    }
  }

  #head(pen) {
    const glow = 26 + 120 * this.level;
    pen.globalAlpha = this.isHeld ? 0.9 : 0.4;
    pen.drawImage(sprite(this.hue), this.x - glow, this.y - glow, 2 * glow, 2 * glow);
    pen.globalAlpha = this.isHeld ? 1 : 0.5;
    pen.fillStyle = "#fff";
    pen.beginPath();
    pen.arc(this.x, this.y, 3.5 + 5 * this.press, 0, 7);
    pen.fill();
  }

  #ring(pen, nowMs) {
    const age = (nowMs - this.bornMs) / RING_MS;
    if (age > 1) return;
    pen.globalAlpha = (0.25 + 0.75 * this.strike) * (1 - age) ** 2;
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.arc(this.x, this.y, 10 + 90 * Math.sqrt(age), 0, 7);
    pen.stroke();
  }
}

/** A soft light of one hue, drawn once. */
function sprite(hue) {
  if (!sprites.has(hue)) {
    const made = document.createElement("canvas");
    made.width = made.height = SPRITE_PIXELS;
    const pen = made.getContext("2d");
    const middle = SPRITE_PIXELS / 2;
    const light = pen.createRadialGradient(middle, middle, 0, middle, middle, middle);
    for (const [at, alpha] of [[0, "d0"], [0.08, "80"], [0.25, "30"], [0.55, "0d"], [1, "00"]]) {
      light.addColorStop(at, hue + alpha);
    }
    pen.fillStyle = light;
    pen.fillRect(0, 0, SPRITE_PIXELS, SPRITE_PIXELS);
    sprites.set(hue, made);
  }
  return sprites.get(hue);
}
