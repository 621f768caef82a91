// The server's own sentences travel in `message`; everything else gets a friendly one.

import { earlierErrors } from "./announce.js";
import { app } from "./state.js";

/** An answer that is not 2xx. `message` is a sentence to show. */
export class ApiError extends Error {}

async function call(path, init) {
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiError("The playground is not answering. Is it still running?");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(body.message || `The playground answered ${response.status}.`);
  return body;
}

/** GET /playground/<name> as the acting person. */
export function get(name, query = {}) {
  return call(
    `/playground/${name}?${new URLSearchParams({ ...(app.user && { user: app.user }), ...query })}`,
  );
}

/** POST /playground/<name> with a JSON body. Where something works, what went wrong before goes. */
export async function post(name, body = {}) {
  const forget = earlierErrors();
  const answer = await call(`/playground/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (name !== "autocomplete") forget();
  return answer;
}
