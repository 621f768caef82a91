// The bot's commands as a flat list: one entry for everything that can be typed after the slash.

import { app, inDirectMessage } from "../lib/state.js";

const TYPED = 1;
export const PERSON_MENU = 2;
export const MESSAGE_MENU = 3;
const SUBCOMMAND = 1;
const GROUP = 2;

/** The entries of a command or of one of its parts, whose full path is given. */
function entries({ description, options = [] }, path) {
  const nested = options.filter((option) => option.type === SUBCOMMAND || option.type === GROUP);
  return nested.length > 0
    ? nested.flatMap((option) => entries(option, `${path} ${option.name}`))
    : [{ path, description, options }];
}

function isOffered(command) {
  return inDirectMessage() ? command.in_direct : command.in_server;
}

function isAllowed(command) {
  return inDirectMessage() || command.permitted;
}

/** The commands of a context menu that the acting person can use here: of PERSON_MENU or MESSAGE_MENU. */
export function menuCommands(kind) {
  return app.commands.filter((command) => command.type === kind && isOffered(command) && isAllowed(command));
}

/** What the acting person can use here, and how many more there are for others. */
export function available() {
  const here = app.commands.filter((command) => command.type === TYPED && isOffered(command));
  const open = here.filter(isAllowed);
  const list = open.flatMap((command) => entries(command, command.name));
  list.sort((left, right) => left.path.localeCompare(right.path));
  return { list, hidden: here.length - open.length };
}

/** The entry of a path such as "game start"; a path that names a whole group gives its first. */
export function findCommand(path) {
  const { list } = available();
  return list.find((entry) => entry.path === path) ?? list.find((entry) => entry.path.startsWith(`${path} `));
}

/** Entries that fit what was typed after the slash, the best first. */
export function search(query) {
  const typed = query.trim().toLocaleLowerCase();
  const { list, hidden } = available();
  const starts = list.filter((entry) => entry.path.startsWith(typed));
  const contains = list.filter(
    (entry) =>
      !starts.includes(entry) &&
      (entry.path.includes(typed) || entry.description.toLocaleLowerCase().includes(typed)),
  );
  return { list: [...starts, ...contains], hidden };
}
