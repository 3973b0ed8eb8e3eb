/** Elements of the page, made in one call. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element; `on…` fields are listeners, `true` an attribute without a value.
 *
 * @param {string} tag
 * @param {Object<string, any>} [fields]
 * @param {...(Node|string|null|false|undefined|Array)} children
 * @returns {HTMLElement}
 */
export function element(tag, fields = {}, ...children) {
  return dress(document.createElement(tag), fields, children);
}

/** Make an SVG element in the same manner. @returns {SVGElement} */
export function drawing(tag, fields = {}, ...children) {
  return dress(document.createElementNS(SVG, tag), fields, children);
}

/** Make an icon of 24 by 24 from its stroke's path, which readers of the screen skip. */
export function icon(path) {
  return drawing("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" },
    drawing("path", { d: path }));
}

function dress(made, fields, children) {
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child || child === 0));
  return made;
}
