// The side parts: columns on a wide screen, drawers over the chat on a narrow one.

import { el, iconButton } from "../lib/dom.js";

const NARROW = matchMedia("(max-width: 860px)");
const SIDES = { sidebar: "sidebar", members: "panel", controls: "panel" };

let open = null;
let opener = null;

const part = (name) => document.getElementById(name);

function reflect() {
  const narrow = NARROW.matches;
  document.getElementById("app").dataset.drawer = narrow && open ? SIDES[open] : "";
  part("scrim").hidden = !(narrow && open);
  part("main").toggleAttribute("inert", narrow && open !== null);
  for (const name of Object.keys(SIDES)) part(name).toggleAttribute("inert", narrow && open !== name);
  for (const button of document.querySelectorAll("[data-opens]")) {
    const name = button.dataset.opens;
    const shown = narrow ? open === name : !part(name).hidden;
    button.setAttribute("aria-expanded", String(shown));
  }
}

/** Closes the open drawer and gives the focus back. */
export function closeDrawer() {
  if (open === null) return;
  open = null;
  reflect();
  if (opener?.isConnected) opener.focus();
}

/** The button that closes a drawer, for a screen with no room beside it. */
export function closeButton() {
  return iconButton("Close", "close", closeDrawer, { class: "icon-button narrow-only" });
}

/** The first line of a panel: its title, and the way out where it is a drawer. */
export function panelHead(title) {
  return el("div", { class: "panel-head" }, el("h2", { class: "panel-title" }, title), closeButton());
}

/** Shows a side part, or hides it if it is already shown. */
export function toggle(name) {
  const other = { members: "controls", controls: "members" }[name];
  if (NARROW.matches) {
    if (open === name) {
      closeDrawer();
      return;
    }
    opener = document.activeElement;
    open = name;
    if (other) [part(name).hidden, part(other).hidden] = [false, true];
    reflect();
    (part(name).querySelector("a, button, input, select") ?? part(name)).focus();
    return;
  }
  part(name).hidden = !part(name).hidden;
  if (other && !part(name).hidden) part(other).hidden = true;
  reflect();
}

/** Starts watching the width, Escape and clicks beside a drawer. */
export function startDrawers() {
  part("scrim").addEventListener("click", closeDrawer);
  document.addEventListener("keydown", (event) => {
    // A card over the drawer is closed first, by the browser.
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) closeDrawer();
  });
  NARROW.addEventListener("change", () => {
    open = null;
    reflect();
  });
  reflect();
}

export { reflect as refreshDrawers };
