// The bot's commands as a flat list: one entry for everything that can be typed after the slash.

import { app, inDirectMessage } from "../lib/state.js";

export const PERSON_MENU = 2;
export const MESSAGE_MENU = 3;
const SUBCOMMAND = 1;
const GROUP = 2;

function leaves(command, path, options) {
  const nested = (options ?? []).filter((option) => option.type === SUBCOMMAND || option.type === GROUP);
  return nested.flatMap((option) => {
    const inner = `${path} ${option.name}`;
    if (option.type === GROUP) return leaves(command, inner, option.options);
    return [
      {
        id: command.id,
        path: inner,
        description: option.description,
        options: option.options ?? [],
        command,
      },
    ];
  });
}

function entries(command) {
  const inner = leaves(command, command.name, command.options);
  return inner.length > 0
    ? inner
    : [
        {
          id: command.id,
          path: command.name,
          description: command.description,
          options: command.options ?? [],
          command,
        },
      ];
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

/** What the acting person can use here, and how many more moderators could. */
export function available() {
  const here = app.commands.filter((command) => (command.type ?? 1) === 1 && isOffered(command));
  const open = here.filter(isAllowed);
  const list = open.flatMap(entries).sort((left, right) => left.path.localeCompare(right.path));
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
