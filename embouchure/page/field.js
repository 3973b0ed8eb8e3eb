/** The field: every sound of the space as a faint star, and names that light up near a finger. */

const LABEL_REST = 0.4;
const REACH_PIXELS = 120;
const SETTLING = 0.16;
const MIN_LIGHT = 0.08;
const MARGIN_PIXELS = 6;

/**
 * @typedef {Object} Label
 * @property {string} name @property {number} x @property {number} y on the plane, -1 to 1
 * @property {number} width in pixels @property {number} alpha as it is drawn now
 * @property {number} light what fingers shed on it, 0 to 1 @property {string} hue of the nearest
 */

export class Field {
  /** @type {Label[]} */
  labels = [];
  #sounds = [];
  #stars = document.createElement("canvas");

  /**
   * Take the map of a space.
   *
   * @param {{sounds: {place: number[]}[], instruments: Object<string, number[]>}} map
   */
  take(map) {
    this.#sounds = map.sounds.map(({ place }) => place);
    const all = Object.entries(map.instruments).map(([name, [x, y]]) =>
      ({ name: name.replaceAll("-", " "), key: name, x, y, width: 0, alpha: 0, light: 0, hue: "" }));
    this.labels = spreadOut(all);
  }

  /** Draw the stars once for a size; every frame they are one image. */
  prepare(plane) {
    const { width, height, ratio } = plane;
    this.#stars.width = width * ratio;
    this.#stars.height = height * ratio;
    const pen = this.#stars.getContext("2d");
    pen.scale(ratio, ratio);
    pen.fillStyle = "#cfd6e6";
    for (const place of this.#sounds) {
      const [x, y] = plane.point(...place);
      pen.globalAlpha = 0.16 + 0.5 * ((Math.abs(place[0] * 7919 + place[1] * 104729)) % 1) ** 2;
      pen.beginPath();
      pen.arc(x, y, 0.9, 0, 7);
      pen.fill();
    }
    this.size = Math.max(11, Math.min(19, width / 78));
    this.font = `400 ${this.size}px ${getComputedStyle(document.documentElement).fontFamily}`;
    pen.font = this.font;
    for (const label of this.labels) label.width = pen.measureText(label.name).width;
  }

  /**
   * Draw everything as the fingers light it.
   *
   * @param {CanvasRenderingContext2D} pen
   * @param {import("./plane.js").Plane} plane
   * @param {{x: number, y: number, hue: string, level: number}[]} lights in pixels
   * @returns {boolean} whether anything still changes
   */
  draw(pen, plane, lights) {
    pen.drawImage(this.#stars, 0, 0, plane.width, plane.height);
    pen.font = this.font;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const taken = [...plane.covered];
    let changes = false;
    for (const label of this.#brightestFirst(plane, lights)) {
      const isMarked = label.key === plane.marked;
      const target = this.#fits(label, taken) || isMarked ? LABEL_REST + (1 - LABEL_REST) * label.light : 0;
      const wanted = isMarked ? 1 : target;
      label.alpha += (wanted - label.alpha) * SETTLING;
      changes ||= Math.abs(wanted - label.alpha) > 0.02;
      if (label.alpha > 0.02) write(pen, label);
      if (isMarked) ring(pen, label, this.size);
    }
    pen.globalAlpha = 1;
    return changes;
  }

  #brightestFirst(plane, lights) {
    for (const label of this.labels) {
      [label.left, label.top] = plane.point(label.x, label.y);
      shine(label, lights);
    }
    const isLit = (label) => label.light > MIN_LIGHT;
    const lit = this.labels.filter(isLit).sort((one, other) => other.light - one.light);
    return [...lit, ...this.labels.filter((label) => !isLit(label))];
  }

  #fits(label, taken) {
    const half = label.width / 2 + MARGIN_PIXELS;
    const box = [label.left - half, label.left + half, label.top - this.size, label.top + this.size];
    const overlaps = taken.some((other) =>
      box[0] < other[1] && box[1] > other[0] && box[2] < other[3] && box[3] > other[2]);
    if (!overlaps) taken.push(box);
    return !overlaps;
  }
}

function shine(label, lights) {
  label.light = 0;
  for (const { x, y, hue, level } of lights) {
    const distance = Math.hypot(label.left - x, label.top - y) / REACH_PIXELS;
    const light = level * Math.exp(-distance * distance);
    if (light > label.light) [label.light, label.hue] = [light, hue];
  }
}

function write(pen, label) {
  pen.globalAlpha = Math.min(1, label.alpha);
  pen.fillStyle = label.light > MIN_LIGHT ? label.hue : "#e6e4de";
  pen.fillText(label.name, label.left, label.top);
}

function ring(pen, label, size) {
  pen.strokeStyle = "#ffcf8f";
  pen.lineWidth = 2;
  pen.beginPath();
  pen.roundRect(label.left - label.width / 2 - 10, label.top - size, label.width + 20, 2 * size, size);
  pen.stroke();
}

/** Order so that each is as far as can be from those before it: what fits first is spread out. */
function spreadOut(labels) {
  const left = [...labels];
  const ordered = left.splice(0, 1);
  const distance = new Map(left.map((label) => [label, apart(label, ordered[0])]));
  while (left.length) {
    const farthest = left.reduce((best, label) =>
      distance.get(label) > distance.get(best) ? label : best);
    left.splice(left.indexOf(farthest), 1);
    ordered.push(farthest);
    for (const label of left) {
      distance.set(label, Math.min(distance.get(label), apart(label, farthest)));
    }
  }
  return ordered;
}

function apart(one, other) {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
