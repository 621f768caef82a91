// What can be done with a message beside its own buttons: a reaction, and the bot's commands for messages.

import { MESSAGE_MENU, menuCommands } from "../composer/commands.js";
import { el, uniqueId } from "../lib/dom.js";
import { react, useMenu } from "./interactions.js";
import { app } from "../lib/state.js";

const OFFERED = ["👍", "❤️", "😂", "🎉", "😮", "👀"];

function entry(label, words, run) {
  return el("button", { type: "button", class: "button secondary", "aria-label": label, onclick: run }, words);
}

/** Opens the actions of a message whose author is called `name`. */
export function openActions(message, name) {
  const title = uniqueId("actions");
  const close = () => dialog.close();
  const then = (run) => () => {
    close();
    run();
  };
  const commands = menuCommands(MESSAGE_MENU);
  const dialog = el(
    "dialog",
    { class: "profile", "aria-labelledby": title },
    el("h2", { id: title }, `${name}’s message`),
    el(
      "div",
      { class: "profile-actions", role: "group", "aria-label": "React" },
      OFFERED.map((emoji) =>
        entry(
          `React with ${emoji}`,
          emoji,
          then(() => react(message, emoji)),
        ),
      ),
    ),
    commands.length > 0 &&
      el(
        "div",
        { class: "profile-actions", role: "group", "aria-label": "Apps" },
        commands.map((command) =>
          entry(
            command.name,
            command.name,
            then(() => useMenu(command.name, { message: message.id })),
          ),
        ),
      ),
    el(
      "div",
      { class: "profile-actions" },
      el("button", { type: "button", class: "button secondary", onclick: close }, "Close"),
    ),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
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
