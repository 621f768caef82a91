"""What moderators see of their server's own questions: the form, one question, the list, an import."""

import io
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice

import discord
from discord import ui

from bot.core.content import DISTRACTORS, Fact, Question
from bot.core.own import LISTS, MOST_QUESTIONS, Change, Fault, Part
from bot.core.tables import Table
from bot.storage.catalogue import LoadedPack
from bot.ui.colours import GOLD, VIOLET
from bot.ui.confirmation import confirmation
from bot.ui.parts import (
    DANGER,
    MAIN,
    Field,
    box,
    button,
    card,
    field,
    form,
    nearest_page,
    page_row,
    row,
    select,
)
from bot.ui.router import control_id
from bot.ui.text import count, plain, shorten

PER_PAGE = 8
LONGEST_SEARCH = 40
LONGEST_PROMPT = 110
LONGEST_SPELLINGS = 500
"""Made of markup alone they would fill the card, and the form shows them all anyway."""
FAULTS_SHOWN = 12
LONGEST_FAULT = 200
FAULTS_FILE = "faults.txt"

FIELDS: Mapping[str, tuple[str, str | None, int]] = {
    "prompt": ("Question", None, 200),
    "answer": ("Right answer", "For a statement: true or false", 60),
    "distractors": (
        "Wrong answers",
        "One per line. Three make four buttons; with fewer, people type the answer",
        190,
    ),
    "aliases": ("Also right", "Other spellings, for answers that are typed, one per line", 1_240),
    "afterwards": ("What to tell afterwards", "Shown under the answer", 600),
}
"""The form's fields by the keys of a file: label, description and most characters."""
NEEDED = ("prompt", "answer")
"""These have one line each, and the other fields may have several or none."""


def question_form(number: int | None, filled: Mapping[str, str]) -> ui.Modal:
    """Return the form of a question, or of a new one for None; `filled` has texts by their fields' names."""
    title = "A new question" if number is None else "Change this question"
    fields = (_field(name, filled.get(name, "")) for name in FIELDS)
    return form(title, control_id("own", 1, "save", number), *fields)


def filled_from(written: Table) -> dict[str, str]:
    """Return a question as the texts of its form."""
    filled = {name: written.get(name, "") for name in FIELDS}
    return {name: "\n".join(value) if name in LISTS else value for name, value in filled.items()}


def values_of(filled: Mapping[str, str]) -> Table:
    """Return what a form was filled in with as the values of a file."""
    return {
        name: [line for line in text.splitlines() if line.strip()] if name in LISTS else text
        for name, text in filled.items()
    }


def own_card(part: Part, number: int, out: AbstractSet[str], said: str = "") -> ui.LayoutView:
    """Return one question and its buttons, below a sentence about it; `out` are the ids out of play."""
    return card(
        said,
        box(GOLD, "\n".join(_lines(*part, out))),
        row(
            button("Edit", control_id("own", 1, "edit", number)),
            button("Remove", control_id("own", 1, "remove", number), DANGER),
            button("Add another", control_id("own", 1, "new"), MAIN),
        ),
    )


def remove_card(question: Question, number: int) -> ui.LayoutView:
    """Ask whether to remove a question."""
    return confirmation(
        f"### Remove this question?\n{plain(question.prompt)}\n"
        "-# Rounds that have asked it keep it, with its points.",
        button("Remove it", control_id("own", 1, "gone", number), DANGER),
        "Keep it",
    )


def list_card(
    pack: LoadedPack, numbers: Sequence[int], search: str, page: int, out: AbstractSet[str]
) -> ui.LayoutView:
    """Return a page (from 0) of the questions that `search` found; `out` are the ids out of play."""
    page = nearest_page(page, len(numbers), PER_PAGE)
    shown = numbers[page * PER_PAGE : (page + 1) * PER_PAGE]
    head = f"### This server's own questions\n-# {len(pack.questions)} of {MOST_QUESTIONS}"
    if search:
        head += f" · {count(len(numbers), 'question')} with “{plain(search)}”"
    lines = [_line(pack.questions[number], out) for number in shown]
    options = [
        discord.SelectOption(label=shorten(pack.questions[number].prompt, 100), value=str(number))
        for number in shown
    ]
    return card(
        box(GOLD, head, "\n".join(lines)),
        select(control_id("own", 1, "pick"), "Show one, to edit or remove it…", options) if shown else None,
        page_row(page, len(numbers), PER_PAGE, lambda to: control_id("own", 1, "list", to, search)),
    )


def import_card(change: Change, number: int, said: str = "") -> ui.LayoutView:
    """Return what an import would change, and ask whether to do it; `number` is that of the import."""
    parts = f"{change.new:,} new, {change.changed:,} changed, {change.unchanged:,} unchanged"
    if not change.new + change.changed:
        return card(said, f"There is nothing to do: {parts}.")
    after = count(len(change.pack.questions), "question")
    said = f"{said}\n" if said else ""
    return confirmation(
        f"{said}### Import these questions?\n{parts}\n-# This server then has {after} of its own."
        f"{_void_line(change.void)}",
        button("Import", control_id("own", 1, "import", number), MAIN),
        "Cancel",
        control_id("own", 1, "cancel", number),
    )


def _void_line(void: int) -> str:
    """Say how many questions of an import will not be asked, as a moderator took their ids out of play."""
    if not void:
        return ""
    they = "is void here and stays so" if void == 1 else "are void here and stay so"
    return f"\n-# {void:,} of these {they} until somebody undoes that under Reports in `/settings`."


def faults_card(faults: Sequence[Fault], again: int | None = None) -> ui.LayoutView:
    """Return what is wrong, with a file of all faults if there are many.

    `again` is the number of the refused form, which can be opened again as it was filled in.
    """
    told = map(str, faults) if again is None else map(_in_words_of_the_form, faults)
    lines = [f"- {plain(shorten(text, LONGEST_FAULT))}" for text in islice(told, FAULTS_SHOWN)]
    more = len(faults) - len(lines)
    if more:
        lines.append(f"-# and {more:,} more, all in the file")
    return card(
        box(VIOLET, "### Nothing was changed", "\n".join(lines)),
        ui.File[ui.LayoutView](f"attachment://{FAULTS_FILE}") if more else None,
        None
        if again is None
        else row(button("Back to the form", control_id("own", 1, "again", again), MAIN)),
    )


def _in_words_of_the_form(fault: Fault) -> str:
    """Return a fault with the form's labels in place of a file's keys."""
    text = str(fault)
    for name, (label, *_) in FIELDS.items():
        text = text.replace(f"'{name}'", f"“{label}”")
    return text


def faults_file(faults: Sequence[Fault]) -> list[discord.File]:
    """Return the file that `faults_card` shows, in a list that is empty if it shows none."""
    if len(faults) <= FAULTS_SHOWN:
        return []
    # Some two megabytes at most, as what is imported is small, and Discord takes ten.
    text = "\n".join(map(str, faults))
    return [discord.File(io.BytesIO(text.encode(errors="replace")), FAULTS_FILE)]


def export_card(questions: int, file_name: str) -> ui.LayoutView:
    """Return what goes with the file of all questions."""
    return card(
        f"{count(questions, 'question')}. The file can be imported again.",
        ui.File[ui.LayoutView](f"attachment://{file_name}"),
    )


def _field(name: str, filled: str) -> Field:
    label, description, longest = FIELDS[name]
    needed = name in NEEDED
    return field(label, name, longest, description, filled[:longest], tall=not needed, required=needed)


def _lines(question: Question, fact: Fact, out: AbstractSet[str]) -> list[str]:
    lines = [f"### {plain(question.prompt)}", f"✅ **{plain(question.answer)}**"]
    lines += [f"▫️ {plain(text)}" for text in question.distractors]
    if question.aliases:
        lines.append(f"Also right: {plain(shorten(', '.join(question.aliases), LONGEST_SPELLINGS))}")
    if fact.text:
        lines.append(f"Afterwards: {plain(fact.text)}")
    return [*lines, f"-# {_kind(question, out)}"]


def _line(question: Question, out: AbstractSet[str]) -> str:
    prompt, answer = plain(shorten(question.prompt, LONGEST_PROMPT)), plain(question.answer)
    return f"**{prompt}**\n-# {answer} · {_kind(question, out)}"


def _kind(question: Question, out: AbstractSet[str]) -> str:
    if question.is_true_or_false:
        kind = "true or false"
    elif not question.can_be_pressed:
        kind = f"typed only, as it does not have {DISTRACTORS} wrong answers"
    else:
        kind = "buttons only" if question.buttons_only else "buttons and typed"
    return f"{question.difficulty} · {kind}{' · void' if question.id in out else ''}"
