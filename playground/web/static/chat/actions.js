// What can be done with a message beside its own buttons: a reaction, and the bot's commands for messages.

import { MESSAGE_MENU, menuCommands } from "../composer/commands.js";
import { cardButton, openCard } from "../lib/card.js";
import { el } from "../lib/dom.js";
import { react, useMenu } from "./interactions.js";
import { app } from "../lib/state.js";

const OFFERED = ["👍", "❤️", "😂", "🎉", "😮", "👀"];

function group(label, buttons) {
  return el("div", { class: "profile-actions", role: "group", "aria-label": label }, buttons);
}

/** Opens the actions of a message whose author is called `name`. */
export function openActions(message, name) {
  const reactions = OFFERED.map((emoji) => cardButton(emoji, () => react(message, emoji), `React with ${emoji}`));
  const commands = menuCommands(MESSAGE_MENU).map((command) =>
    cardButton(command.name, () => useMenu(command.name, { message: message.id })),
  );
  openCard(`${name}’s message`, {
    parts: [group("React", reactions), commands.length > 0 && group("Apps", commands)],
  });
}

/** The reactions under a message: each a button that adds one's own, or takes it away. */
export function reactionButtons(message) {
  return message.reactions.map(({ emoji, users }) => {
    const isMine = users.includes(app.user);
    // A server's own emoji comes as its name and its id.
    const shown = emoji.replace(/^(\w+):\d+$/, ":$1:");
    return el(
      "button",
      {
        type: "button",
        class: "reaction",
        "aria-pressed": String(isMine),
        "aria-label": `${shown} ${users.length}`,
        onclick: () => react(message, emoji),
      },
      el("span", { class: "emoji" }, shown),
      el("span", {}, String(users.length)),
    );
  });
}
