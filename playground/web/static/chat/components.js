// Components V2 as DOM, and the step from one version of a message to the next: what is the same stays in place.

import { cssColor, el, icon } from "../lib/dom.js";
import { emojiMark, markup } from "../lib/markup.js";
import { file, gallery, thumbnail } from "./media.js";
import { SELECTS, menu } from "../lib/menu.js";
import { covered } from "../lib/spoiler.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "secondary" };

/** What a node was made from, to tell whether it has to be made again. */
const sources = new WeakMap();

function button(component, context) {
  const content = [emojiMark(component.emoji), component.label && el("span", {}, component.label)];
  if (component.style === 5) {
    if (component.disabled || !/^(https?|discord):\/\//.test(component.url)) {
      return el(
        "button",
        { type: "button", class: "button link", disabled: true },
        content,
        icon("external"),
      );
    }
    return el(
      "a",
      { class: "button link", href: component.url, target: "_blank", rel: "noopener noreferrer" },
      content,
      icon("external"),
    );
  }
  return el(
    "button",
    {
      type: "button",
      class: `button ${STYLES[component.style] ?? "secondary"}`,
      disabled: component.disabled || component.style === 6,
      "data-control": component.custom_id,
      onclick: (event) => context.press(component.custom_id, undefined, event.currentTarget),
    },
    content,
  );
}

function container(component, context) {
  const body = el(
    "div",
    { class: "container-body" },
    component.components.map((child) => render(child, context)),
  );
  const box = el("div", { class: "container", "--container-accent": cssColor(component.accent_color) }, body);
  return component.spoiler ? covered(box) : box;
}

function section(component, context) {
  return el(
    "div",
    { class: "section" },
    el(
      "div",
      { class: "section-texts" },
      component.components.map((child) => render(child, context)),
    ),
    el("div", { class: "section-accessory" }, render(component.accessory, context)),
  );
}

function separator(component) {
  const size = component.spacing === 2 ? "large" : "small";
  return component.divider === false
    ? el("div", { class: `gap ${size}` })
    : el("hr", { class: `divider ${size}` });
}

function select(component, context) {
  const made = menu(component, {
    oncommit: (values) => context.press(component.custom_id, values, made.button),
  });
  return made.node;
}

function build(component, context) {
  if (SELECTS.has(component.type)) return select(component, context);
  switch (component.type) {
    case 1:
      return el(
        "div",
        { class: "action-row" },
        component.components.map((child) => render(child, context)),
      );
    case 2:
      return button(component, context);
    case 9:
      return section(component, context);
    case 10:
      return markup(component.content, context.users);
    case 11:
      return thumbnail(component, context.attachments);
    case 12:
      return gallery(component, context.attachments);
    case 13:
      return file(component, context.attachments);
    case 14:
      return separator(component);
    case 17:
      return container(component, context);
    default:
      return el(
        "p",
        { class: "unknown-part" },
        `A part of this message cannot be shown here (component type ${component.type}).`,
      );
  }
}

/** One component. `context` is {users, attachments, press(customId, values, node)}. */
export function render(component, context) {
  const node = build(component, context);
  sources.set(node, component);
  return node;
}

function isSame(left, right) {
  return JSON.stringify(left) === JSON.stringify(right);
}

function canGrow(old, component) {
  if (old?.type !== component.type) return false;
  if (component.type === 1) return true;
  return (
    component.type === 17 && !component.spoiler && !old.spoiler && old.accent_color === component.accent_color
  );
}

/** Makes the children of `parent` show `components`, and touches only what differs. */
export function update(parent, components, context) {
  const kept = [...parent.children];
  const wanted = components.map((component, index) => {
    const node = kept[index];
    const old = node && sources.get(node);
    if (old && isSame(old, component)) return node;
    if (old && canGrow(old, component)) {
      update(component.type === 17 ? node.firstElementChild : node, component.components, context);
      sources.set(node, component);
      return node;
    }
    return render(component, context);
  });
  wanted.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
  while (parent.children.length > wanted.length) parent.lastElementChild.remove();
}

/** All texts of components, in order: what a screen reader is told, and where times are looked for. */
export function texts(components) {
  return components.flatMap((component) => {
    if (component.type === 10) return [component.content];
    if (component.type === 17 && component.spoiler) return ["||covered||"];
    return [
      ...texts(component.components ?? []),
      ...(component.accessory ? texts([component.accessory]) : []),
    ];
  });
}

/** The labels of what can be pressed or chosen in components, for those who hear the page. */
export function choices(components) {
  return components.flatMap((component) => {
    if (component.disabled || (component.type === 17 && component.spoiler)) return [];
    if (component.type === 2) return [component.label ?? component.emoji?.name].filter(Boolean);
    if (SELECTS.has(component.type)) return [component.placeholder ?? "a menu"];
    return [
      ...choices(component.components ?? []),
      ...(component.accessory ? choices([component.accessory]) : []),
    ];
  });
}

/** The nesting of components without their contents: an edit that changes it is worth telling. */
export function shape(components) {
  return components.map((component) => `${component.type}(${shape(component.components ?? [])})`).join();
}
