// Who is here: the member list, a person's card, and the choice of whom to act as.

import { useMenu } from "../chat/interactions.js";
import { PERSON_MENU, menuCommands } from "../composer/commands.js";
import { avatar } from "../lib/avatar.js";
import { cardButton, closeCard, openCard } from "../lib/card.js";
import { el, icon, refill } from "../lib/dom.js";
import { panelHead } from "./drawers.js";
import { app, emit, findMember, me, on } from "../lib/state.js";

function actingLink(id) {
  return `?as=${encodeURIComponent(id)}#${app.channel}`;
}

function memberRow(id, name, about, { color = null, badge = null, online = true } = {}) {
  const isMe = id === app.user;
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        class: "member",
        "aria-haspopup": "dialog",
        onclick: () => emit("profile", id),
      },
      el(
        "span",
        { class: "face" },
        avatar(id, name, "medium"),
        el("span", { class: online ? "presence online" : "presence" }),
      ),
      el(
        "span",
        { class: "member-words" },
        el(
          "span",
          { class: "member-name", "--name-color": color },
          name,
          badge && el("span", { class: "badge" }, badge),
          isMe && el("span", { class: "you" }, "you"),
        ),
        about && el("span", { class: "member-about" }, about),
      ),
    ),
  );
}

function group(title, rows) {
  return (
    rows.length > 0 && [
      el("h3", { class: "list-title" }, `${title} — ${rows.length}`),
      el("ul", { class: "member-list" }, rows),
    ]
  );
}

function drawMembers() {
  const { bot } = app;
  const presence = bot.online ? "Online" : "Offline";
  const badge = { badge: "APP", online: bot.online };
  const row = (member) =>
    memberRow(member.id, member.display_name, member.description, { color: member.color });
  refill(
    document.getElementById("members"),
    panelHead("Members"),
    group("Moderators", app.members.filter((member) => member.is_moderator).map(row)),
    group("Members", app.members.filter((member) => !member.is_moderator).map(row)),
    group("Apps", bot.in_guild ? [memberRow(bot.id, bot.name, presence, badge)] : []),
  );
}

function openProfile(id) {
  const member = findMember(id);
  const isBot = id === app.bot.id;
  const name = isBot ? app.bot.name : (member?.display_name ?? "Unknown user");
  const to = (words, href, props = {}) => el("a", { class: "button primary", href, ...props }, words);
  const elsewhere = { class: "button secondary", target: "_blank", rel: "noopener" };
  openCard([name, isBot && el("span", { class: "badge" }, "APP")], {
    above: avatar(id, name, "large"),
    parts: member && [
      el("p", { class: "muted" }, member.name),
      member.description && el("p", {}, member.description),
      member.roles.length > 0 &&
        el(
          "p",
          { class: "roles" },
          member.roles.map((role) => el("span", { class: "role" }, role)),
        ),
    ],
    actions: [
      menuCommands(PERSON_MENU).map((command) =>
        cardButton(command.name, () => useMenu(command.name, { target: id })),
      ),
      member && id !== app.user && to(`Act as ${name}`, actingLink(id)),
      member && to([icon("external"), "In a new tab"], actingLink(id), elsewhere),
      isBot && app.dm && to("Message", `#${app.dm.id}`, { onclick: closeCard }),
    ],
  });
}

/** The panel at the bottom left: who this tab is, and who else it could be. */
export function personPicker() {
  const mine = me();
  const name = mine?.display_name ?? "Nobody";
  const items = app.members.map((member) =>
    el(
      "li",
      {},
      el(
        "a",
        { href: actingLink(member.id), "aria-current": member.id === app.user ? "true" : null },
        avatar(member.id, member.display_name, "small"),
        el(
          "span",
          { class: "member-words" },
          el("span", {}, member.display_name),
          el("span", { class: "member-about" }, member.is_moderator ? "Moderator" : member.description),
        ),
      ),
      el(
        "a",
        {
          class: "icon-button",
          href: actingLink(member.id),
          target: "_blank",
          rel: "noopener",
          "aria-label": `Act as ${member.display_name} in a new tab`,
          title: "In a new tab",
        },
        icon("external"),
      ),
    ),
  );
  const list = el("ul", { class: "person-list" }, items);
  const details = el(
    "details",
    { class: "person" },
    el(
      "summary",
      {},
      avatar(app.user, name, "medium"),
      el(
        "span",
        { class: "member-words" },
        el("span", { class: "member-about" }, "You are"),
        el("span", { class: "member-name" }, name),
      ),
      icon("chevron"),
    ),
    el("div", { class: "person-menu" }, el("p", { class: "list-title" }, "Act as"), list),
  );
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    event.stopPropagation();
    details.open = false;
    details.querySelector("summary").focus();
  });
  return details;
}

/** Draws the member list and opens people's cards. */
export function startPeople() {
  on("state", drawMembers);
  on("bot", drawMembers);
  on("profile", openProfile);
  document.addEventListener("pointerdown", (event) => {
    const open = document.querySelector("details.person[open]");
    if (open && !open.contains(event.target)) open.open = false;
  });
}
