// Discord's markdown as data: blocks of inline nodes. Nothing here touches the page.

import { parseInline } from "./inline.js";

const FENCE = /```(?:([\w+#.-]*)\n)?([\s\S]*?[^`\s][\s\S]*?)```/g;
const LIST_ITEM = /^( *)([-*]|\d{1,9}\.) +(.*\S.*)$/;

function listOf(lines) {
  const root = { indent: -1, children: [] };
  const stack = [root];
  for (const line of lines) {
    const match = line.match(LIST_ITEM);
    if (!match) {
      stack.at(-1).text += `\n${line.trim()}`;
      continue;
    }
    const [, spaces, marker, text] = match;
    while (stack.length > 1 && stack.at(-1).indent >= spaces.length) stack.pop();
    const item = { indent: spaces.length, marker, text, children: [] };
    stack.at(-1).children.push(item);
    stack.push(item);
  }
  const build = (items) => ({
    type: "list",
    ordered: /\d/.test(items[0].marker),
    start: Number.parseInt(items[0].marker, 10) || 1,
    items: items.map((item) => ({
      children: parseInline(item.text),
      list: item.children.length > 0 ? build(item.children) : null,
    })),
  });
  return build(root.children);
}

/** Lists of one kind in a row: a numbered one after a dotted one is a list of its own. */
function splitByKind(lines) {
  const lists = [];
  let kind = null;
  for (const line of lines) {
    const match = line.match(LIST_ITEM);
    const isTop = match && match[1].length < 2;
    const ordered = isTop ? /\d/.test(match[2]) : kind;
    if (lists.length === 0 || ordered !== kind) lists.push([]);
    kind = ordered;
    lists.at(-1).push(line);
  }
  return lists;
}

function oneLineBlock(line) {
  const heading = line.match(/^(#{1,3}) +(.*\S.*)$/);
  if (heading) return { type: "heading", level: heading[1].length, children: parseInline(heading[2]) };
  const small = line.match(/^-# +(.*\S.*)$/);
  return small && { type: "subtext", children: parseInline(small[1]) };
}

function takeWhile(lines, from, test) {
  let end = from;
  while (end < lines.length && test(lines[end])) end += 1;
  return lines.slice(from, end);
}

function textBlocks(text, quoted) {
  const lines = text.split("\n");
  const blocks = [];
  let plain = [];
  const flush = () => {
    const joined = plain.join("\n").replace(/^\s*\n|\s+$/g, "");
    if (joined) blocks.push({ type: "paragraph", children: parseInline(joined) });
    plain = [];
  };
  for (let index = 0; index < lines.length;) {
    const line = lines[index];
    const single = oneLineBlock(line);
    if (single) {
      flush();
      blocks.push(single);
      index += 1;
    } else if (!quoted && line.startsWith(">>> ")) {
      flush();
      const rest = [line.slice(4), ...lines.slice(index + 1)];
      blocks.push({ type: "quote", blocks: textBlocks(rest.join("\n"), true) });
      index = lines.length;
    } else if (!quoted && /^>(?: |$)/.test(line)) {
      flush();
      const quote = takeWhile(lines, index, (next) => /^>(?: |$)/.test(next));
      blocks.push({ type: "quote", blocks: textBlocks(quote.map((next) => next.slice(2)).join("\n"), true) });
      index += quote.length;
    } else if (LIST_ITEM.test(line)) {
      flush();
      const list = takeWhile(lines, index, (next) => LIST_ITEM.test(next) || /^ {2,}\S/.test(next));
      blocks.push(...splitByKind(list).map(listOf));
      index += list.length;
    } else {
      plain.push(line);
      index += 1;
    }
  }
  flush();
  return blocks;
}

/** Discord's markdown as a list of blocks. */
export function parse(source) {
  const blocks = [];
  let from = 0;
  for (const match of source.matchAll(FENCE)) {
    if (source[match.index - 1] === "\\") continue;
    blocks.push(...textBlocks(source.slice(from, match.index), false));
    blocks.push({ type: "fence", language: match[1] ?? "", text: match[2].replace(/\n$/, "") });
    from = match.index + match[0].length;
  }
  blocks.push(...textBlocks(source.slice(from), false));
  return blocks;
}

function nodeWords(node, name) {
  switch (node.type) {
    case "text":
    case "code":
    case "fence":
    case "everyone":
      return node.text;
    case "spoiler":
      return "(spoiler)";
    case "emoji":
      return `:${node.name}:`;
    case "user":
    case "role":
    case "channel":
    case "command":
    case "time":
      return name(node);
    case "quote":
      return node.blocks.map((block) => nodeWords(block, name)).join(" ");
    case "list":
      return node.items
        .map((item) => nodeWords(item, name) + (item.list ? ` ${nodeWords(item.list, name)}` : ""))
        .join(". ");
    default:
      return node.children.map((child) => nodeWords(child, name)).join("");
  }
}

/** The text to be read out, without anything that a spoiler covers; `name` gives mentions and times their words. */
export function words(source, name) {
  return parse(source)
    .map((block) => nodeWords(block, name))
    .join(". ");
}

/** Every moment that a text names, in unix seconds. */
export function moments(source) {
  return [...source.matchAll(/<t:(\d{1,13})(?::[tTdDfFsSR])?>/g)].map((match) => Number(match[1]));
}
