// Covers: what is under one is neither seen, selected, found nor read out before it is uncovered.

import { el, icon } from "./dom.js";

const LABEL = "Spoiler, press to show";

function uncover(holder, cover) {
  const hadFocus = document.activeElement === cover;
  cover.remove();
  holder.classList.remove("covered");
  holder.querySelectorAll("[inert]").forEach((node) => node.removeAttribute("inert"));
  if (!hadFocus) return;
  holder.tabIndex = -1;
  holder.focus();
}

/** ||text|| within a line: the whole stretch is clickable, the button in it is for keyboards and screen readers. */
export function spoiler(children) {
  const cover = el("button", { type: "button", class: "spoiler-button", "aria-label": LABEL }, icon("eye"));
  const holder = el(
    "span",
    { class: "spoiler covered" },
    cover,
    el("span", { class: "spoiler-text", inert: true }, children),
  );
  holder.addEventListener("click", () => {
    if (holder.classList.contains("covered")) uncover(holder, cover);
  });
  return holder;
}

/** A covered box: a container or a picture. */
export function covered(content, props = {}) {
  const cover = el(
    "button",
    { type: "button", class: "cover", "aria-label": LABEL },
    el("span", { class: "cover-label" }, "Spoiler"),
  );
  content.setAttribute("inert", "");
  const holder = el("div", { class: "cover-box covered", ...props }, content, cover);
  cover.addEventListener("click", () => uncover(holder, cover));
  return holder;
}
