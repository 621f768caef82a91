// The message box: plain words are sent, a slash opens the commands, a command shows its options.

import { attempt } from "../lib/announce.js";
import { post } from "../lib/api.js";
import { available, findCommand, search } from "./commands.js";
import { el, fill, icon, iconButton } from "../lib/dom.js";
import { runCommand } from "../chat/interactions.js";
import { Listbox } from "../lib/listbox.js";
import { OptionField } from "./options.js";
import { Popup } from "./popup.js";
import { app, channelTitle, emit, on } from "../lib/state.js";

const SHOWN_AT_FIRST = 4;
const UNHEARD_HINT = "This bot only reads commands, not messages. Type / to see them.";

/** What has uses of its own for the letters that are typed in it. */
const TAKES_KEYS = "input, textarea, select, form, dialog, [role=dialog], [role=listbox], [popover]";

const popup = new Popup();
const hint = el("p", { class: "composer-hint", role: "status" });
const box = el("div", { class: "composer" });
const input = el("textarea", {
  id: "message-input",
  rows: 1,
  "aria-label": "Message",
  "aria-autocomplete": "list",
  "aria-haspopup": "listbox",
  autocomplete: "off",
  spellcheck: "false",
});
const slash = iconButton("Show the commands", "slash", () => openPicker(), { class: "icon-button slash" });
const list = new Listbox({
  label: "Commands",
  reachable: true,
  onpick: (item) => enter(item.value),
  onactive: point,
});
input.setAttribute("aria-controls", list.id);

let command = null;
let fields = [];

function point(active) {
  if (active && popup.owner === input) input.setAttribute("aria-activedescendant", active);
  else input.removeAttribute("aria-activedescendant");
}

function optionWords(entry) {
  return entry.options.map((option) => (option.required ? option.name : `${option.name}?`)).join("  ");
}

function showCommands() {
  const { list: found, hidden } = search(input.value.slice(1));
  const options = found.map((entry) => ({
    label: `/${entry.path}`,
    detail: entry.description,
    hint: optionWords(entry),
    lead: "slash",
    value: entry,
  }));
  const more = hidden > 0 ? `Hidden for lack of a permission: ${hidden}.` : "";
  popup.open(input, list, app.bot.name, found.length ? more : `No command fits. ${more}`);
  list.show(options, { active: found.length ? 0 : -1 });
}

function openPicker() {
  if (command) leave();
  if (!input.value.startsWith("/")) input.value = "/";
  input.focus();
  typed();
}

function typed() {
  hint.textContent = "";
  const text = input.value;
  const exact = /^\/\S.* $/.test(text) && available().list.find((entry) => text === `/${entry.path} `);
  if (exact) enter(exact);
  else if (text.startsWith("/")) showCommands();
  else popup.close(input);
}

function keyed(event) {
  const isOpen = popup.isOpen && popup.owner === input;
  if (isOpen && list.navigate(event, { edges: false })) return;
  if (isOpen && list.current && (event.key === "Enter" || event.key === "Tab") && !event.shiftKey) {
    event.preventDefault();
    enter(list.current.value);
  } else if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    popup.close(input);
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (input.value.trim()) say(input.value);
  }
}

async function say(content) {
  const answer = await attempt(() => post("say", { user: app.user, channel: app.channel, content }));
  if (!answer) return;
  if (input.value === content) input.value = "";
  emit("used");
  hint.textContent = answer.bot_hears ? "" : UNHEARD_HINT;
}

function showPlain() {
  fill(box, slash, input);
  input.placeholder = `Message ${channelTitle()}, or type /`;
}

async function complete(option, text) {
  const options = {};
  for (const field of fields) {
    const { value } = field.read();
    if (value !== undefined) options[field.option.name] = value;
  }
  options[option.name] = text;
  const answer = await post("autocomplete", {
    user: app.user,
    channel: app.channel,
    command: command.path,
    options,
    focused: option.name,
  });
  return answer.choices;
}

function makeField(option) {
  return new OptionField(option, {
    popup,
    complete,
    send,
    leave,
    picked: (field) => focusAfter(field),
    back: (field) => {
      const index = fields.indexOf(field);
      if (index > 0) fields[index - 1].input.focus();
      else leave();
    },
  });
}

function focusAfter(field) {
  const rest = fields.slice(fields.indexOf(field) + 1);
  const next = rest.find((other) => other.text === "");
  (next?.input ?? box.querySelector(".send")).focus();
}

function showFields(options, all) {
  const held = new Map(fields.map((field) => [field.option.name, field]));
  const required = options.filter((option) => option.required);
  const shown = all
    ? options
    : options.filter(
        (option) => option.required || options.indexOf(option) < Math.max(SHOWN_AT_FIRST, required.length),
      );
  fields = shown.map((option) => held.get(option.name) ?? makeField(option));
  const rest = options.length - shown.length;
  const showRest = () => {
    showFields(options, true);
    fields.find((field) => !shown.includes(field.option)).input.focus();
  };
  const more =
    rest > 0 &&
    el(
      "button",
      { type: "button", class: "more-options", onclick: showRest },
      icon("plus"),
      `${rest} more`,
    );
  const leaveButton = iconButton(`Leave /${command.path}`, "close", leave, { class: "icon-button leave" });
  const sendButton = el(
    "button",
    { type: "submit", class: "button primary send", "aria-label": `Send /${command.path}` },
    icon("send"),
  );
  const form = el(
    "form",
    { class: "command-form", "aria-label": `Options of /${command.path}`, novalidate: true },
    leaveButton,
    el("span", { class: "command-chip", title: command.description }, `/${command.path}`),
    fields.map((field) => field.node),
    more,
    sendButton,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
  });
  fill(box, form);
}

/** Puts a command into the box, ready for its options. */
function enter(entry, focus = true) {
  command = entry;
  fields = [];
  popup.close(input);
  input.value = "";
  hint.textContent = entry.options.length ? "" : entry.description;
  showFields(entry.options, false);
  if (focus) (fields[0]?.input ?? box.querySelector(".send")).focus();
}

function leave() {
  popup.close();
  command = null;
  fields = [];
  hint.textContent = "";
  showPlain();
  input.focus();
}

async function send() {
  const options = {};
  const problems = [];
  for (const field of fields) {
    const { value, problem } = field.read();
    field.mark(problem ?? null);
    if (problem) problems.push([field, problem]);
    if (value !== undefined) options[field.option.name] = value;
  }
  if (problems.length > 0) {
    const [field, problem] = problems[0];
    field.input.focus();
    hint.textContent = `${field.option.name} ${problem}.`;
    return;
  }
  const { path } = command;
  const kept = [command, fields];
  leave();
  if (await runCommand(path, options)) return;
  if (command !== null || input.value !== "") return;
  [command, fields] = kept;
  showFields(command.options, true);
}

function takeFocus() {
  (command ? box.querySelector("input, .send") : input).focus();
}

/** Tells whether a key is meant for the box, as in every chat, as nothing that has the focus takes it. */
function isForTheBox(event) {
  const isLetter =
    event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
  return isLetter && !event.defaultPrevented && !document.activeElement.closest(TAKES_KEYS);
}

/** Builds the box and follows what other parts ask of it. */
export function startComposer() {
  const area = document.getElementById("composer-area");
  area.append(popup.node, box, hint);
  area.addEventListener("focus", () => emit("focus-composer"));
  input.addEventListener("input", typed);
  input.addEventListener("keydown", keyed);
  input.addEventListener("blur", () => popup.close(input));
  input.addEventListener("focus", () => input.value.startsWith("/") && typed());
  on("open-command", (path) => {
    const entry = findCommand(path);
    if (entry) enter(entry);
    else hint.textContent = `/${path} cannot be used here.`;
  });
  on("open-commands", openPicker);
  on("focus-composer", takeFocus);
  on("channel", () => {
    if (command) leave();
    else showPlain();
  });
  on("commands", () => {
    if (popup.isOpen && popup.owner === input) showCommands();
  });
  document.addEventListener("keydown", (event) => isForTheBox(event) && takeFocus());
  showPlain();
}
