// The kinds of field that a form can have. Each is {control, node, value(), problem()}.

import { el, uniqueId } from "../lib/dom.js";
import { contentOf } from "../lib/files.js";
import { SELECTS, menu } from "../lib/menu.js";

const TEXT_INPUT = 4;
const FILE_UPLOAD = 19;
const RADIO_GROUP = 21;
const CHECKBOX_GROUP = 22;
const CHECKBOX = 23;
const NOTHING_CHOSEN = "Choose an option.";

function lengthProblem(component, text) {
  const { min_length: least = 0, max_length: most = 4000 } = component;
  const length = [...text].length;
  if (component.required !== false && length === 0) return "This is required.";
  if (length > 0 && length < least) return `Write at least ${least} characters.`;
  return length > most ? `Write at most ${most} characters.` : null;
}

function textField(component) {
  const isLong = component.style === 2;
  const props = {
    class: "field",
    placeholder: component.placeholder,
    maxlength: component.max_length ?? 4000,
    "aria-required": String(component.required !== false),
    autocomplete: "off",
  };
  const input = el(
    isLong ? "textarea" : "input",
    isLong ? { ...props, rows: 5 } : { ...props, type: "text" },
  );
  input.value = component.value ?? "";
  return {
    control: input,
    node: input,
    value: () => input.value,
    problem: () => lengthProblem(component, input.value),
  };
}

function menuField(component, label) {
  const made = menu(component, { label });
  const isMissing = () => component.required !== false && made.values().length < (component.min_values ?? 1);
  return {
    control: made.button,
    node: made.node,
    value: made.values,
    problem: () => (isMissing() ? NOTHING_CHOSEN : null),
  };
}

function optionRow(kind, group, option) {
  const input = el("input", { type: kind, name: group, value: option.value, id: uniqueId("option") });
  input.checked = Boolean(option.default);
  const words = el(
    "label",
    { for: input.id },
    option.label,
    option.description && el("span", { class: "field-about" }, option.description),
  );
  return { input, node: el("div", { class: "check-row" }, input, words) };
}

function groupField(component, label) {
  const isRadio = component.type === RADIO_GROUP;
  const rows = component.options.map((option) =>
    optionRow(isRadio ? "radio" : "checkbox", component.custom_id, option),
  );
  const node = el(
    "div",
    { role: isRadio ? "radiogroup" : "group", "aria-label": label, class: "check-group", tabindex: "-1" },
    rows.map((row) => row.node),
  );
  const chosen = () => rows.filter((row) => row.input.checked).map((row) => row.input.value);
  const least = component.required === false ? 0 : (component.min_values ?? 1);
  const most = isRadio ? 1 : (component.max_values ?? rows.length);
  const problem = () => {
    if (chosen().length < least) return least > 1 ? `Choose at least ${least}.` : NOTHING_CHOSEN;
    return chosen().length > most ? `Choose at most ${most}.` : null;
  };
  return { control: node, node, value: () => (isRadio ? (chosen()[0] ?? null) : chosen()), problem };
}

function checkField(component) {
  const input = el("input", { type: "checkbox" });
  input.checked = Boolean(component.default);
  return { control: input, node: input, value: () => input.checked, problem: () => null };
}

function fileField(component) {
  const least = component.required === false ? 0 : (component.min_values ?? 1);
  const most = component.max_values ?? 1;
  const input = el("input", { type: "file", class: "field", multiple: most > 1 });
  let held = [];
  let reading = false;
  input.addEventListener("change", async () => {
    reading = true;
    held = await Promise.all([...input.files].map(contentOf));
    reading = false;
  });
  const problem = () => {
    if (reading) return "The file is still being read.";
    if (held.length < least) return least > 1 ? `Choose at least ${least} files.` : "Choose a file.";
    return held.length > most ? `Choose at most ${most}.` : null;
  };
  return { control: input, node: input, value: () => held, problem };
}

/** The field of a component that a form can hold, or null for a kind that this page does not know. */
export function makeField(component, label) {
  if (SELECTS.has(component.type)) return menuField(component, label);
  switch (component.type) {
    case TEXT_INPUT:
      return textField(component);
    case RADIO_GROUP:
    case CHECKBOX_GROUP:
      return groupField(component, label);
    case FILE_UPLOAD:
      return fileField(component);
    case CHECKBOX:
      return checkField(component);
    default:
      return null;
  }
}
