// Starts the page: the state first, then the stream of what happens.

import { toast } from "./lib/announce.js";
import { get } from "./lib/api.js";
import { runClocks } from "./lib/clock.js";
import { startComposer } from "./composer/composer.js";
import { startControls } from "./panels/controls.js";
import { refreshDrawers, startDrawers } from "./panels/drawers.js";
import { el } from "./lib/dom.js";
import { startHint } from "./composer/hint.js";
import { connect } from "./lib/live.js";
import { followMessages, load } from "./chat/messages.js";
import { openModal } from "./chat/modal.js";
import { startPeople } from "./panels/people.js";
import { startSidebar } from "./panels/sidebar.js";
import { MESSAGE_CHANNELS, adopt, app, emit, findChannel, mentionsMe, on } from "./lib/state.js";

const LAST_PERSON = "playground-person";
const RETRY_AFTER = 1000;

function isThere(id) {
  return Boolean(id) && (id === app.dm?.id || MESSAGE_CHANNELS.has(findChannel(id)?.type));
}

function firstChannel() {
  const open = app.channels.filter((channel) => MESSAGE_CHANNELS.has(channel.type));
  return open.sort((left, right) => left.position - right.position)[0]?.id ?? app.dm?.id ?? "";
}

function openChannel(id) {
  app.channel = isThere(id) ? id : firstChannel();
  app.unread.delete(app.channel);
  emit("channel");
  refreshDrawers();
  return load().then(() => emit("loaded"));
}

function chooseChannel() {
  const wanted = location.hash.slice(1);
  if (wanted !== app.channel) openChannel(wanted);
}

/** The person in the address, else the one of the last visit, else the server's first. */
async function learnPerson() {
  const asked = new URLSearchParams(location.search).get("as") ?? localStorage.getItem(LAST_PERSON) ?? "";
  app.user = asked;
  let state = await get("state").catch((error) => (asked ? null : Promise.reject(error)));
  if (!state) {
    app.user = "";
    state = await get("state");
  }
  const known = state.members.find((member) => member.id === asked);
  if (known) return state;
  app.user = state.members[0].id;
  return get("state");
}

async function start() {
  let state;
  try {
    state = await learnPerson();
  } catch (error) {
    toast(error.message);
    setTimeout(start, RETRY_AFTER);
    return;
  }
  localStorage.setItem(LAST_PERSON, app.user);
  const address = new URL(location.href);
  address.searchParams.set("as", app.user);
  history.replaceState(null, "", address);
  adopt(state);
  startControls();
  startHint();
  startDrawers();
  await openChannel(location.hash.slice(1));
  connect();
  document.body.dataset.ready = "yes";
}

/** Learns what changed in the server; true if the open channel is still there. */
async function refreshState() {
  const state = await get("state").catch(() => null);
  if (!state) return true;
  adopt(state);
  emit("commands");
  return isThere(app.channel);
}

async function refresh() {
  const stays = await refreshState();
  emit("faults");
  if (stays) await load({ keep: true });
  else await openChannel("");
}

function countUnread(message) {
  if (!isThere(message.channel_id)) return;
  const unread = app.unread.get(message.channel_id) ?? { mentions: 0 };
  const forMe = mentionsMe(message) || message.channel_id === app.dm?.id;
  app.unread.set(message.channel_id, { mentions: unread.mentions + (forMe ? 1 : 0) });
  emit("unread-changed");
}

function showConnection(isOpen) {
  document.body.classList.toggle("disconnected", !isOpen);
}

function listen(tick) {
  on("connected", (again) => {
    showConnection(true);
    if (again) refresh();
  });
  on("disconnected", () => showConnection(false));
  on("live:commands_update", refreshState);
  on("live:bot_status", ({ online }) => {
    app.bot.online = online;
    emit("bot");
  });
  on("live:clock", ({ offset }) => {
    app.offset = offset;
    tick();
  });
  on("live:faults", ({ faults }) => {
    app.faults = faults;
    emit("faults");
    refreshState();
  });
  on("live:reset", () => location.assign(`${location.pathname}?as=${app.user}`));
  on("live:modal_open", openModal);
  on("open-channel", (id) => (location.hash = id));
  on("unread", countUnread);
  on("bot", showBot);
  on("state", showBot);
  window.addEventListener("hashchange", chooseChannel);
}

function showBot() {
  const line = document.getElementById("bot-line");
  if (app.bot.online) line?.remove();
  else if (!line) {
    const words = `${app.bot.name} is not connected. Commands are answered once it is.`;
    document
      .getElementById("composer-area")
      .before(el("div", { id: "bot-line", class: "bot-line", role: "status" }, words));
  }
}

startPeople();
startSidebar();
startComposer();
followMessages();
const tick = runClocks();
listen(tick);
start().then(tick);
