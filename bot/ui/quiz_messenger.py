"""The round runner's Messenger: shows rounds in Discord's channels."""

import contextlib
import logging

import discord

from bot.core.asked import AskedQuestion
from bot.core.own import is_own
from bot.core.scoring import ranks
from bot.runners.messenger import AnswerView, MessageFailed, PodiumView, QuestionView
from bot.storage.catalogue import Catalogue
from bot.storage.connection import StorageFailure
from bot.storage.own_packs import OwnPacks
from bot.ui.command_names import make_clickable
from bot.ui.drawing import Drawn, draw
from bot.ui.failures import DISCORD_FAILED, failing_as
from bot.ui.names import Names
from bot.ui.parts import custom_ids_of
from bot.ui.pictures import Podium, PodiumPlayer
from bot.ui.quiz_cards import answer_card, answer_control, podium_card, question_card
from bot.ui.quiz_texts import title_of
from bot.ui.router import control_id

log = logging.getLogger(__name__)

PICTURE_PATIENCE_S = 5.0
LOOK_BACK = 25
DRAWN_PLACES = 3


class QuizMessenger:
    """Sends and edits a round's messages through its channel, as no interaction lasts that long."""

    def __init__(
        self, client: discord.AutoShardedClient, catalogue: Catalogue, own: OwnPacks, names: Names
    ) -> None:
        self._client = client
        self._catalogue = catalogue
        self._own = own
        self._names = names

    async def ask(self, view: QuestionView, nonce: str) -> int:
        """Send a question and return its message's id."""
        with failing_as(MessageFailed):
            message = await self._channel(view.plan.channel_id).send(view=question_card(view), nonce=nonce)
        return message.id

    async def find_question(self, view: QuestionView) -> int | None:
        """Return the id of the question's message if it is among the channel's last messages."""
        return await self._find(view.plan.channel_id, answer_control(view))

    async def show_question(self, view: QuestionView) -> None:
        """Edit an open question's message."""
        await self._edit(view.plan.channel_id, view.current.message_id, question_card(view))

    async def show_answer(self, view: AnswerView) -> None:
        """Edit a closed question's message to show how it ended."""
        number = await self._number(view.plan.guild_id, view.current.asked)
        await self._edit(view.plan.channel_id, view.current.message_id, answer_card(view, number))

    async def _number(self, guild_id: int, asked: AskedQuestion) -> int | None:
        """Return a question's number for its report button, or None: a failed read must not end the round."""
        try:
            pack = await self._own.get(guild_id) if is_own(asked.pack) else self._catalogue.find(asked.pack)
        except StorageFailure as failure:
            log.info("A reveal has no report button: %s", failure)
            return None
        return pack.question_numbers_by_id.get(asked.question) if pack else None

    async def show_podium(self, view: PodiumView, nonce: str) -> int:
        """Send the end of a round, with a picture if files may be attached, and return the message's id."""
        channel = self._channel(view.plan.channel_id)
        drawn = await self._draw(view)
        if drawn:
            card = make_clickable(podium_card(view, drawn), self._client)
            # Where files are forbidden the text says it all.
            with contextlib.suppress(discord.Forbidden), failing_as(MessageFailed, (discord.Forbidden,)):
                return (await channel.send(view=card, nonce=nonce, file=drawn.file())).id
        with failing_as(MessageFailed):
            card = make_clickable(podium_card(view), self._client)
            return (await channel.send(view=card, nonce=nonce)).id

    async def find_podium(self, view: PodiumView) -> int | None:
        """Return the id of the podium's message if it is among the channel's last messages."""
        return await self._find(view.plan.channel_id, control_id("again", 1, view.round_id))

    async def reopen_thread(self, channel_id: int) -> None:
        """Try to reopen a thread; whether that worked shows when something is sent there next."""
        try:
            thread = await self._client.fetch_channel(channel_id)
            if isinstance(thread, discord.Thread):
                await thread.edit(archived=False)
        except DISCORD_FAILED as error:
            log.info("The thread %d could not be reopened: %s", channel_id, error)

    def is_connected(self, guild_id: int) -> bool:
        """Return whether events of this server reach us now."""
        shard = self._client.get_shard(self.shard_of(guild_id))
        return shard is not None and not shard.is_closed()

    def shard_of(self, guild_id: int) -> int:
        """Return the number of the shard that a server's events come through."""
        return (guild_id >> 22) % (self._client.shard_count or 1)

    def _channel(self, channel_id: int) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(channel_id)

    async def _edit(self, channel_id: int, message_id: int | None, view: discord.ui.LayoutView) -> None:
        if message_id is None:
            return
        with failing_as(MessageFailed):
            # An edit of a card alone does not get the client's own allowed_mentions from discord.py.
            await (
                self._channel(channel_id)
                .get_partial_message(message_id)
                .edit(view=view, allowed_mentions=discord.AllowedMentions.none())
            )

    async def _find(self, channel_id: int, custom_id: str) -> int | None:
        """Return the id of our message with this control, or None, also if we may not look.

        Raises MessageFailed if that cannot be told just now, as sending again could be once too often.
        """
        unseen = (discord.Forbidden, discord.NotFound)
        try:
            with failing_as(MessageFailed, unseen):
                async for message in self._channel(channel_id).history(limit=LOOK_BACK):
                    if message.author == self._client.user and custom_id in custom_ids_of(message):
                        return message.id
        except unseen as error:
            log.info("The last messages of channel %d could not be read: %s", channel_id, error)
        return None

    async def _draw(self, view: PodiumView) -> Drawn | None:
        """Return the podium's picture, or None if there is nothing to draw, or no time."""
        best = [standing for standing in view.standings[:DRAWN_PLACES] if standing.points]
        if not best:
            return None
        places = ranks([standing.points for standing in best])
        return await draw(
            self._names,
            view.plan.guild_id,
            [standing.user_id for standing in best],
            lambda names: Podium(
                title=title_of(view.plan.source, self._catalogue.get(view.plan.pack)),
                questions=view.outcome.counted,
                players=len(view.standings),
                best=tuple(
                    PodiumPlayer(name, place, standing.points, standing.correct)
                    for name, place, standing in zip(names, places, best, strict=True)
                ),
            ),
            PICTURE_PATIENCE_S,
        )
