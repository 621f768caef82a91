// Faces: the server's picture where there is one, else initials on a colour that belongs to the id.

import { el } from "./dom.js";
import { app, findMember } from "./state.js";

const HUES = [8, 32, 88, 150, 214, 240, 270, 318];
const BOT_HUE = 190;

function initials(name) {
  const words = name
    .trim()
    .split(/\s+/)
    .map((word) => [...word][0] ?? "");
  return (words.length > 1 ? words[0] + words.at(-1) : words[0] || "?").toUpperCase();
}

/** An address of this server, or null: pictures from elsewhere are never loaded. */
export function localUrl(url) {
  if (!url) return null;
  const parsed = new URL(url, location.href);
  const loopback =
    ["127.0.0.1", "localhost", "[::1]"].includes(parsed.hostname) && parsed.port === location.port;
  return parsed.origin === location.origin || loopback ? parsed.pathname + parsed.search : null;
}

/** A round picture; it is decoration, the name stands beside it. */
export function avatar(id, name, size = "") {
  const url = localUrl(id === app.bot.id ? app.bot.avatar_url : findMember(id)?.avatar_url);
  const hue =
    id === app.bot.id
      ? BOT_HUE
      : HUES[[...String(id)].reduce((sum, digit) => sum * 7 + digit.charCodeAt(0), 0) % HUES.length];
  const face = el("span", { class: `avatar ${size}`, "aria-hidden": "true", "--hue": hue }, initials(name));
  if (url) {
    const image = el("img", { src: url, alt: "" });
    image.addEventListener("error", () => image.remove());
    face.append(image);
  }
  return face;
}
