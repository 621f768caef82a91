import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import PROJECT
from bot.core.nesting import MOST_LEVELS, is_too_deep
from bot.core.pack_check import check_pack
from bot.storage.packs import pack_folders

TOO_MANY = MOST_LEVELS + 1
DEEP = {
    "a dotted key": "a" + ".a" * 50_000 + " = 1",
    "a dotted key with spaces and quotes": "a" + ' . "a"' * TOO_MANY + " = 1",
    "a dotted key of numbers": "1" + ".1" * TOO_MANY + " = 1",
    "a table": f"[{'.'.join('a' * 50_000)}]",
    "an array of tables": f"[[{'.'.join('a' * 50_000)}]]",
    "arrays": "a = " + "[" * TOO_MANY + "]" * TOO_MANY,
    "arrays over lines": "a = " + "[ # (\n" * TOO_MANY + "]\n" * TOO_MANY,
    "inline tables": "a = " + "{ a = " * TOO_MANY + "1" + " }" * TOO_MANY,
    "a dotted key in an inline table": "a = { a" + ".a" * TOO_MANY + " = 1 }",
    "what comes after a text": 'a = """\\"""" "\nb = \'\'\'\'\'\'\nc = "\\""\nd = ' + "[" * TOO_MANY,
}
FLAT = {
    "a text": 'a = "' + "[.{" * 1_000 + '"',
    "a text over lines": 'a = """' + '\n[.{ \\""" ""' * 1_000 + '"""',
    "a literal": "a = '" + "[.{\\" * 1_000 + "'",
    "a literal over lines": "a = '''" + "\n[.{' ''\\" * 1_000 + "'''",
    "a comment": "#" + "[.{\"'" * 1_000,
    "a key in quotes": '"' + "a." * 1_000 + '" = 1',
    "many arrays": "a = [" + "[], " * 1_000 + "]",
    "many inline tables": "a = [" + "{}, " * 1_000 + "]",
    "numbers": "a = [" + "1.5, " * 1_000 + "]",
    "many keys": "".join(f"a.a{n} = 1\n" for n in range(1_000)),
    "texts on one line": "a = [" + '"It\'s.", ' * 1_000 + "]",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_depth_is_seen_in_all_forms(text: str) -> None:
    assert is_too_deep(text)


@pytest.mark.parametrize("text", FLAT.values(), ids=FLAT)
def test_what_only_looks_deep_is_not(text: str) -> None:
    tomllib.loads(text)
    assert not is_too_deep(text)


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_a_pack_that_is_too_deep_is_a_fault_of_that_file(text: str) -> None:
    _, faults = check_pack("film", {"pack.toml": text.encode(), "facts.toml": b""})
    assert f"pack.toml: is nested too deeply: at most {MOST_LEVELS} levels" in map(str, faults)


def test_our_own_packs_are_not_deep() -> None:
    for folder in pack_folders(PROJECT / "data"):
        for file in folder.glob("*.toml"):
            assert not is_too_deep(file.read_text("utf-8"))


@given(st.text(st.sampled_from("a.[]{}\"'\\=#,\n 1"), max_size=60))
def test_nothing_that_is_deep_gets_through(text: str) -> None:
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    if _levels(found) > MOST_LEVELS + 1:
        assert is_too_deep(text)


@given(st.recursive(st.just("1"), lambda inner: st.builds("[{}, {}]".format, inner, inner), max_leaves=60))
def test_depth_is_counted_as_it_is(value: str) -> None:
    assert is_too_deep(f"a = {value}") == (_levels(tomllib.loads(f"a = {value}")["a"]) > MOST_LEVELS)


def _levels(value: Any) -> int:
    match value:
        case dict():
            return 1 + max(map(_levels, value.values()), default=0)
        case list():
            return 1 + max(map(_levels, value), default=0)
        case _:
            return 0
