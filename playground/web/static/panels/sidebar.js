// The left side: the server, its channels with their threads, the direct message, and who one is.

import { avatar } from "../lib/avatar.js";
import { el, fill, icon, iconButton, refill, uniqueId } from "../lib/dom.js";
import { closeButton, closeDrawer, toggle } from "./drawers.js";
import { personPicker } from "./people.js";
import {
  MESSAGE_CHANNELS,
  THREAD_TYPES,
  app,
  channelTitle,
  findChannel,
  inDirectMessage,
  on,
} from "../lib/state.js";

const server = el("p");
const lists = el("div", { class: "channel-lists" });
const person = el("div");
const GLYPHS = { 2: "speaker", 5: "megaphone", 13: "speaker", 15: "forum" };

function unreadMark(id) {
  const unread = app.unread.get(id);
  if (!unread) return null;
  if (unread.mentions > 0)
    return el(
      "span",
      { class: "mention-count" },
      String(unread.mentions),
      el("span", { class: "visually-hidden" }, " mentions"),
    );
  return el("span", { class: "visually-hidden" }, " (new messages)");
}

function link(id, lead, name, className = "") {
  const isOpen = id === app.channel;
  const classes = ["channel", className, app.unread.has(id) && !isOpen && "unread"].filter(Boolean).join(" ");
  return el(
    "a",
    { href: `#${id}`, class: classes, "aria-current": isOpen ? "page" : null, onclick: closeDrawer },
    lead,
    el("span", { class: "channel-name" }, name),
    unreadMark(id),
  );
}

function channelItem(channel) {
  const threads = app.channels.filter(
    (thread) => THREAD_TYPES.has(thread.type) && thread.parent_id === channel.id,
  );
  const glyph = icon(GLYPHS[channel.type] ?? "hash");
  const entry = MESSAGE_CHANNELS.has(channel.type)
    ? link(channel.id, glyph, channel.name)
    : el(
        "span",
        { class: "channel closed", title: "Only its threads hold messages" },
        glyph,
        el("span", { class: "channel-name" }, channel.name),
      );
  return el(
    "li",
    {},
    entry,
    threads.length > 0 &&
      el(
        "ul",
        { class: "threads" },
        threads.map((thread) => el("li", {}, link(thread.id, icon("thread"), thread.name, "thread"))),
      ),
  );
}

/** A list with its name. It is no heading: the first one is the open channel's. */
function list(name, items) {
  const id = uniqueId("list");
  return [
    el("p", { class: "list-title", id }, name),
    el("ul", { class: "channel-list", "aria-labelledby": id }, items),
  ];
}

function isTop(channel) {
  return channel.type !== 4 && !(THREAD_TYPES.has(channel.type) && findChannel(channel.parent_id));
}

function directItem() {
  const { bot, dm } = app;
  const lead = el(
    "span",
    { class: "face" },
    avatar(bot.id, bot.name, "small"),
    el("span", { class: bot.online ? "presence online" : "presence" }),
  );
  return el(
    "li",
    {},
    dm ? link(dm.id, lead, bot.name, "direct") : el("span", { class: "channel closed" }, lead, bot.name),
  );
}

function drawLists() {
  const active = document.activeElement?.closest?.("a.channel")?.getAttribute("href");
  const top = app.channels.filter(isTop).sort((left, right) => left.position - right.position);
  fill(lists, list("Channels", top.map(channelItem)), list("Direct messages", directItem()));
  if (active) lists.querySelector(`a.channel[href="${CSS.escape(active)}"]`)?.focus();
}

function drawSidebar() {
  server.textContent = app.guild.name;
  drawLists();
  const picker = personPicker();
  picker.open = person.firstElementChild?.open ?? false;
  refill(person, picker);
}

function themeButton() {
  return iconButton("Switch between light and dark", "sun", () => {
    const root = document.documentElement;
    const isDark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    localStorage.setItem("playground-theme", root.dataset.theme);
  });
}

function drawBar() {
  const channel = findChannel(app.channel);
  const glyph = inDirectMessage()
    ? "at"
    : THREAD_TYPES.has(channel?.type)
      ? "thread"
      : (GLYPHS[channel?.type] ?? "hash");
  const name = channelTitle().replace(/^#/, "");
  const opens = (label, glyphName, target, className = "") =>
    iconButton(label, glyphName, () => toggle(target), {
      "data-opens": target,
      "aria-expanded": "false",
      "aria-controls": target,
      class: `icon-button ${className}`,
    });
  const focused = document.activeElement?.dataset.opens;
  fill(
    document.getElementById("channel-bar"),
    opens("Channels", "menu", "sidebar", "narrow-only"),
    el("h1", {}, icon(glyph), el("span", {}, name)),
    channel?.topic && el("p", { class: "topic", title: channel.topic }, channel.topic),
    el(
      "div",
      { class: "bar-actions" },
      opens("Playground controls", "sliders", "controls"),
      opens("Members", "people", "members"),
      themeButton(),
    ),
  );
  if (focused) document.querySelector(`[data-opens="${focused}"]`).focus();
  document.getElementById("scroller").setAttribute("aria-label", `Messages in ${channelTitle()}`);
  document.title = `${channelTitle()} · ${app.guild.name}`;
}

/** Draws the left side and the bar, again whenever something in them changed. */
export function startSidebar() {
  const sign = el("span", { class: "server-sign", "aria-hidden": "true" }, icon("hash"));
  fill(
    document.getElementById("sidebar"),
    el("div", { class: "server-name" }, sign, server, closeButton()),
    lists,
    person,
  );
  on("state", drawSidebar);
  on("channel", () => {
    drawSidebar();
    drawBar();
  });
  on("bot", drawLists);
  on("unread-changed", drawLists);
}
