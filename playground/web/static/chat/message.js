// One row of the list: a message, kept up to date in place.

import { openActions, reactionButtons } from "./actions.js";
import { announce } from "../lib/announce.js";
import { avatar } from "../lib/avatar.js";
import { formatTime, messageTime } from "../lib/clock.js";
import { choices, shape, texts, update } from "./components.js";
import { el, fill, icon, iconButton, uniqueId } from "../lib/dom.js";
import { renderEmbed } from "./embeds.js";
import { iconLine, markup, spoken } from "../lib/markup.js";
import { attachment } from "./media.js";
import { app, emit, findMember, me, mentionsMe, nameOf } from "../lib/state.js";

const LOADING = 1 << 7;
const NOTICES = { 6: "pinned a message to this channel." };

/** What a message says outside its cards; a notice of Discord's own has no text of its own. */
function contentOf(message) {
  return message.content || NOTICES[message.type];
}

function authorName(author, users) {
  return author.id === app.bot.id
    ? app.bot.name
    : (findMember(author.id)?.display_name ?? users[author.id] ?? author.global_name ?? author.username);
}

function nameButton(id, name) {
  return el(
    "button",
    {
      type: "button",
      class: "author",
      "--name-color": findMember(id)?.color,
      onclick: () => emit("profile", id),
    },
    name,
  );
}

/** The line above an answer: who used which command. */
export function replyLine(user, command) {
  const name = nameOf(user, {});
  return el(
    "div",
    { class: "reply-line" },
    icon("reply"),
    avatar(user, name, "tiny"),
    nameButton(user, name),
    " used ",
    el("span", { class: "reply-command" }, command),
  );
}

/** The content of a waiting row: three pulsing dots and its words. */
export function thinking(words) {
  return el(
    "p",
    { class: "thinking" },
    el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
    words,
  );
}

/** The whole text of a message as words, covers kept, and what can be pressed under it. */
export function messageWords(message) {
  const offered = choices(message.components);
  const parts = [
    contentOf(message),
    ...message.embeds.flatMap((embed) => [embed.title, embed.description]),
    ...texts(message.components),
  ];
  const words = parts.filter(Boolean).map((part) => spoken(part, message.users));
  return [...words, offered.length > 0 && `Choices: ${offered.join(", ")}`].filter(Boolean).join(". ");
}

export class MessageRow {
  /** `actions` is {press(message, customId, values, node), dismiss(message), remove(message)}. */
  constructor(message, actions) {
    this.actions = actions;
    this.head = el("div", { class: "message-head", id: uniqueId("author") });
    this.reply = el("div");
    this.content = el("div", { class: "message-content" });
    this.embeds = el("div", { class: "message-embeds" });
    this.components = el("div", { class: "message-components" });
    this.attachments = el("div", { class: "message-attachments" });
    this.reactions = el("div", { class: "reactions" });
    this.failure = el("div", { class: "failure", role: "alert" });
    this.footer = el("div");
    this.face = el("div", { class: "message-face" });
    this.small = el("time", { class: "message-gutter" });
    this.tools = el("div", { class: "message-tools" });
    const body = el(
      "div",
      { class: "message-body" },
      this.head,
      this.content,
      this.embeds,
      this.components,
      this.attachments,
      this.reactions,
      this.failure,
      this.footer,
    );
    this.article = el(
      "article",
      { "aria-labelledby": this.head.id, tabindex: "-1" },
      this.reply,
      this.face,
      this.small,
      body,
      this.tools,
    );
    this.node = el("li", { class: "row", "data-message": message.id }, this.article);
    this.show(message);
  }

  get isPlain() {
    return !this.message.command && !this.message.ephemeral;
  }

  show(message) {
    const before = this.message;
    this.message = message;
    const name = authorName(message.author, message.users);
    const context = {
      users: message.users,
      attachments: message.attachments,
      press: (customId, values, node) => this.actions.press(this.message, customId, values, node),
    };
    if (!before) this.showHead(message, name);
    this.showContent(message, name, before);
    const sameEmbeds = before && JSON.stringify(before.embeds) === JSON.stringify(message.embeds);
    if (!sameEmbeds)
      fill(
        this.embeds,
        message.embeds.map((embed) => renderEmbed(embed, context)),
      );
    this.keepFocus(() => update(this.components, message.components, context));
    this.showAttachments(message, before);
    this.showReactions(message, before);
    this.node.classList.toggle("ephemeral", message.ephemeral);
    this.node.classList.toggle("mentions-me", mentionsMe(message));
    if (before) this.tell(before, message, name);
  }

  showHead(message, name) {
    const { author } = message;
    if (message.command)
      this.reply.replaceWith(replyLine(message.interaction_metadata?.user?.id ?? app.user, message.command));
    fill(this.face, avatar(author.id, name));
    fill(
      this.head,
      nameButton(author.id, name),
      author.bot && el("span", { class: "badge" }, "APP"),
      el(
        "time",
        {
          class: "message-time",
          datetime: message.timestamp,
          title: formatTime(Date.parse(message.timestamp) / 1000, "F"),
        },
        messageTime(message.timestamp),
      ),
    );
    this.small.textContent = formatTime(Date.parse(message.timestamp) / 1000, "t");
    this.small.setAttribute("datetime", message.timestamp);
    if (message.ephemeral) fill(this.footer, this.ephemeralLine());
    else
      fill(
        this.tools,
        iconButton("React, or use a command", "plus", () => openActions(this.message, name)),
        me()?.is_moderator &&
          iconButton("Delete message", "trash", () => this.actions.remove(this.message)),
      );
  }

  ephemeralLine() {
    return iconLine(
      "eye",
      el("span", {}, "Only you can see this · "),
      el(
        "button",
        { type: "button", class: "text-button", onclick: () => this.actions.dismiss(this.message) },
        "Dismiss message",
      ),
    );
  }

  showContent(message, name, before) {
    if (message.flags & LOADING) {
      fill(this.content, thinking(`${name} is thinking…`));
      return;
    }
    const same =
      before &&
      !(before.flags & LOADING) &&
      before.content === message.content &&
      before.edited_timestamp === message.edited_timestamp;
    if (same) return;
    const words = contentOf(message);
    const text = words && markup(words, message.users);
    if (text && message.edited_timestamp) {
      const edited = el("span", { class: "edited" }, "(edited)");
      (text.querySelector(":scope > p:last-child") ?? text).append(edited);
    }
    fill(this.content, text);
  }

  showAttachments(message, before) {
    const components = JSON.stringify(message.components);
    const isShownAbove = (held) =>
      components.includes(`attachment://${held.filename}`) || components.includes(held.url);
    const loose = message.attachments.filter((held) => !isShownAbove(held));
    if (before && JSON.stringify(before.attachments) === JSON.stringify(message.attachments)) return;
    fill(this.attachments, loose.map(attachment));
  }

  showReactions(message, before) {
    if (before && JSON.stringify(before.reactions) === JSON.stringify(message.reactions)) return;
    const index = [...this.reactions.children].indexOf(document.activeElement);
    fill(this.reactions, reactionButtons(message));
    if (index >= 0) (this.reactions.children[index] ?? this.article).focus({ preventScroll: true });
  }

  /** Runs a change and puts the focus back on the control that had it, or on the message if that is gone. */
  keepFocus(change) {
    const active = document.activeElement;
    const inside = this.components.contains(active);
    const control = inside ? active.dataset.control : null;
    change();
    if (!inside || this.components.contains(document.activeElement)) return;
    const again =
      control && this.components.querySelector(`[data-control="${CSS.escape(control)}"]:not(:disabled)`);
    (again ?? this.article).focus({ preventScroll: true });
  }

  tell(before, message, name) {
    const isAnswer = Boolean(before.flags & LOADING) && !(message.flags & LOADING);
    const isNewShape = shape(before.components) !== shape(message.components);
    if (isAnswer || isNewShape || (message.ephemeral && messageWords(before) !== messageWords(message))) {
      announce(`${name}: ${messageWords(message)}`);
    }
  }

  /** Shows, or with null clears, what went wrong with a control of this message. */
  fail(sentence) {
    fill(this.failure, sentence && iconLine("warning", sentence));
  }
}
