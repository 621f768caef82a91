"""Private notices, which wait until their reader next uses a command."""

import logging

import discord
from discord import ui

from bot.runners.tools import Tools
from bot.storage.database import StorageFailure
from bot.storage.notices import Notices, Settled, mark_told, untold
from bot.ui.failures import DISCORD_FAILED
from bot.ui.parts import card
from bot.ui.quiz_texts import host_text
from bot.ui.reply import reply
from bot.ui.text import count, cover, plain, shorten, stamp

log = logging.getLogger(__name__)

MOST_SAID = 5
"""Of each kind; further reports are only counted, and older rounds left out."""
LONGEST_ITEM = 200


async def send_notices(interaction: discord.Interaction, tools: Tools) -> None:
    """After a command's own answer, send whoever used it the notices that waited for them here."""
    who = (interaction.guild_id or 0, interaction.user.id)
    if who not in tools.to_tell:
        return
    # First, so that two commands at once do not send them twice.
    tools.to_tell.discard(who)
    try:
        notices = await tools.database.read(untold, *who)
        if not (notices.settled or notices.ended):
            return
        await reply(interaction, notice_card(notices), private=True)
        reports = [one.number for one in notices.settled]
        await tools.database.write(mark_told, reports, [one.round_id for one in notices.ended])
    except (StorageFailure, *DISCORD_FAILED) as error:
        log.info("A notice could not be sent yet: %s", error)
        tools.to_tell.add(who)


def notice_card(notices: Notices) -> ui.LayoutView:
    """Return all of them in one card."""
    lines = [
        f"{host_text(one.channel_id, one.reason)}\n-# It ended {stamp(one.ended, 'R')}."
        for one in notices.ended[-MOST_SAID:]
    ]
    lines += [_settled_text(one) for one in notices.settled[:MOST_SAID]]
    more = len(notices.settled) - MOST_SAID
    if more > 0:
        lines.append(f"{count(more, 'more report')} of yours {'is' if more == 1 else 'are'} settled.")
    return card("\n\n".join(lines))


def _settled_text(settled: Settled) -> str:
    words = cover(f"**{plain(shorten(settled.text, LONGEST_ITEM))}**", settled.spoiler)
    void = " It is out of play here now." if settled.is_void else ""
    return f"You reported {words}\nThe moderators of this server have settled that. Thank you.{void}"
