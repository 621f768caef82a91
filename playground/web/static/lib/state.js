// What the page knows. Parts change it and say so with emit(); others listen with on().

const bus = new EventTarget();

export const THREAD_TYPES = new Set([10, 11, 12]);
export const MESSAGE_CHANNELS = new Set([0, 1, 2, 5, 10, 11, 12, 13]);

/** `offset` is how many seconds the playground's clock is ahead of this computer's. */
export const app = {
  user: "",
  guild: { id: "", name: "" },
  channels: [],
  members: [],
  roles: [],
  commands: [],
  bot: { id: "", name: "the bot", avatar_url: null, online: false, in_guild: false },
  dm: null,
  offset: 0,
  faults: {},
  players: false,
  hints: { first_command: null, times: null },
  channel: "",
  unread: new Map(),
};

export function on(type, listener) {
  bus.addEventListener(type, (event) => listener(event.detail));
}

export function emit(type, detail) {
  bus.dispatchEvent(new CustomEvent(type, { detail }));
}

/** Takes over the answer of GET /playground/state. */
export function adopt(state) {
  Object.assign(app, state, { bot: { ...state.bot, name: state.bot.display_name } });
  emit("state");
}

export function findChannel(id) {
  return app.channels.find((channel) => channel.id === id);
}

export function findMember(id) {
  return app.members.find((member) => member.id === id);
}

/** The person whom this tab acts as. */
export function me() {
  return findMember(app.user);
}

/** True when the open channel is the direct message with the bot. */
export function inDirectMessage() {
  return app.dm !== null && app.channel === app.dm.id;
}

/** True for a message that is meant for the acting person by a mention. */
export function mentionsMe(message) {
  const mine = app.roles.filter((role) => me()?.roles.includes(role.name)).map((role) => role.id);
  return (
    message.mention_everyone ||
    message.mentions.some((user) => user.id === app.user) ||
    message.mention_roles.some((id) => mine.includes(id))
  );
}

/** What the open channel is called, with its sign. */
export function channelTitle(id = app.channel) {
  if (app.dm && id === app.dm.id) return app.bot.name;
  const channel = findChannel(id);
  if (!channel) return "";
  return THREAD_TYPES.has(channel.type) ? channel.name : `#${channel.name}`;
}

/** A person's display name; `known` is a message's own table of names. */
export function nameOf(id, known = {}) {
  if (id === app.bot.id) return app.bot.name;
  return findMember(id)?.display_name ?? known[id] ?? "unknown user";
}

/** Snowflakes are too long for numbers: compares them as -1, 0 or 1. */
export function compareIds(left, right) {
  if (left.length !== right.length) return left.length < right.length ? -1 : 1;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
