// Playground controls: time and trouble.

import { attempt, toast } from "../lib/announce.js";
import { post } from "../lib/api.js";
import { formatTime, isMoment, now } from "../lib/clock.js";
import { el, fill, uniqueId } from "../lib/dom.js";
import { panelHead } from "./drawers.js";
import { moments } from "../lib/markdown.js";
import { sources } from "../chat/messages.js";
import { MESSAGE_CHANNELS, THREAD_TYPES, app, channelTitle, emit, on } from "../lib/state.js";

const HOUR = 3600;
const DAY = 86_400;
const DROP_SECONDS = 10;
const SLOW_SECONDS = 2;
const OFFERED_TIMES = 5;
const FOLLOW_EVERY = 20_000;

const PERMISSIONS = {
  view_channel: "View Channel",
  send_messages: "Send Messages",
  send_messages_in_threads: "Send Messages in Threads",
  embed_links: "Embed Links",
  attach_files: "Attach Files",
  read_message_history: "Read Message History",
  mention_everyone: "Mention Everyone",
  manage_threads: "Manage Threads",
};

async function ask(name, body, done) {
  emit("used");
  const answer = await attempt(() => post(name, body));
  if (answer && done) toast(done, "info");
}

const jump = (body) => ask("clock", body);
const trouble = (body, done) => ask("faults", body, done);

/** The sentences for what goes wrong at present. */
function troubles() {
  const { gateway_down: down, slow, fail_next: failing, kicked, revoked } = app.faults;
  return [
    down && "The gateway does not answer.",
    kicked && "The bot is not in the server.",
    slow > 0 && `Every request takes ${slow} seconds.`,
    ...failing.map(({ status, count, route }) => {
      const which = count === 1 ? "The next request fails" : `The next ${count} requests fail`;
      return `${which} with ${status}${route ? ` (${route})` : ""}.`;
    }),
    ...revoked.map(({ channel, permission }) => {
      const name = PERMISSIONS[permission] ?? permission.replaceAll("_", " ");
      return `${channelTitle(channel)}: the bot has no ${name}.`;
    }),
  ].filter(Boolean);
}

function action(label, run, style = "secondary") {
  return el("button", { type: "button", class: `button small ${style}`, onclick: run }, label);
}

function chooser(label, options) {
  const id = uniqueId("choice");
  const select = el(
    "select",
    { id, class: "field" },
    options.map(([value, words]) => el("option", { value }, words)),
  );
  return { node: el("div", { class: "control-field" }, el("label", { for: id }, label), select), select };
}

function toLocalField(milliseconds) {
  const date = new Date(milliseconds);
  return new Date(milliseconds - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function jumpToDate() {
  const id = uniqueId("date");
  const input = el("input", {
    type: "datetime-local",
    id,
    class: "field",
    value: toLocalField(now() + HOUR * 1000),
  });
  let isChosen = false;
  // A time that nobody has chosen, or that has passed, moves with the clock.
  const follow = () => {
    if (isChosen && !(new Date(input.value).valueOf() <= now())) return;
    isChosen = false;
    input.value = toLocalField(now() + HOUR * 1000);
  };
  input.addEventListener("input", () => (isChosen = true));
  on("live:clock", () => setTimeout(follow));
  setInterval(() => document.activeElement !== input && follow(), FOLLOW_EVERY);
  const go = (event) => {
    event.preventDefault();
    const moment = new Date(input.value);
    if (Number.isNaN(moment.valueOf())) toast("Choose a date and a time first.");
    else jump({ to: moment.toISOString() });
  };
  return el(
    "form",
    { class: "control-row", onsubmit: go },
    el("div", { class: "control-field" }, el("label", { for: id }, "Jump to"), input),
    el("button", { type: "submit", class: "button small secondary" }, "Jump"),
  );
}

/** The times to come that the open channel names. */
function timesInChannel() {
  const found = new Set(sources().flatMap(moments));
  const later = [...found].filter((unix) => unix > now() / 1000 && isMoment(unix + 1)).sort((left, right) => left - right);
  return later.slice(0, OFFERED_TIMES);
}

function offeredTimes() {
  const holder = el("div", { class: "offered-times" });
  const draw = () => {
    const times = timesInChannel();
    const buttons = times.map((unix) =>
      action(`Jump to ${formatTime(unix, "f")}`, () =>
        jump({ to: new Date(unix * 1000 + 1000).toISOString() }),
      ),
    );
    fill(
      holder,
      times.length > 0
        ? buttons
        : el(
            "p",
            { class: "muted" },
            `Times that messages name here${app.hints.times ? `, such as ${app.hints.times},` : ""} appear as buttons.`,
          ),
    );
  };
  for (const type of ["live:message_create", "live:message_update", "live:clock", "channel", "loaded"])
    on(type, () => setTimeout(draw));
  draw();
  return holder;
}

function timePart() {
  return el(
    "section",
    { "aria-labelledby": "controls-time" },
    el("h3", { id: "controls-time" }, "Time"),
    el("p", { class: "clock-face", "data-clock": true }),
    el(
      "div",
      { class: "control-row" },
      action("+ 1 minute", () => jump({ advance: 60 })),
      action("+ 1 hour", () => jump({ advance: HOUR })),
      action("+ 1 day", () => jump({ advance: DAY })),
    ),
    jumpToDate(),
    offeredTimes(),
    el("p", { class: "muted" }, "The clock only moves forward."),
  );
}

function requestPart() {
  const status = chooser("The bot's next request fails with", [
    ["500", "500 Server error"],
    ["429", "429 Too many requests"],
    ["403", "403 Forbidden"],
  ]);
  return el(
    "div",
    { class: "control-row" },
    status.node,
    action("Fail it", () =>
      trouble(
        { fail_next: { status: Number(status.select.value), count: 1 } },
        "The next request will fail.",
      ),
    ),
  );
}

function slowPart() {
  const id = uniqueId("slow");
  const input = el("input", {
    type: "checkbox",
    id,
    onchange: () => trouble({ slow: input.checked ? SLOW_SECONDS : 0 }),
  });
  on("faults", () => (input.checked = Boolean(app.faults.slow)));
  input.checked = Boolean(app.faults.slow);
  return el(
    "div",
    { class: "control-check" },
    input,
    el("label", { for: id }, `Every request takes ${SLOW_SECONDS} seconds`),
  );
}

function permissionPart() {
  const places = app.channels
    .filter((channel) => MESSAGE_CHANNELS.has(channel.type) && !THREAD_TYPES.has(channel.type))
    .map((channel) => [channel.id, `#${channel.name}`]);
  const channel = chooser("Channel", places);
  const permission = chooser("Permission of the bot", Object.entries(PERMISSIONS));
  const change = (verb, done) => () =>
    trouble({ [verb]: { channel: channel.select.value, permission: permission.select.value } }, done);
  return el(
    "div",
    {},
    channel.node,
    permission.node,
    el(
      "div",
      { class: "control-row" },
      action("Revoke", change("revoke", "The permission is gone.")),
      action("Grant", change("grant", "The permission is back.")),
    ),
  );
}

function troublePart() {
  return el(
    "section",
    { "aria-labelledby": "controls-trouble" },
    el("h3", { id: "controls-trouble" }, "Trouble"),
    el(
      "div",
      { class: "control-row" },
      action(`Drop the gateway for ${DROP_SECONDS} s`, () =>
        trouble({ drop_gateway: DROP_SECONDS }, "The connection is cut."),
      ),
      action("Restart the bot", () => trouble({ restart_bot: true }, "The bot restarts.")),
    ),
    requestPart(),
    slowPart(),
    permissionPart(),
    el(
      "div",
      { class: "control-row" },
      action("Kick the bot", () => trouble({ kick: true }, "The bot was removed from the server.")),
      action("Invite the bot", () => trouble({ invite: true }, "The bot is back in the server.")),
    ),
    action("End all trouble", () => trouble({ clear: true }, "All is well again.")),
    faultList(),
  );
}

function faultList() {
  const node = el("ul", { class: "fault-list", "aria-label": "What goes wrong at present" });
  const draw = () =>
    fill(
      node,
      troubles().map((sentence) => el("li", {}, sentence)),
    );
  on("faults", draw);
  on("state", draw);
  draw();
  return node;
}

function playersPart() {
  const button = action("", () => ask("players", { here: !app.players }));
  const draw = () =>
    (button.textContent = app.players ? "Send the three players away" : "Add three players");
  on("state", draw);
  draw();
  return el(
    "section",
    { "aria-labelledby": "controls-players" },
    el("h3", { id: "controls-players" }, "Company"),
    button,
    el("p", { class: "muted" }, "They answer questions that have buttons, often wrong and sometimes late."),
  );
}

function resetPart() {
  const reset = (event) => {
    const button = event.currentTarget;
    if (button.dataset.sure) {
      ask("reset", {});
      return;
    }
    button.dataset.sure = "yes";
    button.textContent = "Really delete everything?";
    setTimeout(() => {
      delete button.dataset.sure;
      button.textContent = "Start afresh";
    }, 5000);
  };
  return el(
    "section",
    { "aria-labelledby": "controls-reset" },
    el("h3", { id: "controls-reset" }, "Reset"),
    action("Start afresh", reset, "danger"),
  );
}

/** Draws the panel once the state is there. */
export function startControls() {
  fill(
    document.getElementById("controls"),
    panelHead("Playground controls"),
    timePart(),
    playersPart(),
    troublePart(),
    resetPart(),
  );
}
