"""A server's own questions as files: TOML in the packs' form and CSV with a header, read and written.

What is read was made by a stranger, so nothing in it may cost more than its size: what is nested deeply is
refused before it is parsed. Every fault comes with its line.
"""

import codecs
import csv
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from io import StringIO
from typing import Any

from bot.core.content import Pack
from bot.core.nesting import MOST_LEVELS, TEXT_OR_COMMENT, is_too_deep
from bot.core.own import KEYS, LISTS, Fault, Outcome, Row, all_written, change, shown
from bot.core.tables import Table

_MARK = re.compile(rf"{TEXT_OR_COMMENT.pattern}|[\[\]{{}}\n]")
"""What tells where a statement begins, in what was read as TOML."""
_STATEMENT = re.compile(r"[ \t]*(?:(\[\[[ \t]*questions[ \t]*\]\])|([A-Za-z0-9_-]{1,60})[ \t]*=)")
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_FORMULA = re.compile("'*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
"""How a cell begins that a spreadsheet would take for a formula, or that was kept from being one."""
_COLUMNS: Mapping[str, str] = {
    **{key: key for key in KEYS},
    "question": "prompt",
    "right answer": "answer",
    **dict.fromkeys(("wrong", "wrong answers", "wrong 1", "wrong 2", "wrong 3"), "distractors"),
    "also right": "aliases",
    "what to tell afterwards": "afterwards",
}
"""A file's headings, which may be the labels of the form."""

Read = tuple[Sequence[Row], Sequence[Fault]]
"""The questions that could be read, and what stood in the way of others."""


def read_file(name: str, content: bytes) -> Read:
    """Read a file by the ending of its name."""
    reader = _READERS.get(name[name.rfind(".") :].lower())
    if reader is None:
        return (), [Fault(0, "The file must be a .toml or a .csv. A spreadsheet can be saved as CSV UTF-8.")]
    text = _decoded(content)
    if text is None:
        return (), [Fault(0, "The file is not UTF-8 text. Save it as UTF-8 (in a spreadsheet: CSV UTF-8).")]
    return reader(text)


def change_by_file(
    before: Pack, name: str, content: bytes, out: AbstractSet[str]
) -> tuple[Sequence[Row], Outcome]:
    """Return a file's questions and what comes of them."""
    rows, faults = read_file(name, content)
    return rows, change(before, rows, out, faults)


def write_csv(pack: Pack) -> str:
    """Return a server's questions as CSV, which reads back as the same and holds no formula."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(KEYS)
    for values in all_written(pack):
        writer.writerow([_cell(values.get(key, "")) for key in KEYS])
    return file.getvalue()


def _decoded(content: bytes) -> str | None:
    is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        return None


def _read_toml(text: str) -> Read:
    text = text.replace("\r\n", "\n")
    if is_too_deep(text):
        return (), [Fault(0, f"This is nested more than {MOST_LEVELS} deep, which no question needs.")]
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1] or text.count("\n") + 1) if at else 0
        return (), [Fault(line, f"This is not TOML: {_AT_LINE.sub('', str(error)).rstrip('.')}.")]
    except (ValueError, RecursionError):
        # tomllib lets a number of 5,000 digits, or a month of 13, through to Python.
        return (), [Fault(0, "This is not TOML: a number in it is too long, or a date does not exist.")]
    tables = document.pop("questions", [])
    faults = [Fault(0, f"'{shown(key)}' is unknown: there is only [[questions]].") for key in document]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return (), [*faults, Fault(0, "'questions' must be written as [[questions]].")]
    places = _places(text)
    if len(places) != len(tables):
        # They are written as one list, [{…}, {…}].
        return [Row(table) for table in tables], faults
    return [Row(table, *place) for table, place in zip(tables, places, strict=True)], faults


def _places(text: str) -> list[tuple[int, dict[str, int]]]:
    """Return the line of each [[questions]], and those of its keys."""
    places: list[tuple[int, dict[str, int]]] = []
    depth = 0
    for mark, line, end in (("\n", 0, 0), *_marks(text)):
        depth += (mark in ("[", "{")) - (mark in ("]", "}"))
        if mark != "\n" or depth or not (found := _STATEMENT.match(text, end)):
            continue
        if found[1]:
            places.append((line + 1, {}))
        elif places:
            places[-1][1].setdefault(found[2], line + 1)
    return places


def _marks(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield what tells where a statement begins, with its line and where it ends."""
    line = 1
    for found in _MARK.finditer(text):
        yield found[0], line, found.end()
        line += found[0].count("\n")


def _read_csv(text: str) -> Read:
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(_LINE.findall(text), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    faults: list[Fault] = []
    columns: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            begun, line = line, reader.line_num + 1
            while cells and not cells[-1].strip():
                cells.pop()
            if not cells:
                continue
            if columns is None:
                columns = [_COLUMNS.get(_heading(cell), "") for cell in cells]
                faults += _heading_faults(cells, columns, begun)
                if faults:
                    break
            elif len(cells) > len(columns):
                faults.append(
                    Fault(begun, f"This row has {len(cells)} cells, and the header has {len(columns)}.")
                )
            else:
                rows.append(Row(_values(columns, cells), begun))
    except csv.Error as error:
        faults.append(Fault(line, f"This is not CSV: {error}."))
    return rows, faults


def _heading(cell: str) -> str:
    return " ".join(cell.replace("_", " ").split()).casefold()


def _heading_faults(cells: Sequence[str], columns: Sequence[str], line: int) -> Iterator[Fault]:
    if not any(columns):
        yield Fault(line, f"The first line must name the columns. There are {', '.join(KEYS)}.")
        return
    for cell, column in zip(cells, columns, strict=True):
        if not column:
            yield Fault(line, f"There is no column '{shown(cell.strip())}'. There are {', '.join(KEYS)}.")
        elif column not in LISTS and columns.count(column) > 1:
            yield Fault(line, f"The column '{column}' is there twice.")
            return
    for column in ("prompt", "answer"):
        if column not in columns:
            yield Fault(line, f"The header in the first line has no column '{column}'.")


def _values(columns: Sequence[str], cells: Sequence[str]) -> Table:
    values: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        text = cell.strip()
        if _FORMULA.match(text) and text.startswith("'"):
            text = text[1:]
        if column in LISTS:
            values.setdefault(column, []).extend(line for line in text.splitlines() if line.strip())
        else:
            values[column] = text
    return values


def _cell(value: object) -> str:
    text = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


_READERS: Mapping[str, Callable[[str], Read]] = {".toml": _read_toml, ".csv": _read_csv}
