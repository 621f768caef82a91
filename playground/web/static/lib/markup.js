// Markdown nodes as DOM: text stays text, links only lead to http and https.

import { el, icon } from "./dom.js";
import { formatTime, isMoment } from "./clock.js";
import { parse, words } from "./markdown.js";
import { app, emit, findChannel, nameOf } from "./state.js";
import { spoiler } from "./spoiler.js";

// By itself, not as the first character of a longer flag.
const WHITE_OR_BLACK = /([▫▪◻◼◽◾⬜⬛⚪⚫🤍🖤🏳🏴]\uFE0F?)(?![\u200D\uFE0F\u{E0020}-\u{E007F}])/u;
const PLAIN_TAGS = { bold: "strong", italic: "em", underline: "u", strike: "s" };

function mentionWords(node, known) {
  switch (node.type) {
    case "user":
      return `@${nameOf(node.id, known)}`;
    case "role":
      return `@${app.roles.find((role) => role.id === node.id)?.name ?? "unknown role"}`;
    case "channel":
      return `#${findChannel(node.id)?.name ?? "unknown"}`;
    case "command":
      return `/${node.path}`;
    default:
      return formatTime(node.unix, node.style);
  }
}

function mention(node, known) {
  const label = mentionWords(node, known);
  switch (node.type) {
    case "user":
      return el(
        "button",
        {
          type: "button",
          class: "mention",
          onclick: () => emit("profile", node.id),
        },
        label,
      );
    case "channel":
      return findChannel(node.id)
        ? el(
            "button",
            { type: "button", class: "mention", onclick: () => emit("open-channel", node.id) },
            label,
          )
        : el("span", { class: "mention" }, label);
    case "command":
      return el(
        "button",
        { type: "button", class: "mention", onclick: () => emit("open-command", node.path) },
        label,
      );
    default:
      return el("span", { class: "mention" }, label);
  }
}

function time(node) {
  const date = new Date(node.unix * 1000);
  if (!isMoment(node.unix)) return "Invalid date";
  const attributes = { class: "timestamp", datetime: date.toISOString(), title: formatTime(node.unix, "F") };
  if (node.style === "R") Object.assign(attributes, { "data-running": node.unix, "data-style": "R" });
  return el("time", attributes, formatTime(node.unix, node.style));
}

/** A text with an outline around white and black signs, which a ground of their colour would hide. */
function outlined(text) {
  return text
    .split(WHITE_OR_BLACK)
    .map((part, index) => (index % 2 === 1 ? el("span", { class: "outlined" }, part) : part));
}

function inline(nodes, known) {
  return nodes.map((node) => {
    switch (node.type) {
      case "text":
        return outlined(node.text);
      case "code":
        return el("code", {}, node.text);
      case "emoji":
        return `:${node.name}:`;
      case "everyone":
        return el("span", { class: "mention" }, node.text);
      case "spoiler":
        return spoiler(inline(node.children, known));
      case "link":
        return el(
          "a",
          { href: node.url, target: "_blank", rel: "noopener noreferrer" },
          inline(node.children, known),
        );
      case "time":
        return time(node);
      case "user":
      case "role":
      case "channel":
      case "command":
        return mention(node, known);
      default:
        return el(PLAIN_TAGS[node.type], {}, inline(node.children, known));
    }
  });
}

function list(node, known) {
  const items = node.items.map((item) =>
    el("li", {}, inline(item.children, known), item.list && list(item.list, known)),
  );
  return node.ordered ? el("ol", { start: node.start }, items) : el("ul", {}, items);
}

/** The element for each size of heading in a text: the largest size that it uses becomes h3, and so on. */
function headings(nodes) {
  const used = new Set(nodes.flatMap((node) => (node.blocks ?? [node]).map((inner) => inner.level ?? [])).flat());
  return Object.fromEntries([...used].sort().map((level, index) => [level, `h${index + 3}`]));
}

function block(node, known, tags) {
  switch (node.type) {
    case "heading":
      return el(tags[node.level], { class: `heading-${node.level}` }, inline(node.children, known));
    case "subtext":
      return el("p", { class: "subtext" }, inline(node.children, known));
    case "quote":
      return el(
        "blockquote",
        {},
        node.blocks.map((inner) => block(inner, known, tags)),
      );
    case "list":
      return list(node, known);
    case "fence":
      return el("pre", { tabindex: "0" }, el("code", {}, node.text));
    default:
      return el("p", {}, inline(node.children, known));
  }
}

/** A text in Discord's markdown; `known` maps ids to names. */
export function markup(source, known = {}) {
  const nodes = parse(source);
  const tags = headings(nodes);
  return el(
    "div",
    { class: "markup" },
    nodes.map((node) => block(node, known, tags)),
  );
}

/** The same text as words for a screen reader; spoilers stay covered. */
export function spoken(source, known = {}) {
  return words(source, (node) => mentionWords(node, known));
}

/** An emoji of a button or an option: Unicode as it is, a custom one by its name. */
export function emojiMark(emoji) {
  if (!emoji?.name) return null;
  return emoji.id
    ? el("span", { class: "custom-emoji" }, `:${emoji.name}:`)
    : el("span", { class: "emoji" }, outlined(emoji.name));
}

/** A small label with an icon, as in "Only you can see this". */
export function iconLine(glyph, ...children) {
  return el("div", { class: "icon-line" }, icon(glyph), ...children);
}
