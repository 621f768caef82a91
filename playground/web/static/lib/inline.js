// Discord's markdown within a paragraph, as nodes. Nothing here touches the page.

const DEEPEST = 12;
const ESCAPABLE = /^[^\p{L}\p{N}\s]/u;
const WORD = /[\p{L}\p{N}_]/u;
const BARE_LINK = /https?:\/\/[^\s<]*[^\s<.,:;"')\]!?*_~|]/y;

const ANGLED = [
  [/<@!?(\d{1,20})>/y, ([, id]) => ({ type: "user", id })],
  [/<@&(\d{1,20})>/y, ([, id]) => ({ type: "role", id })],
  [/<#(\d{1,20})>/y, ([, id]) => ({ type: "channel", id })],
  [/<\/([\w -]{1,98}):(\d{1,20})>/y, ([, path, id]) => ({ type: "command", path, id })],
  [
    /<t:(-?\d{1,13})(?::([tTdDfFsSR]))?>/y,
    ([, unix, style]) => ({ type: "time", unix: Number(unix), style: style ?? "f" }),
  ],
  [/<a?:(\w{2,32}):(\d{1,20})>/y, ([, name]) => ({ type: "emoji", name })],
  [/<(https?:\/\/[^\s<>]+)>/y, ([, url]) => ({ type: "link", url, children: [{ type: "text", text: url }] })],
];

function matchAt(pattern, source, index) {
  pattern.lastIndex = index;
  return pattern.exec(source);
}

function runLength(source, index) {
  let end = index;
  while (source[end] === source[index]) end += 1;
  return end - index;
}

/** Where a code span that opens at `index` ends, or -1. */
function codeEnd(source, index) {
  const length = runLength(source, index);
  for (let at = index + length; at < source.length;) {
    if (source[at] !== "`") {
      at += 1;
      continue;
    }
    const run = runLength(source, at);
    if (run === length) return at + run;
    at += run;
  }
  return -1;
}

/** The next place after `from` that is neither escaped nor inside code, where `test` holds; -1 if there is none. */
function scan(source, from, test) {
  for (let at = from; at < source.length;) {
    if (source[at] === "\\") {
      at += 2;
      continue;
    }
    if (at > from && test(at)) return at;
    const end = source[at] === "`" ? codeEnd(source, at) : -1;
    at = end > 0 ? end : at + 1;
  }
  return -1;
}

function closing(source, from, mark) {
  return scan(
    source,
    from,
    (at) => source.startsWith(mark, at) && (mark === "||" || source[at + mark.length] !== mark[0]),
  );
}

function singleClosing(source, from, mark) {
  let skipTo = from;
  return scan(source, from, (at) => {
    if (at < skipTo || source[at] !== mark) return false;
    if (source[at + 1] === mark) {
      const end = closing(source, at + 2, mark + mark);
      skipTo = end > 0 ? end + 2 : at + 2;
      return false;
    }
    if (mark === "_") return !WORD.test(source[at + 1] ?? "");
    return !/\s/.test(source[at - 1]);
  });
}

function wrapped(type, source, index, mark, context) {
  const end = closing(source, index + mark.length, mark);
  if (end < 0) return null;
  return {
    node: { type, children: parseInline(source.slice(index + mark.length, end), context) },
    end: end + mark.length,
  };
}

function emphasis(source, index, context) {
  const mark = source[index];
  if (mark === "_" && WORD.test(source[index - 1] ?? "")) return null;
  if (/^\s?$/.test(source[index + 1] ?? "")) return null;
  const end = singleClosing(source, index + 1, mark);
  if (end < 0) return null;
  return {
    node: { type: "italic", children: parseInline(source.slice(index + 1, end), context) },
    end: end + 1,
  };
}

function starsOrLines(source, index, context) {
  const mark = source[index];
  const type = mark === "*" ? "bold" : "underline";
  if (runLength(source, index) >= 3) {
    const end = scan(source, index + 3, (at) => source.startsWith(mark.repeat(3), at));
    if (end > 0) {
      const children = parseInline(source.slice(index + 3, end), context);
      return { node: { type, children: [{ type: "italic", children }] }, end: end + 3 };
    }
  }
  const double = source[index + 1] === mark ? wrapped(type, source, index, mark + mark, context) : null;
  return double ?? emphasis(source, index, context);
}

function codeSpan(source, index) {
  const end = codeEnd(source, index);
  if (end < 0) return null;
  const length = runLength(source, index);
  const text = source.slice(index + length, end - length);
  return { node: { type: "code", text: text.replace(/^ (?=`)|(?<=`) $/g, "") }, end };
}

/** The address inside ( ) that opens at `index`, with one level of brackets of its own. */
function target(source, index) {
  const match = matchAt(
    /\(\s*(?:<([^<>\s]*)>|((?:[^\s()<>]|\([^\s()]*\))+))(?:\s+"[^"]*")?\s*\)/y,
    source,
    index,
  );
  return match && { url: match[1] ?? match[2], end: index + match[0].length };
}

function maskedLink(source, index, context) {
  let depth = 0;
  const bracket = scan(source, index, (at) => {
    if (source[at] === "[") depth += 1;
    if (source[at] !== "]") return false;
    depth -= 1;
    return depth < 0;
  });
  const found = bracket > index + 1 && source[bracket + 1] === "(" ? target(source, bracket + 1) : null;
  if (!found || !/^https?:\/\/[^\s]+$/i.test(found.url)) return null;
  const children = parseInline(source.slice(index + 1, bracket), { ...context, inLink: true });
  return { node: { type: "link", url: found.url, children }, end: found.end };
}

function angled(source, index) {
  for (const [pattern, build] of ANGLED) {
    const match = matchAt(pattern, source, index);
    if (match) return { node: build(match), end: index + match[0].length };
  }
  return null;
}

function everyone(source, index) {
  const match = matchAt(/@(?:everyone|here)\b/y, source, index);
  return match && { node: { type: "everyone", text: match[0] }, end: index + match[0].length };
}

function bareLink(source, index, context) {
  if (context.inLink) return null;
  const match = matchAt(BARE_LINK, source, index);
  return (
    match && {
      node: { type: "link", url: match[0], children: [{ type: "text", text: match[0] }] },
      end: index + match[0].length,
    }
  );
}

function special(source, index, context) {
  switch (source[index]) {
    case "\\": {
      const next = source.slice(index + 1).match(ESCAPABLE);
      return next && { node: { type: "text", text: next[0] }, end: index + 1 + next[0].length };
    }
    case "`":
      return codeSpan(source, index);
    case "*":
    case "_":
      return starsOrLines(source, index, context);
    case "~":
      return source[index + 1] === "~" ? wrapped("strike", source, index, "~~", context) : null;
    case "|":
      return source[index + 1] === "|" ? wrapped("spoiler", source, index, "||", context) : null;
    case "[":
      return context.inLink ? null : maskedLink(source, index, context);
    case "<":
      return angled(source, index);
    case "@":
      return everyone(source, index);
    case "h":
      return bareLink(source, index, context);
    default:
      return null;
  }
}

/** Inline nodes of one stretch of text; nested deeper than DEEPEST it stays plain. */
export function parseInline(source, context = { depth: 0, inLink: false }) {
  if (context.depth > DEEPEST) return [{ type: "text", text: source }];
  const inner = { ...context, depth: context.depth + 1 };
  const nodes = [];
  let text = "";
  const flush = () => {
    if (text) nodes.push({ type: "text", text });
    text = "";
  };
  for (let index = 0; index < source.length;) {
    const found = special(source, index, inner);
    if (!found) {
      text += source[index];
      index += 1;
    } else if (found.node.type === "text") {
      text += found.node.text;
      index = found.end;
    } else {
      flush();
      nodes.push(found.node);
      index = found.end;
    }
  }
  flush();
  return nodes;
}
