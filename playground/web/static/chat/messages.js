// The list of the open channel: loads it, and follows what happens in it.

import { announce, attempt } from "../lib/announce.js";
import { get, post } from "../lib/api.js";
import { avatar } from "../lib/avatar.js";
import { differentDay, formatTime } from "../lib/clock.js";
import { el, fill, icon } from "../lib/dom.js";
import { isForm, press, submitState } from "./interactions.js";
import { iconLine } from "../lib/markup.js";
import { MessageRow, messageWords, replyLine, thinking } from "./message.js";
import { app, channelTitle, compareIds, emit, findChannel, inDirectMessage, nameOf, on } from "../lib/state.js";

const NEAR_BOTTOM = 120;
const GROUP_WITHIN = 7 * 60 * 1000;
const NO_ANSWER = "The application did not respond";

const scroller = document.getElementById("scroller");
const list = document.getElementById("messages");
const rows = new Map();
const pending = new Map();
let stuck = true;
let loading = 0;

function toBottom() {
  scroller.scrollTop = scroller.scrollHeight;
}

function welcome() {
  const direct = inDirectMessage();
  const channel = findChannel(app.channel);
  const face = direct
    ? avatar(app.bot.id, app.bot.name, "large")
    : el("span", { class: "welcome-sign" }, icon("hash"));
  const words = direct
    ? `Your conversation with ${app.bot.name}. Nobody else reads it.`
    : channel?.topic || `This is where ${channelTitle()} begins.`;
  return el(
    "li",
    { class: "welcome" },
    face,
    el("h2", {}, direct ? app.bot.name : `Welcome to ${channelTitle()}`),
    el("p", {}, words),
  );
}

function ordered() {
  return [...rows.values()].sort((left, right) => compareIds(left.message.id, right.message.id));
}

function follows(row, before) {
  if (!before || !row.isPlain || before.message.ephemeral !== row.message.ephemeral) return false;
  if (before.message.author.id !== row.message.author.id) return false;
  return Date.parse(row.message.timestamp) - Date.parse(before.message.timestamp) < GROUP_WITHIN;
}

/** Puts rows, day lines and waiting rows in their order, moving only what stands elsewhere. */
function arrange() {
  const nodes = [list.querySelector(".welcome") ?? welcome()];
  let before = null;
  for (const row of ordered()) {
    const { timestamp } = row.message;
    const newDay = !before || differentDay(before.message.timestamp, timestamp);
    if (newDay) {
      row.day ??= el(
        "li",
        { class: "day-line" },
        el("span", {}, formatTime(Date.parse(timestamp) / 1000, "D")),
      );
      nodes.push(row.day);
    }
    row.node.classList.toggle("compact", !newDay && follows(row, before));
    nodes.push(row.node);
    before = row;
  }
  nodes.push(...pending.values());
  const wanted = new Set(nodes);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
  if (stuck) toBottom();
}

const actions = {
  press(message, customId, values, node) {
    rows.get(message.id)?.fail(null);
    press(message, customId, values, node, () => rows.get(message.id)?.fail(NO_ANSWER));
  },
  async dismiss(message) {
    await attempt(() => post("dismiss", { user: app.user, message: message.id }));
    forget(message.id);
    emit("focus-composer");
  },
  remove(message) {
    return attempt(() =>
      post("faults", { delete_message: { channel: message.channel_id, message: message.id } }),
    );
  },
};

function put(message) {
  const row = rows.get(message.id);
  if (row) row.show(message);
  else rows.set(message.id, new MessageRow(message, actions));
}

function forget(id) {
  const row = rows.get(id);
  if (!row) return;
  const hadFocus = row.node.contains(document.activeElement);
  rows.delete(id);
  arrange();
  if (hadFocus) scroller.focus();
}

/** Loads the open channel afresh; `keep` leaves rows in place that are still there. */
export async function load({ keep = false } = {}) {
  loading += 1;
  const mine = loading;
  if (!keep) {
    rows.clear();
    pending.clear();
    fill(list, welcome());
    stuck = true;
  }
  const answer = await attempt(() => get("messages", { channel: app.channel }));
  if (!answer || mine !== loading) return;
  const there = new Set(answer.messages.map((message) => message.id));
  for (const id of rows.keys()) if (!there.has(id)) rows.delete(id);
  answer.messages.forEach(put);
  arrange();
}

function created({ message }) {
  if (message.channel_id !== app.channel) {
    emit("unread", message);
    return;
  }
  pending.delete(message.interaction_metadata?.id);
  put(message);
  arrange();
  announce(`${nameOf(message.author.id, message.users)}: ${messageWords(message)}`);
}

function waitingRow(event, failed) {
  const name = app.bot.name;
  const words = failed
    ? el("p", { class: "failure" }, iconLine("warning", NO_ANSWER))
    : thinking(event.state === "waiting" ? "Sending command…" : `${name} is thinking…`);
  const dismiss = () => {
    pending.delete(event.id);
    arrange();
    emit("focus-composer");
  };
  const footer =
    failed &&
    iconLine(
      "eye",
      "Only you can see this · ",
      el("button", { type: "button", class: "text-button", onclick: dismiss }, "Dismiss message"),
    );
  return el(
    "li",
    { class: failed ? "row ephemeral" : "row waiting", "data-interaction": event.id },
    el(
      "article",
      { "aria-label": failed ? NO_ANSWER : "Waiting for an answer" },
      event.command && replyLine(app.user, event.command),
      el("div", { class: "message-face" }, avatar(app.bot.id, name)),
      el(
        "div",
        { class: "message-body" },
        el(
          "div",
          { class: "message-head" },
          el("span", { class: "author" }, name),
          el("span", { class: "badge" }, "APP"),
        ),
        words,
        footer,
      ),
    ),
  );
}

function interaction(event) {
  const isCommand = Boolean(event.command);
  submitState(event);
  if (isForm(event) || !isCommand || event.channel_id !== app.channel) return;
  const answered = [...rows.values()].some((row) => row.message.interaction_metadata?.id === event.id);
  if (event.state === "done" || answered) {
    pending.delete(event.id);
  } else {
    pending.set(event.id, waitingRow(event, event.state === "failed"));
    if (event.state === "failed") announce(NO_ANSWER);
  }
  arrange();
}

/** The texts on the page, newest first: where the controls look for times. */
export function sources() {
  return ordered()
    .reverse()
    .map((row) => JSON.stringify([row.message.content, row.message.embeds, row.message.components]));
}

/** Starts following the stream. */
export function followMessages() {
  scroller.addEventListener("scroll", () => {
    stuck = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_BOTTOM;
  });
  new ResizeObserver(() => stuck && toBottom()).observe(list);
  new ResizeObserver(() => stuck && toBottom()).observe(scroller);
  on("live:message_create", created);
  on("live:message_update", ({ message }) => {
    if (message.channel_id !== app.channel) return;
    put(message);
    arrange();
  });
  on("live:message_delete", ({ message_id: id }) => forget(id));
  on("live:interaction", interaction);
}
