// The stream of events from the server; it comes back by itself after a break.

import { app, emit } from "./state.js";

const FIRST_WAIT = 300;
const LONGEST_WAIT = 4000;

let wait = FIRST_WAIT;
let opened = false;

/** Opens the stream. Emits `live:<type>` for each event, `connected` (again: boolean) and `disconnected`. */
export function connect() {
  const url = new URL(`/playground/live?user=${encodeURIComponent(app.user)}`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.addEventListener("open", () => {
    wait = FIRST_WAIT;
    emit("connected", opened);
    opened = true;
  });
  socket.addEventListener("message", ({ data }) => {
    const event = JSON.parse(data);
    emit(`live:${event.type}`, event);
  });
  socket.addEventListener("close", () => {
    emit("disconnected");
    setTimeout(connect, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  });
}
