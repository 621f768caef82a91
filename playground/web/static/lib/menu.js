// Discord's select menus: a button that opens a list, with a search where people or places are chosen.

import { avatar } from "./avatar.js";
import { el, fill, icon, uniqueId } from "./dom.js";
import { Listbox } from "./listbox.js";
import { emojiMark } from "./markup.js";
import { MESSAGE_CHANNELS, THREAD_TYPES, app } from "./state.js";

/** The types of component that are select menus. */
export const SELECTS = new Set([3, 5, 6, 7, 8]);
const SEARCH_FROM = 11;
const TYPE_AHEAD_RESET = 700;

/** People as options, and the bot after them. */
export function people() {
  const rows = app.members.map((member) => ({
    value: member.id,
    label: member.display_name,
    detail: member.name,
    lead: avatar(member.id, member.display_name, "small"),
  }));
  const lead = avatar(app.bot.id, app.bot.name, "small");
  return [...rows, { value: app.bot.id, label: app.bot.name, detail: "app", lead }];
}

export function roles() {
  return app.roles.map((role) => ({ value: role.id, label: role.name, lead: "role" }));
}

/** Channels as options, of the given types if any are given. */
export function channels(types) {
  const wanted = types?.length ? new Set(types) : MESSAGE_CHANNELS;
  return app.channels
    .filter((channel) => wanted.has(channel.type))
    .map((channel) => ({
      value: channel.id,
      label: channel.name,
      lead: THREAD_TYPES.has(channel.type) ? "thread" : "hash",
    }));
}

/** The options of a select component, whichever kind it is. */
function optionsOf(component) {
  switch (component.type) {
    case 3:
      return component.options.map((option) => ({
        value: option.value,
        label: option.label,
        detail: option.description,
        lead: emojiMark(option.emoji),
      }));
    case 5:
      return people();
    case 6:
      return roles();
    case 7:
      return [...people(), ...roles()];
    default:
      return channels(component.channel_types);
  }
}

function preselected(component) {
  if (component.type === 3)
    return component.options.filter((option) => option.default).map((option) => option.value);
  return (component.default_values ?? []).map((choice) => choice.id);
}

function place(popup, anchor) {
  const box = anchor.getBoundingClientRect();
  const below = window.innerHeight - box.bottom;
  const height = Math.min(popup.scrollHeight, 320);
  popup.style.setProperty("width", `${Math.max(box.width, 220)}px`);
  popup.style.setProperty(
    "left",
    `${Math.max(8, Math.min(box.left, window.innerWidth - Math.max(box.width, 220) - 8))}px`,
  );
  const up = below < height + 12 && box.top > below;
  popup.style.setProperty("top", up ? "auto" : `${box.bottom + 4}px`);
  popup.style.setProperty("bottom", up ? `${window.innerHeight - box.top + 4}px` : "auto");
}

class Menu {
  constructor(component, { label, oncommit }) {
    this.component = component;
    this.oncommit = oncommit;
    this.minimum = component.min_values ?? 1;
    this.maximum = component.max_values ?? 1;
    this.name = label ?? component.placeholder ?? "Make a selection";
    this.values = preselected(component);
    this.button = this.makeButton();
    this.node = el("div", { class: "menu" }, this.button);
    this.describe();
  }

  get isMultiple() {
    return this.maximum > 1;
  }

  makeButton() {
    const button = el("button", {
      type: "button",
      class: "menu-button",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      disabled: this.component.disabled,
      "data-control": this.component.custom_id,
      onclick: () => (this.popup ? this.close(true) : this.open()),
    });
    button.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        this.open();
      }
    });
    return button;
  }

  describe() {
    const chosen = optionsOf(this.component).filter((option) => this.values.includes(option.value));
    const words = chosen.map((option) => option.label).join(", ");
    const placeholder = this.component.placeholder ?? "Make a selection";
    this.button.setAttribute("aria-label", words ? `${this.name}: ${words}` : this.name);
    fill(
      this.button,
      el("span", { class: words ? "menu-words" : "menu-words placeholder" }, words || placeholder),
      icon("chevron"),
    );
  }

  open() {
    if (this.popup || this.button.disabled) return;
    this.all = optionsOf(this.component);
    this.draft = [...this.values];
    this.list = new Listbox({
      label: this.name,
      multiple: this.isMultiple,
      onpick: (option) => this.pick(option),
      onactive: (id) => this.keyboard?.setAttribute("aria-activedescendant", id ?? ""),
    });
    const searchable = this.component.type !== 3 || this.all.length >= SEARCH_FROM;
    this.keyboard = searchable ? this.makeSearch() : this.list.node;
    if (!searchable) this.list.node.tabIndex = 0;
    this.status = el("div", { class: "menu-status", role: "status", id: uniqueId("status") });
    this.popup = el(
      "div",
      { class: "menu-popup", popover: "manual" },
      searchable && this.keyboard,
      this.list.node,
      this.status,
      this.isMultiple &&
        el(
          "div",
          { class: "menu-actions" },
          el(
            "button",
            { type: "button", class: "button primary small", onclick: () => this.close(true) },
            "Done",
          ),
        ),
    );
    this.popup.addEventListener("keydown", (event) => this.key(event));
    this.node.append(this.popup);
    this.render(this.all);
    this.popup.showPopover();
    place(this.popup, this.button);
    this.button.setAttribute("aria-expanded", "true");
    this.keyboard.focus();
    this.outside = (event) => {
      if (!this.node.contains(event.target)) this.close(true);
    };
    this.follow = () => this.popup && place(this.popup, this.button);
    document.addEventListener("pointerdown", this.outside, true);
    document.addEventListener("scroll", this.follow, true);
  }

  makeSearch() {
    const input = el("input", {
      type: "text",
      class: "menu-search",
      role: "combobox",
      placeholder: "Search",
      "aria-label": `Search ${this.name}`,
      "aria-expanded": "true",
      "aria-controls": this.list.id,
      "aria-autocomplete": "list",
      autocomplete: "off",
    });
    input.addEventListener("input", () => {
      const query = input.value.trim().toLocaleLowerCase();
      this.render(this.all.filter((option) => option.label.toLocaleLowerCase().includes(query)));
    });
    return input;
  }

  render(options) {
    const start = Math.max(
      0,
      options.findIndex((option) => this.draft.includes(option.value)),
    );
    this.list.show(options, { active: options.length ? start : -1, selected: new Set(this.draft) });
    if (options.length === 0) this.status.textContent = "Nothing found.";
    else
      this.status.textContent = this.isMultiple
        ? `${this.draft.length} of at most ${this.maximum} chosen`
        : "";
  }

  pick(option) {
    const has = this.draft.includes(option.value);
    if (!this.isMultiple) {
      this.draft = has && this.minimum === 0 ? [] : [option.value];
      this.close(true);
      return;
    }
    if (has) this.draft = this.draft.filter((value) => value !== option.value);
    else if (this.draft.length < this.maximum) this.draft.push(option.value);
    const { active, options } = this.list;
    this.render(options);
    this.list.activate(active);
  }

  key(event) {
    const typing = this.keyboard.tagName === "INPUT";
    if (this.list.navigate(event, { edges: !typing })) return;
    if (event.target.tagName === "BUTTON" && event.key !== "Escape") return;
    if (event.key === "Enter" || (event.key === " " && !typing)) {
      event.preventDefault();
      if (this.list.current) this.pick(this.list.current);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close(false);
    } else if (event.key === "Tab" && !this.isMultiple) {
      this.close(false);
    } else if (!typing && event.key.length === 1) {
      this.typeAhead(event.key);
    }
  }

  typeAhead(letter) {
    clearTimeout(this.forget);
    this.typed = (this.typed ?? "") + letter.toLocaleLowerCase();
    this.forget = setTimeout(() => (this.typed = ""), TYPE_AHEAD_RESET);
    const index = this.list.options.findIndex((option) =>
      option.label.toLocaleLowerCase().startsWith(this.typed),
    );
    if (index >= 0) this.list.activate(index);
  }

  /** `commit` keeps the choice if it is allowed and new. */
  close(commit) {
    if (!this.popup) return;
    document.removeEventListener("pointerdown", this.outside, true);
    document.removeEventListener("scroll", this.follow, true);
    const hadFocus = this.popup.contains(document.activeElement);
    this.popup.remove();
    this.popup = null;
    this.button.setAttribute("aria-expanded", "false");
    if (hadFocus) this.button.focus();
    const allowed =
      this.draft.length >= this.minimum || (this.draft.length === 0 && this.component.required === false);
    const changed = this.draft.join() !== this.values.join();
    if (!commit || !allowed || !changed) return;
    this.values = this.draft;
    this.describe();
    this.oncommit?.(this.values);
  }
}

/**
 * A select component. `oncommit(values)` is called for each new choice; `label` is its accessible name.
 * Returns {node, button, values()}.
 */
export function menu(component, { label, oncommit } = {}) {
  const made = new Menu(component, { label, oncommit });
  return { node: made.node, button: made.button, values: () => made.values };
}
