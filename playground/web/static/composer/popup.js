// The one list above the message box: commands while a name is typed, completions while an option is.

import { el, fill } from "../lib/dom.js";

/** Shows a Listbox with a heading for the input that has the focus. */
export class Popup {
  constructor() {
    this.title = el("div", { class: "popup-title" });
    this.holder = el("div", { class: "popup-list" });
    this.note = el("div", { class: "popup-note", role: "status" });
    this.node = el("div", { class: "popup", hidden: true }, this.title, this.holder, this.note);
    this.owner = null;
  }

  get isOpen() {
    return !this.node.hidden;
  }

  /** Tells screen readers whether the list is open, if the owner can: a textarea cannot. */
  expand(isOpen) {
    if (this.owner?.hasAttribute("aria-expanded")) this.owner.setAttribute("aria-expanded", String(isOpen));
  }

  /** `owner` is the input whose list this is. */
  open(owner, listbox, title, note = "") {
    if (this.owner && this.owner !== owner) this.close();
    this.owner = owner;
    fill(this.title, title);
    if (this.holder.firstChild !== listbox.node) fill(this.holder, listbox.node);
    this.note.textContent = note;
    this.node.hidden = false;
    this.expand(true);
  }

  /** Closes it, or only if it belongs to `owner`. */
  close(owner = this.owner) {
    if (owner !== this.owner) return;
    this.node.hidden = true;
    this.note.textContent = "";
    this.expand(false);
    this.owner?.removeAttribute("aria-activedescendant");
    this.owner = null;
  }
}
