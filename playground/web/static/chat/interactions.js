// Clicks, commands and modals on their way to the bot, and what becomes of them.

import { attempt, toast } from "../lib/announce.js";
import { post } from "../lib/api.js";
import { app, emit } from "../lib/state.js";

const GIVE_UP_AFTER = 20_000;

/** Those under way, by interaction id: what to do when one ends. */
const waiting = new Map();
/** Ends that were told before the request that began them was answered. */
const early = new Map();

function settle(id, state, outcome) {
  if (state === "waiting") return;
  waiting.delete(id);
  if (state === "failed") outcome.failed();
  else outcome.done();
}

function expect(id, outcome) {
  waiting.set(id, outcome);
  const known = early.get(id);
  early.delete(id);
  if (known) settle(id, known, outcome);
  setTimeout(() => waiting.has(id) && settle(id, "done", outcome), GIVE_UP_AFTER);
}

/** Takes in what the stream says of an interaction. */
export function submitState({ id, state }) {
  const outcome = waiting.get(id);
  if (outcome) settle(id, state, outcome);
  else if (state !== "waiting") {
    early.set(id, state);
    setTimeout(() => early.delete(id), GIVE_UP_AFTER);
  }
}

/** Submitted forms have their own sign of waiting, so the list shows none for them. */
const forms = new Set();
let submitting = 0;

/** True for the interaction of a submitted form. */
export function isForm(event) {
  if (submitting > 0 && event.state === "waiting") forms.add(event.id);
  return forms.has(event.id);
}

async function send(name, body, outcome) {
  try {
    const { interaction_id: id } = await post(name, body);
    expect(id, outcome);
  } catch (error) {
    outcome.refused(error.message);
  }
}

/** Uses a button or a select; `onfail` runs when the bot does not answer. */
export function press(message, customId, values, node, onfail) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  emit("used");
  const free = () => node.removeAttribute("aria-busy");
  const refused = (sentence) => {
    free();
    toast(sentence);
  };
  const failed = () => {
    free();
    onfail();
  };
  const body = { user: app.user, channel: message.channel_id, message: message.id, custom_id: customId };
  if (values !== undefined) body.values = values;
  send("click", body, { done: free, failed, refused });
}

/** Runs a command; true once the server took it, otherwise its sentence is shown and it is false. */
export async function runCommand(path, options) {
  try {
    await post("command", { user: app.user, channel: app.channel, command: path, options });
    emit("used");
    return true;
  } catch (error) {
    toast(error.message);
    return false;
  }
}

/** Uses a command of a context menu on `target`: {message} or {target}, each an id. */
export async function useMenu(command, target) {
  emit("used");
  await attempt(() => post("menu", { user: app.user, channel: app.channel, command, ...target }));
}

/** Puts a reaction under a message, or takes one's own away. */
export async function react(message, emoji) {
  emit("used");
  await attempt(() =>
    post("react", { user: app.user, channel: message.channel_id, message: message.id, emoji }),
  );
}

/** Sends a modal's fields; one of the outcome's done, failed and refused(sentence) runs. */
export async function submit(opened, fields, outcome) {
  const body = {
    user: app.user,
    channel: opened.channel_id ?? app.channel,
    interaction: opened.interaction_id,
    custom_id: opened.custom_id,
    fields,
  };
  submitting += 1;
  await send("submit", body, outcome);
  submitting -= 1;
}
