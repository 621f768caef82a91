"""Settings from the environment and `.env`, checked once and frozen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from dotenv.parser import parse_stream

from bot.core.shards import EVERY, Shards

PROJECT = Path(__file__).resolve().parent.parent
DATABASE = Path("trivia.db")
PLAYGROUND_DATABASE = Path("playground.db")
"""The playground's own, whatever the settings say."""
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("text", "json")
LONGEST_URL = 512
"""Of a button's address, as Discord has it."""
LONGEST_SHOWN = 60
MOST_SHARDS = 10_000
"""Far more than Discord gives to any bot."""
UNSOUND = re.compile("%(?:00|(?![0-9A-Fa-f]{2}))")
"""A percent sign in an address that encodes no character."""


class CannotStart(Exception):  # noqa: N818 (told to whoever runs the bot, as one sentence)
    """The bot cannot start like this; the text is a sentence that says what to do."""

    exit_code = 2


class Unreachable(CannotStart):
    """Discord did not answer. Starting again may help, so the exit code differs."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Config:
    """How this process was asked to run. `support_url` may be empty.

    `shards` are those that this process looks after. Without `metrics_port` there are no instruments. With a
    `database_url`, `database_path` is not used.
    """

    token: str | None
    database_path: Path
    packs_path: Path
    log_level: str
    log_format: str
    playground_port: int
    support_url: str
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None
    database_url: str | None = field(default=None, repr=False)
    shards: Shards = EVERY

    @property
    def database(self) -> Path | str:
        """Where the database is: SQLite's file, or PostgreSQL's address."""
        return self.database_url or self.database_path


def load_config(environ: Mapping[str, str], env_file: Path | None) -> Config:
    """Return the settings of `environ`, then of `env_file` if there is one, then the defaults.

    Raises CannotStart if a value makes no sense or the file cannot be read.
    """
    from_file = _settings_in(env_file) if env_file else {}

    def value(name: str, default: str) -> str:
        text = (environ.get(name) or from_file.get(name) or default).strip()
        if "\0" in text:
            raise CannotStart(f"{name} has a NUL character in it. Write it anew.")
        return text

    return Config(
        token=_token(value("DISCORD_TOKEN", "")),
        database_path=_database(value("DATABASE_PATH", str(DATABASE))),
        packs_path=Path(value("PACKS_PATH", str(PROJECT / "data"))),
        log_level=_one_of("LOG_LEVEL", value("LOG_LEVEL", "INFO").upper(), LOG_LEVELS),
        log_format=_one_of("LOG_FORMAT", value("LOG_FORMAT", "text").lower(), LOG_FORMATS),
        playground_port=_port("PLAYGROUND_PORT", value("PLAYGROUND_PORT", "8765")),
        support_url=_url(value("SUPPORT_URL", "")),
        metrics_host=value("METRICS_HOST", "127.0.0.1"),
        metrics_port=_port("METRICS_PORT", port) if (port := value("METRICS_PORT", "")) else None,
        database_url=postgres_address("DATABASE_URL", url) if (url := value("DATABASE_URL", "")) else None,
        shards=read_shards(value("SHARD_COUNT", ""), value("SHARD_IDS", "")),
    )


def _settings_in(file: Path) -> dict[str | None, str | None]:
    try:
        written = file.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise CannotStart(f"The settings file {file} is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise CannotStart(
            f"The settings file {file} cannot be read ({error}). Mend it or remove it."
        ) from error
    bindings = list(parse_stream(StringIO(written)))
    for binding in bindings:
        has_no_value = binding.key is not None and binding.value is None
        if binding.error or has_no_value:
            text = binding.original.string
            empty = text[: -len(text.lstrip())].count("\n")
            # Not the line itself: the token may be in it.
            raise CannotStart(
                f"Line {binding.original.line + empty} of {file} is no setting. Write it as NAME=value, and "
                "close the quotes that you open."
            )
    return {binding.key: binding.value for binding in bindings}


def _token(text: str) -> str | None:
    if not text:
        return None
    if not text.isascii() or not text.isprintable() or " " in text:
        raise CannotStart(
            "DISCORD_TOKEN has characters that no token has. Copy it anew from Discord's developer page."
        )
    return text


def _database(text: str) -> Path:
    if text == ":memory:":
        raise CannotStart(
            "DATABASE_PATH is ':memory:', and a database in memory would be lost at each stop. Name a file."
        )
    return Path(text)


def postgres_address(name: str, text: str) -> str:
    """Return an address of PostgreSQL. Raises CannotStart without quoting it: there may be a password in it.

    A faulty one is refused here, as the driver's message about it might show a part of the password.
    """
    scheme, _, rest = text.partition("://")
    if scheme not in ("postgresql", "postgres"):
        raise CannotStart(
            f"{name} is no address of PostgreSQL. Write it like postgresql://user:password@host/name, or "
            "leave it out."
        )
    ahead_of_path = re.split("[/?]", rest, maxsplit=1)[0]
    if ahead_of_path.count("@") != rest.count("@") or rest.count("@") > 1 or UNSOUND.search(rest):
        raise CannotStart(
            f"{name} has a character in it that means something else there. Write @ / ? % and such in a "
            "password as %40 %2F %3F %25."
        )
    return text


def read_shards(count: str, ids: str) -> Shards:
    """Return what two settings say: how many shards there are, and which of them, like `0-3` or `0,2`.

    Without the second it is all of them, without either every server. Raises CannotStart.
    """
    if not count:
        if ids:
            raise CannotStart(
                "SHARD_IDS is set without SHARD_COUNT. Set that too: among how many shards all servers are "
                "divided."
            )
        return EVERY
    number = _number(count)
    if not number or number > MOST_SHARDS:
        raise CannotStart(f"SHARD_COUNT is {_short(count)}. Set it to a number from 1 to {MOST_SHARDS:,}.")
    if not ids:
        return Shards(number, tuple(range(number)))
    found: set[int] = set()
    for part in ids.split(","):
        first, dash, last = part.partition("-")
        begin = _number(first)
        end = _number(last) if dash else begin
        if begin is None or end is None or not begin <= end < number:
            raise CannotStart(
                f"SHARD_IDS has {_short(part)} in it. Write shards from 0 to {number - 1}, like 0-3 or 0,2."
            )
        found.update(range(begin, end + 1))
    return Shards(number, tuple(sorted(found)))


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise CannotStart(f"{name} is {_short(text)}. Set it to one of {', '.join(allowed)}.")
    return text


def _port(name: str, text: str) -> int:
    number = _number(text)
    if not number or number > 65_535:
        raise CannotStart(f"{name} is {_short(text)}. Set it to a number from 1 to 65535.")
    return number


def _number(text: str) -> int | None:
    text = text.strip()
    # Python refuses to read a number of 5,000 digits.
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else None


def _url(text: str) -> str:
    if text and not _is_address(text):
        raise CannotStart(
            f"SUPPORT_URL is {_short(text)}. Set it to an address that begins with https://, or remove it."
        )
    return text


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and len(text) <= LONGEST_URL
    except ValueError:
        return False


def _short(text: str) -> str:
    """Return what was set, short enough for a sentence."""
    return repr(text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…")
