"""`/questions`: a server's own questions, managed in private by those who manage the server."""

import asyncio
import io
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal, TypeVar, TypeVarTuple

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.content import DISTRACTORS, Pack
from bot.core.own import (
    MOST_BYTES,
    Change,
    Outcome,
    Part,
    Row,
    addition,
    change,
    pack_id,
    without,
    write_toml,
    written,
)
from bot.core.own_files import change_by_file, write_csv
from bot.core.refusal import Refusal
from bot.runners.apart import apart
from bot.runners.tools import Tools
from bot.storage.catalogue import LoadedPack
from bot.storage.in_play import voided_questions
from bot.storage.own_packs import as_written
from bot.ui.attachments import read_attachment
from bot.ui.choices import MOST_CHOICES, Choices
from bot.ui.confirmation import NOTHING_CHANGED
from bot.ui.own_cards import (
    LONGEST_SEARCH,
    export_card,
    faults_card,
    faults_file,
    filled_from,
    import_card,
    list_card,
    own_card,
    question_form,
    remove_card,
    values_of,
)
from bot.ui.parts import card
from bot.ui.reply import acknowledge, replace, reply, show_form
from bot.ui.rights import check_may_manage
from bot.ui.router import route
from bot.ui.text import shorten
from bot.ui.waiting import Waiting

NONE_YET = "This server has no questions of its own yet. Begin with `/questions add` or `/questions import`."
UNKNOWN = "I do not know that question. Pick one of those that come up as you type, or see `/questions list`."
REMOVED = "That question has been removed."
TOO_LONG = (
    "That took me too long to check, so nothing was imported. Please try again in a moment, or put fewer "
    "questions into a file."
)

Ts = TypeVarTuple("Ts")
T = TypeVar("T")

Draft = tuple[int | None, Mapping[str, str]]
"""A form as it was filled in, and the number of the question that it changes, None for a new one."""


@dataclass(frozen=True, slots=True)
class Import:
    """What a file has, and what it would make of a server's pack; `out` are the ids out of play there."""

    rows: Sequence[Row]
    before: Pack
    out: AbstractSet[str]
    change: Change


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class OwnQuestions(
    commands.GroupCog, group_name="questions", group_description="This server's own questions"
):
    """A server's own questions: written, changed, removed, listed, imported, exported."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._imports: Waiting[Import] = Waiting(tools.rng)
        self._drafts: Waiting[Draft] = Waiting(tools.rng)
        self._checking = asyncio.Semaphore()
        """Whoever imports waits for others who do, and nobody else waits for them."""

    @app_commands.command(description="Write a question for this server")
    async def add(self, interaction: discord.Interaction) -> None:
        """Open the form for a new question."""
        await self.begin(interaction)

    @app_commands.command(description="Change one of this server's questions")
    @app_commands.describe(question="Type words of it, and pick one")
    async def edit(self, interaction: discord.Interaction, question: str) -> None:
        """Open the form with a question."""
        pack = await self._pack(interaction)
        await self.open_form(interaction, _number(pack, question))

    @app_commands.command(description="Remove one of this server's questions")
    @app_commands.describe(question="Type words of it, and pick one")
    async def remove(self, interaction: discord.Interaction, question: str) -> None:
        """Ask whether to remove a question."""
        pack = await self._pack(interaction)
        number = _number(pack, question)
        await reply(interaction, remove_card(pack.questions[number], number), private=True)

    @edit.autocomplete("question")
    @remove.autocomplete("question")
    async def complete_question(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Return the questions that match what was typed."""
        if not interaction.permissions.manage_guild:
            return []
        pack = await self._pack(interaction)
        found = [pack.questions[number] for number in _found(pack, typed)[:MOST_CHOICES]]
        return [app_commands.Choice(name=shorten(one.prompt, 100), value=one.id) for one in found]

    @app_commands.command(name="list", description="This server's questions, all or those with some words")
    @app_commands.describe(search="Words to look for")
    async def show_list(
        self,
        interaction: discord.Interaction,
        search: app_commands.Range[str, 1, LONGEST_SEARCH] | None = None,
    ) -> None:
        """Show the first page of the questions."""
        await reply(interaction, await self._list(interaction, search or "", 0), private=True)

    @app_commands.command(name="import", description="Take questions from a .toml or .csv file")
    @app_commands.describe(file="With prompt, answer and whatever else an export has; at most 256 KiB")
    async def take(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Say what a file would change, or everything that is wrong with it."""
        check_may_manage(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        content = await read_attachment(file.url, file.size, MOST_BYTES)
        before, out = as_written(await self._pack(interaction)), await self._out(interaction)
        rows, done = await self._checked(change_by_file, before, file.filename, content, out)
        if not isinstance(done, Change):
            await replace(interaction, faults_card(done), files=faults_file(done))
            return
        waiting = self._imports.put(interaction, Import(rows, before, out, done))
        await replace(interaction, import_card(done, waiting))

    @app_commands.command(description="All of this server's questions as a file")
    @app_commands.describe(form="TOML, or CSV for a spreadsheet")
    async def export(self, interaction: discord.Interaction, form: Literal["toml", "csv"] = "toml") -> None:
        """Answer with the file."""
        pack = as_written(await self._pack(interaction))
        if not pack.questions:
            raise Refusal(NONE_YET)
        # Spreadsheets read CSV as UTF-8 only if it begins with a byte order mark.
        write, encoding = (write_toml, "utf-8") if form == "toml" else (write_csv, "utf-8-sig")
        text = await asyncio.to_thread(write, pack)
        name = f"questions.{form}"
        file = discord.File(io.BytesIO(text.encode(encoding)), name)
        await reply(interaction, export_card(len(pack.questions), name), private=True, files=[file])

    @route("own", 1, "new")
    async def begin(self, interaction: discord.Interaction) -> None:
        """Open the form for a new question."""
        check_may_manage(interaction)
        await show_form(interaction, question_form(None, {}))

    @route("own", 1, "edit")
    async def open_form(self, interaction: discord.Interaction, number: int) -> None:
        """Open the form with a question."""
        part = _part(await self._pack(interaction), number)
        await show_form(interaction, question_form(number, filled_from(written(*part))))

    @route("own", 1, "again")
    async def open_again(self, interaction: discord.Interaction, waiting: int) -> None:
        """Open a refused form again, as it was filled in."""
        check_may_manage(interaction)
        await show_form(interaction, question_form(*self._drafts.get(interaction, waiting)))

    # Public only because commands open its form too, which is then on no card.
    @route("own", 1, "save", public=True)
    async def store(
        self,
        interaction: discord.Interaction,
        number: int | None,
        *,
        prompt: str,
        answer: str,
        distractors: str,
        aliases: str,
        afterwards: str,
    ) -> None:
        """Store a new question, or what one was changed to; the parts that its form does not show stay."""
        filled = {
            "prompt": prompt,
            "answer": answer,
            "distractors": distractors,
            "aliases": aliases,
            "afterwards": afterwards,
        }
        pack, values, out = await self._pack(interaction), values_of(filled), await self._out(interaction)
        before = as_written(pack)
        if number is None:
            done = await asyncio.to_thread(addition, before, values, out)
        else:
            kept = dict(written(*_part(pack, number)))
            if len(values["distractors"]) < DISTRACTORS:
                # The form has no field for it, and buttons take three wrong answers.
                kept.pop("answers", None)
            done = await asyncio.to_thread(change, before, [Row({**kept, **values})])
        if not isinstance(done, Change):
            again = self._drafts.put(interaction, (number, filled))
            await reply(interaction, faults_card(done, again), private=True, files=faults_file(done))
            return
        await self._tools.own.replace(check_may_manage(interaction), before, done.pack)
        pack = await self._pack(interaction)
        said = "Changed. Rounds that have asked it keep it as it was."
        if number is None:
            number = pack.question_numbers_by_id.get(done.pack.questions[-1].id, 0)
            said = "Added."
        await reply(interaction, own_card(_part(pack, number), number, out, said), private=True)

    @route("own", 1, "remove")
    async def ask_removal(self, interaction: discord.Interaction, number: int) -> None:
        """Ask whether to remove a question."""
        question, _ = _part(await self._pack(interaction), number)
        await replace(interaction, remove_card(question, number))

    @route("own", 1, "gone")
    async def drop(self, interaction: discord.Interaction, number: int) -> None:
        """Remove a question."""
        guild_id = check_may_manage(interaction)
        pack = await self._tools.own.get(guild_id)
        if number in pack.questions:
            before = as_written(pack)
            after = await asyncio.to_thread(without, before, pack.questions[number].id)
            try:
                await self._tools.own.replace(guild_id, before, after)
            except Refusal:
                # A second press of the same button may have been faster.
                if number in (await self._tools.own.get(guild_id)).questions:
                    raise
        await replace(interaction, card("The question is removed."))

    @route("own", 1, "list")
    async def turn(self, interaction: discord.Interaction, page: int, search: str = "") -> None:
        """Turn to another page."""
        await replace(interaction, await self._list(interaction, search, page))

    @route("own", 1, "pick")
    async def show(self, interaction: discord.Interaction, *, chosen: int) -> None:
        """Show one question of the list."""
        part = _part(await self._pack(interaction), chosen)
        await reply(interaction, own_card(part, chosen, await self._out(interaction)), private=True)

    @route("own", 1, "import")
    async def import_now(self, interaction: discord.Interaction, waiting: int) -> None:
        """Import what was announced, or announce it again if the questions have changed since."""
        guild_id = check_may_manage(interaction)
        # Taken before anything is waited for, so that a second press does not do it again.
        with self._imports.taken(interaction, waiting) as known:
            await acknowledge(interaction)
            before, out = as_written(await self._tools.own.get(guild_id)), await self._out(interaction)
            done: Outcome = known.change
            if (before, out) != (known.before, known.out):
                done = await self._checked(change, before, known.rows, out)
            if not isinstance(done, Change):
                await replace(interaction, faults_card(done), files=faults_file(done))
            elif _counts(done) != _counts(known.change):
                waiting = self._imports.put(interaction, Import(known.rows, before, out, done))
                said = "The questions have changed in the meantime."
                await replace(interaction, import_card(done, waiting, said))
            else:
                await self._tools.own.replace(guild_id, before, done.pack)
                await replace(interaction, card(f"Imported: {done.new:,} new, {done.changed:,} changed."))

    @route("own", 1, "cancel")
    async def forget_import(self, interaction: discord.Interaction, waiting: int) -> None:
        """Forget an import that was announced."""
        with self._imports.taken(interaction, waiting):
            await replace(interaction, card(NOTHING_CHANGED))

    async def _checked(self, check: Callable[[*Ts], T], *values: *Ts) -> T:
        """Return what a check of an import finds, one at a time. Raises Refusal where it takes too long."""
        async with self._checking:
            try:
                return await apart(check, *values)
            except TimeoutError:
                raise Refusal(TOO_LONG) from None

    async def _list(self, interaction: discord.Interaction, search: str, page: int) -> discord.ui.LayoutView:
        pack = await self._pack(interaction)
        if not pack.questions:
            raise Refusal(NONE_YET)
        words = " ".join(search.replace(":", " ").split())[:LONGEST_SEARCH]
        return list_card(pack, _found(pack, words), words, page, await self._out(interaction))

    async def _pack(self, interaction: discord.Interaction) -> LoadedPack:
        """Return the server's own pack, for whoever may manage it."""
        return await self._tools.own.get(check_may_manage(interaction))

    async def _out(self, interaction: discord.Interaction) -> set[str]:
        """Return the ids of void questions, which no new question may get."""
        guild_id = check_may_manage(interaction)
        return await self._tools.database.read(voided_questions, guild_id, pack_id(guild_id))


def _number(pack: LoadedPack, wanted: str) -> int:
    """Return the number of the question with this id, or with this prompt. Raises Refusal."""
    for number, question in pack.questions.items():
        if wanted.strip().casefold() in (question.id, question.prompt.casefold()):
            return number
    raise Refusal(UNKNOWN if pack.questions else NONE_YET)


def _found(pack: LoadedPack, search: str) -> list[int]:
    """Return the numbers of the questions that have all words of a search in their texts."""
    words = search.casefold().split()
    return [
        number
        for number, one in pack.questions.items()
        for text in (" ".join((one.prompt, one.answer, *one.distractors)).casefold(),)
        if all(word in text for word in words)
    ]


def _part(pack: LoadedPack, number: int) -> Part:
    """Return a question with its fact. Raises Refusal if it is gone."""
    question = pack.questions.get(number)
    if question is None:
        raise Refusal(REMOVED)
    return question, pack.fact_of(question)


def _counts(done: Change) -> tuple[int, int, int, int]:
    return done.new, done.changed, done.unchanged, done.void
