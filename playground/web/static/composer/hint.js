// What a first visit sees: one sentence and one button.

import { available } from "./commands.js";
import { el, fill, iconButton } from "../lib/dom.js";
import { runCommand } from "../chat/interactions.js";
import { app, emit, on } from "../lib/state.js";

const SEEN = "playground-hint-seen";

function firstCommand() {
  const easy = available().list.filter((entry) => !entry.options.some((option) => option.required));
  return easy.find((entry) => entry.path === app.hints.first_command) ?? easy[0];
}

function close() {
  localStorage.setItem(SEEN, "yes");
  fill(document.getElementById("notice"));
}

function draw() {
  const notice = document.getElementById("notice");
  const entry = firstCommand();
  if (localStorage.getItem(SEEN) || !entry) {
    fill(notice);
    return;
  }
  const run = async () => {
    await runCommand(entry.path, {});
    emit("focus-composer");
  };
  fill(
    notice,
    el(
      "div",
      { class: "hint" },
      el(
        "p",
        {},
        el("strong", {}, "Welcome to the playground."),
        el(
          "span",
          { class: "hint-more" },
          " It is a small chat on your own computer, and the bot in it is the real one.",
        ),
        " Type ",
        el("kbd", {}, `/${entry.path}`),
        " below, or press the button.",
      ),
      el("button", { type: "button", class: "button primary", onclick: run }, `Try /${entry.path}`),
      iconButton("Hide this hint", "close", () => {
        close();
        emit("focus-composer");
      }),
    ),
  );
}

/** Shows the hint until the page was used in any way, or until it was hidden. */
export function startHint() {
  on("used", close);
  on("commands", draw);
  on("channel", draw);
  draw();
}
