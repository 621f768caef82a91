// Everything on the page is built here: text goes in as text nodes, never as HTML.

const SVG = "http://www.w3.org/2000/svg";

function isShown(child) {
  return child !== null && child !== undefined && child !== false;
}

/**
 * Builds one element.
 * Keys: `onclick` and the like are listeners, `--name` are CSS properties, all others are attributes.
 * `null`, `undefined` and `false` leave a key or a child out.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (!isShown(value)) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key.startsWith("--")) node.style.setProperty(key, value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter(isShown));
  return node;
}

/** A colour's number (0xRRGGBB) as CSS writes it; null for none. */
export function cssColor(number) {
  return number === null || number === undefined ? null : `#${number.toString(16).padStart(6, "0")}`;
}

/** Replaces all children of a node. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter(isShown));
}

/** Replaces all children of a node; the focus stays at its place among what can be pressed there. */
export function refill(node, ...children) {
  const pressed = () => [...node.querySelectorAll("a, button, summary")];
  const place = pressed().indexOf(document.activeElement);
  fill(node, ...children);
  pressed()[place]?.focus();
}

const ICONS = {
  hash: "M9 4 7.4 20M16.6 4 15 20M4.5 9h16M3.5 15h16",
  megaphone: "M4 10v4l3 .6L8.5 20h2.6l-1-4.7L19 18V6L7 9.4zM19 10.5a1.7 1.7 0 0 1 0 3",
  speaker: "M4 9.5v5h3.5L12 19V5L7.5 9.500zM15.5 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11",
  thread: "M5 4v9a3 3 0 0 0 3 3h11M15.5 12.5 19 16l-3.5 3.5",
  forum: "M4 5h16v10H11l-5 4v-4H4z",
  at: "M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zm0 0v1.500a2.3 2.3 0 0 0 4.6 0V12a8.1 8.1 0 1 0-3.2 6.5",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.300a3.5 3.5 0 0 1 0 6.500M18 14.500a6.5 6.5 0 0 1 3.5 5.5",
  sliders: "M4 7h9M17 7h3M4 12h3M11 12h9M4 17h11M19 17h1M15 5v4M9 10v4M17 15v4",
  sun: "M12 16.500a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M5.3 18.700l1.4-1.400M17.3 6.700l1.4-1.4",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  send: "M4 12 20 4.5 15 20l-3.5-6.200zM11.5 13.8 20 4.5",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  download: "M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14",
  external: "M14 5h5v5M19 5l-8 8M17 13.500V19H5V7h5.5",
  chevron: "M6 9.5 12 15.5 18 9.5",
  check: "M5 12.5 10 17.5 19.5 7",
  trash: "M5 7h14M10 7V4.500h4V7M7 7l1 13h8l1-13M10.5 10.500v6M13.5 10.500v6",
  reply: "M4 18v-5a4 4 0 0 1 4-4h12",
  warning: "M12 4 2.8 20h18.400zM12 10v4.500M12 17.300v.2",
  slash: "M15 4 9 20",
  plus: "M12 5v14M5 12h14",
  role: "M12 3.5 19.5 6.500v5c0 4.5-3 7.5-7.5 9-4.5-1.5-7.5-4.5-7.5-9v-5z",
};

/** A line icon by name; it is decoration, so screen readers skip it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return svg;
}

/** A button that shows an icon only; `name` is what it is called. */
export function iconButton(name, glyph, onclick, props = {}) {
  return el(
    "button",
    { type: "button", class: "icon-button", "aria-label": name, title: name, onclick, ...props },
    icon(glyph),
  );
}

let lastId = 0;

/** An id for aria references, unique on the page. */
export function uniqueId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}
