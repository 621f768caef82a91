// A bot's form, as a dialog. Cancelling it tells the bot nothing, as in Discord.

import { el, fill, icon, iconButton, uniqueId } from "../lib/dom.js";
import { makeField } from "./fields.js";
import { submit } from "./interactions.js";
import { markup } from "../lib/markup.js";

const TEXT_DISPLAY = 10;
const UNKNOWN = "A part of this form cannot be shown here.";
const FAILED = "Something went wrong. Try again.";

/** One labelled field; `wrapper` is a label component (18) or an action row (1). */
function field(wrapper) {
  const component = wrapper.component ?? wrapper.components[0];
  const name = wrapper.label ?? component.label ?? "Field";
  const made = makeField(component, name);
  if (!made) return null;
  const id = uniqueId("field");
  const error = el("p", { class: "field-error", id: `${id}-error` });
  const describedBy = [wrapper.description && `${id}-about`, error.id].filter(Boolean).join(" ");
  made.control.id = id;
  made.control.setAttribute("aria-describedby", describedBy);
  const required =
    component.required !== false && el("span", { class: "required", "aria-hidden": "true" }, " *");
  const node = el(
    "div",
    { class: "modal-field" },
    el("label", { for: id }, name, required),
    wrapper.description && el("p", { class: "field-about", id: `${id}-about` }, wrapper.description),
    made.node,
    error,
  );
  const check = () => {
    const problem = made.problem();
    error.textContent = problem ?? "";
    made.control.setAttribute("aria-invalid", String(Boolean(problem)));
    return !problem;
  };
  return { id: component.custom_id, node, value: made.value, check, control: made.control };
}

function part(component, fields, texts) {
  if (component.type === TEXT_DISPLAY) {
    const id = uniqueId("text");
    texts.push(id);
    return el("div", { class: "modal-text", id }, markup(component.content));
  }
  const made = component.component || component.components ? field(component) : null;
  if (!made) return el("p", { class: "unknown-part" }, UNKNOWN);
  fields.push(made);
  return made.node;
}

/** Opens the form of a modal_open event. */
export function openModal(opened) {
  const fields = [];
  const texts = [];
  const titleId = uniqueId("modal");
  const failure = el("div", { class: "modal-failure", role: "alert" });
  const send = el("button", { type: "submit", class: "button primary" }, "Submit");
  const form = el(
    "form",
    { class: "modal-form", novalidate: true },
    el(
      "div",
      { class: "modal-parts" },
      opened.components.map((component) => part(component, fields, texts)),
    ),
    failure,
    el(
      "div",
      { class: "modal-actions" },
      el("button", { type: "button", class: "button secondary", onclick: () => dialog.close() }, "Cancel"),
      send,
    ),
  );
  const dialog = el(
    "dialog",
    { class: "modal", "aria-labelledby": titleId, "aria-describedby": texts.join(" ") || null },
    el(
      "header",
      {},
      el("h2", { id: titleId }, opened.title),
      iconButton("Close", "close", () => dialog.close()),
    ),
    form,
  );
  const fail = (sentence) => {
    send.removeAttribute("aria-busy");
    fill(failure, icon("warning"), sentence);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (send.getAttribute("aria-busy") === "true") return;
    const wrong = fields.filter((one) => !one.check());
    if (wrong.length > 0) {
      wrong[0].control.focus();
      return;
    }
    fill(failure);
    send.setAttribute("aria-busy", "true");
    const values = Object.fromEntries(fields.map((one) => [one.id, one.value()]));
    submit(opened, values, { done: () => dialog.close(), failed: () => fail(FAILED), refused: fail });
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  fields[0]?.control.focus();
}
