// The playground's clock, and times as people read them (in the browser's own language and zone).

import { app } from "./state.js";

const FORMATS = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

const formatters = Object.fromEntries(
  Object.entries(FORMATS).map(([style, options]) => [style, new Intl.DateTimeFormat("en-GB", options)]),
);
const faceFormat = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** Now, in milliseconds of the playground's clock. */
export function now() {
  return Date.now() + app.offset * 1000;
}

function inWords(unix) {
  const seconds = Math.round(unix - now() / 1000);
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(seconds, "second");
}

/** False for anything that is not a number, or outside the range of dates. */
export function isMoment(unix) {
  return !Number.isNaN(new Date(unix * 1000).valueOf());
}

/** The words for <t:unix:style>; an unknown style reads as `f`. */
export function formatTime(unix, style) {
  if (!isMoment(unix)) return "Invalid date";
  if (style === "R") return inWords(unix);
  return (formatters[style] ?? formatters.f).format(new Date(unix * 1000));
}

function dayNumber(milliseconds) {
  const date = new Date(milliseconds);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** A message's time beside its author: "Today at 14:03". */
export function messageTime(iso) {
  const moment = Date.parse(iso);
  if (Number.isNaN(moment)) return "";
  const days = dayNumber(now()) - dayNumber(moment);
  const clock = formatTime(moment / 1000, "t");
  if (days === 0) return `Today at ${clock}`;
  if (days === 1) return `Yesterday at ${clock}`;
  return `${formatTime(moment / 1000, "d")} ${clock}`;
}

/** True when two ISO times fall on different days here. */
export function differentDay(left, right) {
  return dayNumber(Date.parse(left)) !== dayNumber(Date.parse(right));
}

/** Keeps every running time on the page true: once a second, and only where the words change. */
export function runClocks() {
  const renew = (node, words) => {
    if (node.textContent !== words) node.textContent = words;
  };
  const tick = () => {
    for (const node of document.querySelectorAll("time[data-running]"))
      renew(node, formatTime(Number(node.dataset.running), node.dataset.style));
    for (const node of document.querySelectorAll("time.message-time")) renew(node, messageTime(node.dateTime));
    const face = document.querySelector("[data-clock]");
    if (face)
      face.textContent = `${formatTime(now() / 1000, "F").replace(/,? at .*| \d\d:\d\d$/, "")}, ${formatTime(now() / 1000, "T")}`;
  };
  setInterval(tick, 1000);
  return tick;
}
