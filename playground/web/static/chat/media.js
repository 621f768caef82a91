// Pictures and files. Only what this server holds is loaded; the rest becomes a link.

import { localUrl } from "../lib/avatar.js";
import { el, icon } from "../lib/dom.js";
import { covered } from "../lib/spoiler.js";

const IMAGE = /\.(png|jpe?g|gif|webp|svg)$/i;
const SPOILER_PREFIX = "SPOILER_";

function resolve(url, attachments) {
  if (!url?.startsWith("attachment://"))
    return { url, attachment: attachments.find((file) => file.url === url) };
  const attachment = attachments.find((file) => file.filename === url.slice("attachment://".length));
  return { url: attachment?.url, attachment };
}

function readableSize(bytes) {
  if (bytes === undefined || bytes === null) return "";
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1_048_576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}

function elsewhere(url, description) {
  const words = description || "Picture on another site";
  return /^https?:\/\//.test(url ?? "")
    ? el(
        "a",
        { class: "elsewhere", href: url, target: "_blank", rel: "noopener noreferrer" },
        icon("external"),
        words,
      )
    : el("span", { class: "elsewhere" }, icon("warning"), "This picture is not here");
}

function picture(media, description, attachments, className) {
  const { url, attachment } = resolve(media?.url, attachments);
  const local = localUrl(url);
  const alt = description ?? attachment?.description ?? "";
  if (!local) return elsewhere(url, alt);
  const image = el("img", {
    src: local,
    alt: alt || "Picture without a description",
    title: alt || null,
    width: media.width ?? attachment?.width,
    height: media.height ?? attachment?.height,
  });
  return el("a", { class: className, href: local, target: "_blank", rel: "noopener" }, image);
}

/** The picture beside a section's text. */
export function thumbnail(component, attachments) {
  const node = picture(component.media, component.description, attachments, "thumbnail");
  return component.spoiler ? covered(node) : node;
}

/** One to ten pictures, laid out by their number. */
export function gallery(component, attachments) {
  const items = component.items.map((item) => {
    const node = picture(item.media, item.description, attachments, "picture");
    return item.spoiler ? covered(node) : node;
  });
  return el("div", { class: `gallery count-${Math.min(items.length, 4)}` }, items);
}

function fileCard(name, size, url) {
  return el(
    "div",
    { class: "file" },
    icon("file"),
    el(
      "div",
      { class: "file-words" },
      url ? el("a", { href: url, download: name }, name) : el("span", {}, name),
      el("span", { class: "file-size" }, readableSize(size)),
    ),
    url &&
      el(
        "a",
        {
          class: "icon-button",
          href: url,
          download: name,
          "aria-label": `Download ${name}`,
          title: `Download ${name}`,
        },
        icon("download"),
      ),
  );
}

/** The file component of Components V2. */
export function file(component, attachments) {
  const { url, attachment } = resolve(component.file?.url, attachments);
  const name = component.name ?? attachment?.filename ?? url?.split("/").pop() ?? "file";
  const node = fileCard(name, attachment?.size ?? component.size, localUrl(url));
  return component.spoiler ? covered(node) : node;
}

/** An attachment of a message without Components V2. */
export function attachment(held) {
  const isSpoiler = held.filename.startsWith(SPOILER_PREFIX);
  const isImage = held.content_type?.startsWith("image/") ?? IMAGE.test(held.filename);
  const node = isImage
    ? picture(held, held.description, [held], "picture")
    : fileCard(held.filename, held.size, localUrl(held.url));
  return isSpoiler ? covered(node) : node;
}
