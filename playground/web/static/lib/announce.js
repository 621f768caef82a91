// What is told without being looked for: words for screen readers, and short notes in the corner.

import { el } from "./dom.js";

const CLEAR_AFTER = 4000;
const TOAST_AFTER = 7000;

/** Read out politely. */
export function announce(text) {
  const line = el("div", {}, text);
  document.getElementById("live").append(line);
  setTimeout(() => line.remove(), CLEAR_AFTER);
}

/** A sentence that stays for some seconds. `kind` is "error" or "info", of which only the last one stays. */
export function toast(text, kind = "error") {
  if (kind === "info") document.querySelector("#toasts .info")?.remove();
  const note = el("div", { class: `toast ${kind}` }, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), TOAST_AFTER);
}

/** Returns a function that takes away what has gone wrong until now, and nothing that goes wrong later. */
export function earlierErrors() {
  const notes = [...document.querySelectorAll("#toasts .error")];
  return () => notes.forEach((note) => note.remove());
}

/** Runs a request; a failure is shown as a note and gives undefined. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(error.message);
    return undefined;
  }
}
