// Files on their way to the bot.

const CHUNK = 32_768;

/** A file as the server takes it: its name, and its bytes in base64. */
export async function contentOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  // A call takes only so many arguments.
  for (let start = 0; start < bytes.length; start += CHUNK)
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return { filename: file.name, content: btoa(text) };
}
