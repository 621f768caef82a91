// Cards over the page: what one can do with a person or a message.

import { el, uniqueId } from "./dom.js";

/** Closes the card whose button or link was pressed. */
export function closeCard(event) {
  event.currentTarget.closest("dialog").close();
}

/** A card's button. It closes the card, then does its work. */
export function cardButton(words, run, label = null) {
  const press = (event) => {
    closeCard(event);
    run?.();
  };
  return el("button", { type: "button", class: "button secondary", "aria-label": label, onclick: press }, words);
}

/** Opens a card with these parts below its heading; a click beside it closes it. */
export function openCard(heading, { above = null, parts, actions }) {
  const id = uniqueId("card");
  const card = el(
    "dialog",
    { class: "profile", "aria-labelledby": id },
    above,
    el("h2", { id }, heading),
    parts,
    el("div", { class: "profile-actions" }, actions, cardButton("Close")),
  );
  card.addEventListener("click", (event) => event.target === card && card.close());
  card.addEventListener("close", () => card.remove());
  document.body.append(card);
  card.showModal();
}
