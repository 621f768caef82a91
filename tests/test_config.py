import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import MOST_SHARDS, PROJECT, CannotStart, load_config, read_shards
from bot.core.shards import EVERY, Shards
from tests.examples import examples


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    config = load_config({}, tmp_path / ".env")
    assert config.token is None
    assert config.database_path == Path("trivia.db")
    assert config.packs_path == PROJECT / "data"
    assert (config.log_level, config.log_format, config.playground_port, config.support_url) == (
        "INFO",
        "text",
        8765,
        "",
    )


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=from.file\nLOG_LEVEL=debug\nDATABASE_PATH=elsewhere.db\n")
    config = load_config({"DISCORD_TOKEN": "from.environment", "LOG_LEVEL": ""}, file)
    assert config.token == "from.environment"
    assert config.log_level == "DEBUG"
    assert config.database_path == Path("elsewhere.db")


def test_a_token_keeps_its_dollar_signs_and_loses_its_white_space(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=' abc$HOME '\n")
    assert load_config({}, file).token == "abc$HOME"


def test_the_address_of_a_database_is_in_no_log(tmp_path: Path) -> None:
    config = load_config({"DATABASE_URL": "postgresql://me:secret@host/trivia"}, tmp_path / ".env")
    assert config.database == "postgresql://me:secret@host/trivia"
    assert "secret" not in repr(config)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://[::1]/trivia",
        "postgres://me:se%40cret@one:5432,two:5433/trivia?target_session_attrs=read-write",
        "postgresql://me:[se#cret@host",
        "postgresql:///trivia?host=/run/postgresql",
    ],
)
def test_an_address_that_postgresql_knows_stays_as_it_is(tmp_path: Path, address: str) -> None:
    assert load_config({"DATABASE_URL": address}, tmp_path / ".env").database == address


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://me:secret@host/trivia"),
        ("DATABASE_URL", "postgresql://me:se@cret@host/trivia"),
        ("DATABASE_URL", "postgresql://me:se/cret@host/trivia"),
        ("DATABASE_URL", "postgresql://me:100%@host/trivia"),
        ("DISCORD_TOKEN", "two words"),
        ("DISCORD_TOKEN", "tökën"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("PLAYGROUND_PORT", "0"),
        ("PLAYGROUND_PORT", "65536"),
        ("PLAYGROUND_PORT", "²"),
        ("PLAYGROUND_PORT", "eighty"),
        ("SHARD_COUNT", "0"),
        ("SHARD_COUNT", "many"),
        ("SHARD_IDS", "0-3"),
        ("SUPPORT_URL", "javascript:alert(1)"),
        ("SUPPORT_URL", "discord.gg/somewhere"),
    ],
)
def test_a_value_without_sense_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(CannotStart, match=name):
        load_config({name: value}, tmp_path / ".env")


def test_shards_are_all_of_one_unless_set(tmp_path: Path) -> None:
    def shards(**settings: str) -> Shards:
        return load_config(settings, tmp_path / ".env").shards

    assert shards() == EVERY
    assert shards(SHARD_COUNT="2") == Shards(2, (0, 1))
    assert shards(SHARD_COUNT="16", SHARD_IDS="0-3") == Shards(16, (0, 1, 2, 3))
    with pytest.raises(CannotStart, match="SHARD_IDS has '16'"):
        shards(SHARD_COUNT="16", SHARD_IDS="16")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = tmp_path / ".env"
    folder.mkdir()
    with pytest.raises(CannotStart, match=r"\.env"):
        load_config({}, folder)
    binary = tmp_path / "binary.env"
    binary.write_bytes(b"\xff\xfe\x00DISCORD")
    with pytest.raises(CannotStart, match=r"binary\.env is not UTF-8 text"):
        load_config({}, binary)


@pytest.mark.parametrize(
    "wrong", ["DISCORD_TOKEN: a.secret", 'DISCORD_TOKEN="a.secret', "DISCORD_TOKEN a.secret", "a.secret"]
)
def test_a_line_that_is_no_setting_is_named_by_its_number_alone(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / ".env"
    file.write_text(f"# mine\n\n{wrong}\nLOG_LEVEL=INFO\n")
    with pytest.raises(CannotStart, match=r"Line 3 of .*\.env") as told:
        load_config({}, file)
    assert "secret" not in str(told.value)


def test_a_file_written_on_windows_is_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"\xef\xbb\xbfDISCORD_TOKEN=a.token\r\n\r\nLOG_LEVEL='debug' # for now\r\n")
    config = load_config({}, file)
    assert (config.token, config.log_level) == ("a.token", "DEBUG")


def test_every_setting_stands_in_the_example() -> None:
    example = (PROJECT / ".env.example").read_text()
    for name in (
        "DISCORD_TOKEN",
        "DATABASE_PATH",
        "PACKS_PATH",
        "LOG_LEVEL",
        "LOG_FORMAT",
        "PLAYGROUND_PORT",
        "SUPPORT_URL",
        "SHARD_COUNT",
        "SHARD_IDS",
    ):
        assert f"{name}=" in example


@pytest.mark.parametrize(
    ("count", "ids", "expected"),
    [
        ("4", "", Shards(4, (0, 1, 2, 3))),
        ("16", "0-3", Shards(16, (0, 1, 2, 3))),
        ("16", "0,2", Shards(16, (0, 2))),
        (" 16 ", " 8 - 9 , 0, 8", Shards(16, (0, 8, 9))),
        ("1", "0", EVERY),
        (str(MOST_SHARDS), "9999", Shards(MOST_SHARDS, (9999,))),
    ],
)
def test_shards_are_read(count: str, ids: str, expected: Shards) -> None:
    assert read_shards(count, ids) == expected


@pytest.mark.parametrize(
    ("count", "ids", "about"),
    [
        *((count, "", "SHARD_COUNT") for count in ("0", "-1", "many", "10001", "1.5", "９", "1" * 5_000)),
        *(
            ("4", ids, "SHARD_IDS")
            for ids in ("4", "0-4", "3-1", "-1", "0,", ",", "a", "0--1", "1-2-3", "0 1", "9" * 5_000)
        ),
    ],
)
def test_what_makes_no_sense_is_named(count: str, ids: str, about: str) -> None:
    with pytest.raises(CannotStart, match=f"^{about} (is|has) ") as told:
        read_shards(count, ids)
    assert len(str(told.value)) < 140


@settings(max_examples=examples(500))
@given(st.text(max_size=12), st.text(max_size=12) | st.text("0123456789,- ", max_size=12))
def test_any_text_is_shards_in_order_or_refused(count: str, ids: str) -> None:
    with contextlib.suppress(CannotStart):
        shards = read_shards(count, ids)
        assert shards.ids
        assert list(shards.ids) == sorted(set(shards.ids))
        assert 0 <= shards.ids[0] <= shards.ids[-1] < shards.count
