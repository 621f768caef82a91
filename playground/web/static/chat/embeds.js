// The older kind of message, as far as bots still send it: cards with a title, fields and a footer.

import { cssColor, el } from "../lib/dom.js";
import { messageTime } from "../lib/clock.js";
import { markup } from "../lib/markup.js";
import { gallery, thumbnail } from "./media.js";

function title(embed, users) {
  if (!embed.title) return null;
  const words = markup(embed.title, users);
  return el(
    "div",
    { class: "embed-title" },
    /^https?:\/\//.test(embed.url ?? "")
      ? el("a", { href: embed.url, target: "_blank", rel: "noopener noreferrer" }, embed.title)
      : words,
  );
}

function footer(embed) {
  const parts = [embed.footer?.text, embed.timestamp && messageTime(embed.timestamp)].filter(Boolean);
  return parts.length > 0 && el("div", { class: "embed-footer" }, parts.join(" · "));
}

/** One embed. */
export function renderEmbed(embed, { users, attachments }) {
  const fields = (embed.fields ?? []).map((field) =>
    el(
      "div",
      { class: field.inline ? "embed-field inline" : "embed-field" },
      el("div", { class: "embed-name" }, markup(field.name, users)),
      markup(field.value, users),
    ),
  );
  return el(
    "div",
    { class: "embed", "--container-accent": cssColor(embed.color) },
    el(
      "div",
      { class: "embed-words" },
      embed.author?.name && el("div", { class: "embed-author" }, embed.author.name),
      title(embed, users),
      embed.description && markup(embed.description, users),
      fields.length > 0 && el("div", { class: "embed-fields" }, fields),
      embed.image && gallery({ items: [{ media: embed.image }] }, attachments),
      footer(embed),
    ),
    embed.thumbnail && thumbnail({ media: embed.thumbnail }, attachments),
  );
}
