/** How the surface looks: keys as lines of light, and the light of each finger. */

import { noteName } from "./finger.js";

const LIGHT_PIXELS = 150;

/** Draw one key's line and name, as bright as the fingers near it make it. */
export function drawKey(pen, { x, top, down }, { note, isRoot, font }, lights) {
  const nearest = lights.reduce((best, light) => {
    const distance = Math.hypot(x - light.x, (top + down / 2 - light.y) / 1.6) / LIGHT_PIXELS;
    const shine = (0.5 + light.press) * Math.exp(-distance * distance);
    return shine > best.shine ? { shine, hue: light.hue } : best;
  }, { shine: 0, hue: "" });
  const isLit = nearest.shine > 0.1;
  pen.fillStyle = isLit ? nearest.hue : isRoot ? "#ffcf8f" : "#cfd6e6";
  pen.globalAlpha = Math.min(1, (isRoot ? 0.42 : 0.16) + nearest.shine);
  pen.beginPath();
  pen.roundRect(x - 1, top + 0.14 * down, isRoot ? 3 : 2, 0.62 * down, 1.5);
  pen.fill();
  pen.globalAlpha = Math.min(1, (isRoot ? 0.95 : 0.62) + nearest.shine);
  pen.font = `${isRoot ? 600 : 400} ${Math.max(11, Math.min(17, down / 7))}px ${font}`;
  pen.textAlign = "center";
  pen.fillText(noteName(note), x, top + 0.93 * down);
}

/** Draw one finger's light. */
export function drawLight(pen, { x, y, press, hue, shift = 0 }) {
  const radius = 60 + 110 * press;
  const light = pen.createRadialGradient(x, y, 0, x, y, radius);
  for (const [at, alpha] of [[0, "e0"], [0.12, "80"], [0.4, "26"], [1, "00"]]) {
    light.addColorStop(at, hue + alpha);
  }
  pen.globalAlpha = 1;
  pen.fillStyle = light;
  pen.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
  pen.fillStyle = "#fff";
  pen.beginPath();
  pen.arc(x + 12 * shift, y, 6 + 10 * press, 0, 7);
  pen.fill();
}
