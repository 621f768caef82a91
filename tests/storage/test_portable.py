import re
from collections.abc import Iterator

import pytest

from tests.storage.statements import STORAGE, Statement, statements, statements_in

NOT_PORTABLE = {
    "an upsert names what conflicts": r"ON CONFLICT DO UPDATE",
    "an upsert says whose column it adds to": r"DO UPDATE SET.*?(?<![\w.])(\w+) = \1\b",
    "CASE in place of iif": r"\biif\s*\(",
    "CASE in place of MAX and MIN of several values": r"\b(?:MAX|MIN)\s*\([^()]*,",
    "a number is compared, not negated": r"\bNOT (?!EXISTS|NULL|IN\b|LIKE|BETWEEN)\w",
    "a join says on what": r"\bCROSS JOIN\b",
    "lists are read by Python": r"\bjson_\w+\s*\(",
    "full text is searched in memory": r"\bMATCH\b",
    "tables are named, not looked up": r"\bsqlite_|\bpragma_|\bPRAGMA\b",
    "a row's number has a name": r"\b(?:rowid|oid)\b",
    "COALESCE in place of IFNULL": r"\bIFNULL\b",
    "ON CONFLICT in place of OR": r"\bINSERT OR\b|\bREPLACE INTO\b|\bUPDATE OR\b",
    "no functions of dates": r"\b(?:strftime|datetime|julianday|unixepoch)\s*\(",
    "text is in single quotes": r'"',
    "LIKE in place of GLOB": r"\bGLOB\b",
}


def faults(text: str) -> Iterator[str]:
    """Yield what only SQLite understands of a statement."""
    for rule, pattern in NOT_PORTABLE.items():
        if re.search(pattern, text):
            yield rule
    for begun in re.finditer(r"\b(?:FROM|JOIN) (?=\()", text):
        if not re.match(r"\) AS \w", text[_closing(text, begun.end()) :]):
            yield "a query in FROM has a name"


def _closing(text: str, opening: int) -> int:
    depth = 0
    for place in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return len(text)


@pytest.mark.parametrize(
    "statement", list(statements()), ids=lambda statement: f"{statement.module}:{statement.line}"
)
def test_every_statement_is_portable(statement: Statement) -> None:
    assert list(faults(statement.text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO t (a) VALUES (?) ON CONFLICT DO UPDATE SET a = excluded.a",
        "INSERT INTO t (a) VALUES (?) ON CONFLICT (a) DO UPDATE SET b = excluded.b, n = n + 1",
        "SELECT iif(a > 1, 2, 3) FROM t",
        "SELECT MAX(a, 3) FROM t",
        "SELECT a FROM t WHERE NOT retired",
        "SELECT a FROM t CROSS JOIN s USING (b)",
        "SELECT value FROM t, json_each(t.list)",
        "SELECT a FROM words WHERE words MATCH ?",
        "SELECT name FROM sqlite_schema",
        "DELETE FROM t WHERE rowid = ?",
        "SELECT IFNULL(a, 0) FROM t",
        "INSERT OR IGNORE INTO t (a) VALUES (?)",
        "SELECT datetime('now')",
        'SELECT a FROM t WHERE b = "c"',
        "SELECT COUNT(*) FROM (SELECT a FROM t)",
        "SELECT COUNT(*) FROM (SELECT MAX(a) FROM t) WHERE b = 1",
    ],
)
def test_what_only_sqlite_understands_is_found(text: str) -> None:
    assert faults(text)


def test_statements_are_found_wherever_they_stand() -> None:
    source = (
        'ONE = "SELECT 1"\ndef f(c):\n    "Docs."\n    c.run(f"DELETE FROM {t} "\n        "WHERE a = 1")\n'
    )
    assert [one.text for one in statements_in("m", source)] == ["SELECT 1", "DELETE FROM x WHERE a = 1"]


def test_no_module_reads_the_number_of_a_row_from_the_cursor() -> None:
    assert [path.name for path in STORAGE.glob("*.py") if "lastrowid" in path.read_text("utf-8")] == []
