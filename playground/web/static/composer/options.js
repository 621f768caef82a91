// The fields of a command's options: what may be written in them, what they complete, what they send.

import { el, uniqueId } from "../lib/dom.js";
import { contentOf } from "../lib/files.js";
import { Listbox } from "../lib/listbox.js";
import { channels, people, roles } from "../lib/menu.js";

const ASK_AFTER = 200;

const KINDS = {
  3: "text",
  4: "whole number",
  5: "yes or no",
  6: "person",
  7: "channel",
  8: "role",
  9: "person or role",
  10: "number",
  11: "file",
};

const FILE = 11;

const YES_NO = [
  { label: "True", value: true },
  { label: "False", value: false },
];

/** The fixed list of an option, or null if anything may be typed. */
function fixedList(option) {
  if (option.choices?.length)
    return option.choices.map((choice) => ({ label: choice.name, value: choice.value }));
  switch (option.type) {
    case 5:
      return YES_NO;
    case 6:
      return people();
    case 7:
      return channels(option.channel_types);
    case 8:
      return roles();
    case 9:
      return [...people(), ...roles()];
    default:
      return null;
  }
}

function parseNumber(option, text) {
  const value = Number(text);
  if (option.type === 4 && !/^-?\d+$/.test(text)) return { problem: "must be a whole number" };
  if (text.trim() === "" || !Number.isFinite(value)) return { problem: "must be a number" };
  if (option.min_value !== undefined && value < option.min_value)
    return { problem: `must be at least ${option.min_value}` };
  if (option.max_value !== undefined && value > option.max_value)
    return { problem: `must be at most ${option.max_value}` };
  return { value };
}

function parseText(option, text) {
  const length = [...text].length;
  if (option.min_length && length < option.min_length)
    return { problem: `needs at least ${option.min_length} characters` };
  if (option.max_length && length > option.max_length)
    return { problem: `takes at most ${option.max_length} characters` };
  return { value: text };
}

export class OptionField {
  /**
   * `hooks` is {popup, complete(option, text) -> Promise of [{name, value}], picked(field), send(), leave(),
   * back(field)}: `picked` follows a choice, `send` Enter, `leave` Escape, and `back` Backspace in an empty field.
   */
  constructor(option, hooks) {
    this.option = option;
    this.hooks = hooks;
    this.chosen = null;
    this.request = 0;
    const id = uniqueId("option");
    this.list = new Listbox({
      label: option.name,
      onpick: (item) => this.choose(item),
      onactive: (active) => this.point(active),
    });
    this.about = el(
      "span",
      { class: "visually-hidden", id: `${id}-about` },
      `${option.description}${option.required ? ", required" : ""}`,
    );
    this.input = el("input", {
      type: "text",
      id,
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
      "aria-describedby": `${id}-about`,
      "aria-required": String(Boolean(option.required)),
      placeholder: option.required ? KINDS[option.type] : "optional",
    });
    this.node = el(
      "span",
      { class: "option-field" },
      el("label", { for: id }, option.name),
      this.input,
      this.about,
    );
    this.input.addEventListener("focus", () => this.suggest());
    this.input.addEventListener("blur", () => hooks.popup.close(this.input));
    this.input.addEventListener("input", () => {
      this.chosen = null;
      this.mark(null);
      this.fit();
      this.suggest();
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    if (option.type === FILE) this.takeFile();
    this.fit();
  }

  /** Lets a file be chosen: the field shows its name. */
  takeFile() {
    this.file = el("input", { type: "file", hidden: "", "aria-label": `${this.option.name}: choose a file` });
    this.node.append(this.file);
    this.input.readOnly = true;
    this.input.addEventListener("click", () => this.file.click());
    this.file.addEventListener("change", async () => {
      const [file] = this.file.files;
      if (file) this.choose({ label: file.name, value: await contentOf(file) });
    });
  }

  fit() {
    const length = Math.max(this.input.value.length, this.input.placeholder.length, 6);
    this.input.style.setProperty("width", `${Math.min(length + 2, 32)}ch`);
  }

  point(active) {
    if (this.hooks.popup.owner !== this.input) return;
    if (active) this.input.setAttribute("aria-activedescendant", active);
    else this.input.removeAttribute("aria-activedescendant");
  }

  get text() {
    return this.input.value;
  }

  /** Shows what fits the text: at once for fixed lists, after a pause from the bot. */
  suggest() {
    clearTimeout(this.timer);
    const fixed = fixedList(this.option);
    if (fixed) {
      const typed = this.chosen ? "" : this.text.trim().toLocaleLowerCase();
      this.present(
        fixed.filter((item) => item.label.toLocaleLowerCase().includes(typed)),
        "Nothing fits. Choose one from the list.",
      );
    } else if (this.option.autocomplete) {
      this.request += 1;
      if (this.hooks.popup.owner !== this.input || this.list.options.length === 0)
        this.present([], "Asking the bot…");
      this.timer = setTimeout(() => this.ask(this.request), ASK_AFTER);
    } else {
      this.present([], "");
    }
  }

  async ask(mine) {
    let items = [];
    let empty = "The bot suggests nothing for this.";
    try {
      const choices = await this.hooks.complete(this.option, this.text);
      items = choices.map((choice) => ({ label: choice.name, value: choice.value }));
    } catch {
      empty = "Loading the options failed.";
    }
    if (mine === this.request && document.activeElement === this.input) this.present(items, empty);
  }

  present(items, note) {
    const isTyped = this.text !== "" && !this.chosen;
    this.hooks.popup.open(
      this.input,
      this.list,
      [el("strong", {}, this.option.name), ` ${this.option.description}`],
      items.length ? "" : note,
    );
    this.list.show(items, {
      active: isTyped && items.length ? 0 : -1,
      selected: new Set(this.chosen ? [this.chosen.value] : []),
    });
  }

  choose(item) {
    this.chosen = item;
    this.input.value = item.label;
    this.mark(null);
    this.fit();
    this.request += 1;
    clearTimeout(this.timer);
    this.hooks.popup.close(this.input);
    this.hooks.picked(this);
  }

  key(event) {
    const { popup } = this.hooks;
    const isOpen = popup.isOpen && popup.owner === this.input;
    const current = isOpen ? this.list.current : undefined;
    if (event.key === "Enter") {
      event.preventDefault();
      if (this.file && !this.chosen) {
        this.file.click();
        return;
      }
      if (current) this.choose(current);
      else this.hooks.send();
    } else if (event.key === "Tab" && !event.shiftKey && current) {
      event.preventDefault();
      this.choose(current);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (isOpen && this.list.options.length > 0) popup.close(this.input);
      else this.hooks.leave();
    } else if (event.key === "Backspace" && this.text === "") {
      event.preventDefault();
      this.hooks.back(this);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!isOpen) this.suggest();
      this.list.navigate(event, { edges: false });
    }
  }

  /** {} for an empty optional field, else {value} or {problem: "what is wrong, after the option's name"}. */
  read() {
    const text = this.text.trim();
    if (text === "") return this.option.required ? { problem: "is required" } : {};
    if (this.chosen) return { value: this.chosen.value };
    const fixed = fixedList(this.option);
    if (fixed) {
      const exact = fixed.find(
        (item) => item.label.toLocaleLowerCase() === text.toLocaleLowerCase().replace(/^[@#]/, ""),
      );
      return exact ? { value: exact.value } : { problem: "must be one from the list" };
    }
    if (this.file) return { problem: "needs a file" };
    return this.option.type === 3 ? parseText(this.option, text) : parseNumber(this.option, text);
  }

  /** Marks the field as wrong, or with null as fine. */
  mark(problem) {
    this.node.classList.toggle("wrong", Boolean(problem));
    this.input.setAttribute("aria-invalid", String(Boolean(problem)));
  }
}
