// A list of options with one active at a time. Its keys belong to whoever has the focus.

import { el, fill, icon, uniqueId } from "./dom.js";

/**
 * Options are {label, detail?, hint?, lead?, value}; `lead` is a node or an icon's name.
 * A `reachable` one can have the focus, for keyboards to scroll it where no combobox controls it.
 * `onpick(option)` is called for a click; `onactive(id)` when another option becomes active.
 */
export class Listbox {
  constructor({ label, multiple = false, reachable = false, onpick, onactive = () => {} }) {
    this.onpick = onpick;
    this.onactive = onactive;
    this.options = [];
    this.rows = [];
    this.active = -1;
    this.id = uniqueId("listbox");
    this.node = el("div", {
      class: "listbox",
      role: "listbox",
      id: this.id,
      "aria-label": label,
      tabindex: reachable ? "0" : null,
      "aria-multiselectable": multiple || null,
    });
  }

  /** Shows these options; `active` is the index that starts active, -1 for none. */
  show(options, { active = -1, selected = new Set() } = {}) {
    this.options = options;
    this.rows = options.map((option, index) => this.row(option, index, selected.has(option.value)));
    fill(this.node, this.rows);
    this.activate(Math.min(active, options.length - 1));
  }

  row(option, index, selected) {
    const lead = typeof option.lead === "string" ? icon(option.lead) : option.lead?.cloneNode(true);
    return el(
      "div",
      {
        class: "option",
        role: "option",
        id: `${this.id}-${index}`,
        "aria-selected": String(selected),
        onmousedown: (event) => event.preventDefault(),
        onmousemove: () => this.active !== index && this.activate(index, false),
        onclick: () => this.onpick(option),
      },
      lead && el("span", { class: "option-lead" }, lead),
      el(
        "span",
        { class: "option-main" },
        el("span", { class: "option-label" }, option.label),
        option.detail && el("span", { class: "option-detail" }, option.detail),
      ),
      option.hint && el("span", { class: "option-hint" }, option.hint),
      el("span", { class: "option-check" }, icon("check")),
    );
  }

  activate(index, scroll = true) {
    this.rows[this.active]?.classList.remove("active");
    this.active = index;
    const row = this.rows[index];
    row?.classList.add("active");
    if (row && scroll) row.scrollIntoView({ block: "nearest" });
    this.onactive(row?.id ?? null);
  }

  /** Moves the active option by `step`, around the ends. */
  move(step) {
    const count = this.options.length;
    if (count === 0) return;
    const from = this.active < 0 && step < 0 ? 0 : this.active;
    this.activate((from + step + count) % count);
  }

  get current() {
    return this.options[this.active];
  }

  /** Handles arrows, Home and End; true if it was one of them. */
  navigate(event, { edges = true } = {}) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) this.move(steps[event.key]);
    else if (edges && event.key === "Home") this.activate(0);
    else if (edges && event.key === "End") this.activate(this.options.length - 1);
    else return false;
    event.preventDefault();
    return true;
  }
}
