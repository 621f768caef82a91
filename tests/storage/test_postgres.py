"""What is PostgreSQL's own: sessions that are lost, commits that are not answered, several starts at once."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot.core.shards import EVERY, Shards
from bot.storage.app_state import get_state, set_state
from bot.storage.connection import Connection
from bot.storage.database import Database, DatabaseAway, DatabaseUnusable, StorageFailure
from tests import postgres
from tests.storage.conftest import OpenDatabase
from tests.storage.notes import add_script, insert, numbers, outcomes

OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> {}"
)


@pytest.fixture
def address() -> Iterator[str]:
    with postgres.database(with_tables=True) as made:
        yield made


async def test_a_lost_session_is_opened_again(address: str, open_database: OpenDatabase) -> None:
    database = await open_database(address)
    for number in range(5):
        await database.write(set_state, "number", str(number))
        assert await database.read(get_state, "number") == str(number)
        postgres.end_sessions(address)


async def test_what_was_under_way_on_a_lost_session_leaves_no_trace_or_is_whole(
    address: str, open_database: OpenDatabase
) -> None:
    database = await open_database(address)
    tries: list[int] = []

    def write_and_lose(connection: Connection) -> None:
        set_state(connection, "one", "1")
        if not tries:
            postgres.end_sessions(address)
        tries.append(1)
        set_state(connection, "two", "2")

    with pytest.raises(StorageFailure) as raised:
        await database.write(write_and_lose)
    assert "\n" not in str(raised.value), "it stands in one line of the log"
    assert await database.read(get_state, "one") is None
    await database.write(write_and_lose)
    assert [await database.read(get_state, name) for name in ("one", "two")] == ["1", "2"]


async def test_others_of_a_group_are_committed_though_its_session_was_lost(
    address: str, open_database: OpenDatabase
) -> None:
    database = await open_database(address)
    tries: list[int] = []

    def lose(_: Connection) -> None:
        if not tries:
            postgres.end_sessions(address)
        tries.append(1)

    found = await outcomes(
        database, partial(set_state, name="a", value="1"), lose, partial(set_state, name="b", value="2")
    )
    assert found == [None] * 3
    assert [await database.read(get_state, name) for name in ("a", "b")] == ["1", "2"]


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_commit_that_is_not_answered_is_asked_after(
    address: str, open_database: OpenDatabase, monkeypatch: pytest.MonkeyPatch, arrives: bool
) -> None:
    from bot.storage.postgres_connection import PostgresConnection  # noqa: PLC0415 (the driver may not be installed)

    database = await open_database(address)
    send = PostgresConnection._run
    lost: list[int] = []

    def lose_the_answer(self: PostgresConnection, session: Any, statements: bytes) -> str:
        if statements == b"COMMIT" and not lost:
            lost.append(1)
            if arrives:
                send(self, session, statements)
            postgres.end_sessions(address)
        return send(self, session, statements)

    monkeypatch.setattr(PostgresConnection, "_run", lose_the_answer)
    write = database.write(set_state, "one", "1")
    if arrives:
        await write
    else:
        with pytest.raises(StorageFailure):
            await write
    assert await database.read(get_state, "one") == ("1" if arrives else None)


async def test_a_text_with_nul_is_stored_without_it(address: str, open_database: OpenDatabase) -> None:
    database = await open_database(address)
    await database.write(set_state, "one\0", "a\0b")
    assert await database.read(get_state, "one\0") == "a\N{REPLACEMENT CHARACTER}b"


async def test_of_those_who_want_a_lock_in_vain_only_the_first_waits_long(
    address: str, open_database: OpenDatabase
) -> None:
    database = await open_database(address)

    def write_behind(connection: Connection) -> None:
        connection.lock(7)

    with closing(postgres.session(address)) as other:
        other.begin()
        other.lock(7)
        began = monotonic()
        found = await outcomes(database, *[write_behind] * 20, partial(set_state, name="a", value="1"))
        assert monotonic() - began < 3
        assert [isinstance(one, StorageFailure) for one in found] == [True] * 20 + [False]
        other.rollback()
    await database.write(write_behind)


async def test_one_bot_a_database(address: str, open_database: OpenDatabase) -> None:
    async with Database.opened(address, shards=EVERY) as first:
        with pytest.raises(DatabaseUnusable, match="Another bot is running on the database trivia_"):
            await Database.open(address, shards=EVERY)
        await (await open_database(address)).write(set_state, "beside", "it")
        postgres.end_sessions(address)
        await first.write(set_state, "still", "mine")
        with pytest.raises(DatabaseUnusable):
            await Database.open(address, shards=EVERY)
    await (await Database.open(address, shards=EVERY)).close()


async def test_nothing_is_written_before_a_lost_lock_is_held_again(address: str) -> None:
    first = await Database.open(address, shards=EVERY)
    try:
        with closing(postgres.session(address)) as starting:
            starting.begin()
            starting.execute("SELECT pg_advisory_xact_lock(?::int, ?::int)", (0x41_44_6F_54, -1))
            postgres.end_sessions(address, but=starting)
            for _ in range(2):
                with pytest.raises(StorageFailure):
                    await first.write(set_state, "one", "1")
            starting.rollback()
        await first.write(set_state, "one", "1")
        with pytest.raises(DatabaseUnusable, match="Another bot"):
            await Database.open(address, shards=EVERY)
    finally:
        await first.close()


async def test_a_lock_is_held_again_though_nobody_writes(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.postgres.HOLD_AGAIN_S", 0.01)
    database = await Database.open(address, shards=EVERY)
    staying = asyncio.create_task(database.stay_alone())
    try:
        postgres.end_sessions(address)
        async with asyncio.timeout(10):
            while not await database.holders():  # noqa: ASYNC110 (a lock of another process's sets no event)
                await asyncio.sleep(0.01)
    finally:
        staying.cancel()
        await database.close()


async def test_a_start_behind_another_is_told_to_come_again(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.postgres_scripts.PATIENCE", b"SET LOCAL lock_timeout = '50ms'")
    with closing(postgres.session(address)) as starting:
        starting.begin()
        starting.execute("SELECT pg_advisory_xact_lock(?::int, ?::int)", (0x41_44_6F_54, -1))
        with pytest.raises(DatabaseAway, match="Another bot is starting on the database trivia_"):
            await Database.open(address, shards=EVERY)


async def test_a_start_waits_for_the_shards_of_a_host_that_may_be_cut_off(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.storage.postgres.LOST_HOST_S", 60)
    caplog.set_level("INFO", "bot.storage.postgres")
    async with Database.opened(address, shards=EVERY):
        starting = asyncio.create_task(Database.open(address, shards=EVERY))
        async with asyncio.timeout(10):
            while "Another bot is running" not in caplog.text:  # noqa: ASYNC110 (a log sets no event)
                await asyncio.sleep(0.01)
    await (await starting).close()


def test_the_server_soon_ends_the_session_of_a_host_that_was_cut_off(address: str) -> None:
    with closing(postgres.session(address)) as session:
        [(idle,)] = session.execute("SHOW tcp_keepalives_idle").fetchall()
        [(interval,)] = session.execute("SHOW tcp_keepalives_interval").fetchall()
        [(count,)] = session.execute("SHOW tcp_keepalives_count").fetchall()
        [(unanswered,)] = session.execute("SHOW tcp_user_timeout").fetchall()
    assert int(idle) + int(interval) * int(count) == 9
    assert int(unanswered) == 9_000


async def test_whoever_lost_the_lock_cannot_write(address: str) -> None:
    first = await Database.open(address, shards=EVERY)
    try:
        await first.write(set_state, "one", "1")
        postgres.end_sessions(address)
        second = await Database.open(address, shards=EVERY)
        try:
            with pytest.raises(StorageFailure, match="Another bot"):
                await first.write(set_state, "one", "2")
            with pytest.raises(DatabaseUnusable, match="Another bot"):
                await first.stay_alone()
            assert await second.read(get_state, "one") == "1"
        finally:
            await second.close()
        await first.write(set_state, "one", "3")
    finally:
        await first.close()


async def test_whoever_lost_the_lock_to_an_update_writes_nothing_more(migrations: Path) -> None:
    """Without its session an older bot holds no shard, and the tables are changed under it."""
    with postgres.database() as made:
        older = await Database.open(made, migrations, shards=Shards(2, (0,)))
        try:
            postgres.end_sessions(made)
            add_script(migrations, 2, "CREATE TABLE later (number INTEGER) STRICT;")
            newer = await Database.open(made, migrations, shards=Shards(2, (1,)))
            try:
                with pytest.raises(StorageFailure, match="comes from a newer version of this bot"):
                    await older.write(insert, 1)
                with pytest.raises(DatabaseUnusable, match="Start the newer bot"):
                    await older.stay_alone()
                assert await newer.read(numbers) == []
            finally:
                await newer.close()
        finally:
            await older.close()


async def test_a_start_that_an_update_overtakes_is_refused(
    migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newer bot changes the tables between this one's look at them and its shards."""
    postgres.need()
    from bot.storage.postgres_scripts import prepare  # noqa: PLC0415 (the driver may not be installed)

    def be_overtaken(address: str, scripts: Path) -> None:
        prepare(address, scripts)
        add_script(migrations, 2, "CREATE TABLE later (number INTEGER) STRICT;")
        prepare(address, scripts)

    monkeypatch.setattr("bot.storage.postgres.prepare", be_overtaken)
    with postgres.database() as made, pytest.raises(DatabaseUnusable, match="Start the newer bot"):
        await Database.open(made, migrations, shards=EVERY)


async def test_closing_ends_the_wait_for_a_commit_that_is_not_run_again(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.need()
    from bot.storage.postgres_connection import PostgresConnection  # noqa: PLC0415 (the driver may not be installed)

    monkeypatch.setattr("bot.storage.database.LAST_WRITES_S", 0.2)
    database = await Database.open(address)
    tries: list[int] = []

    def write_and_lose(connection: Connection) -> None:
        tries.append(1)
        set_state(connection, "one", "1")
        postgres.end_sessions(address)

    monkeypatch.setattr(PostgresConnection, "_fate", lambda _: None)
    writing = [asyncio.create_task(database.write(work)) for work in (lambda _: None, write_and_lose)]
    await asyncio.sleep(0)
    await asyncio.wait_for(database.close(), 20)
    done = await asyncio.gather(*writing, return_exceptions=True)
    assert all(isinstance(one, StorageFailure) for one in done)
    assert len(tries) == 1


async def test_several_starts_at_once_on_a_new_database_all_work() -> None:
    with postgres.database() as made:
        opened = await asyncio.gather(*(Database.open(made) for _ in range(4)))
        for database in opened:
            assert await database.read(get_state, "one") is None
            await database.close()


async def test_a_group_whose_members_fail_commits_the_others(shared_notes: Database) -> None:
    def fail(connection: Connection, number: int) -> None:
        insert(connection, number)
        raise KeyError(number)

    works = [partial(fail if number % 7 == 3 else insert, number=number) for number in range(200)]
    found = await outcomes(shared_notes, *works)
    assert [isinstance(one, KeyError) for one in found] == [number % 7 == 3 for number in range(200)]
    rows = await shared_notes.read(lambda c: c.execute("SELECT number FROM notes ORDER BY number").fetchall())
    assert [number for (number,) in rows] == [number for number in range(200) if number % 7 != 3]


async def test_a_read_changes_nothing(shared_notes: Database) -> None:
    with pytest.raises(StorageFailure, match=r"read.?only"):
        await shared_notes.read(insert, number=1)


async def test_what_is_not_postgresql_or_not_there_is_told_in_a_sentence(address: str) -> None:
    nowhere = address.rsplit(":", 1)[0] + ":1/trivia"
    with pytest.raises(DatabaseUnusable, match=r"cannot be used .* Is its server running"):
        await Database.open(nowhere)
    with pytest.raises(DatabaseUnusable, match="no address"):
        await Database.open("postgresql://user:secret@host/name?nonsense=1")


async def test_another_programs_database_is_left_alone() -> None:
    with postgres.database() as made:
        name = made.rsplit("/", 1)[1]
        postgres.shared_server().run_sql("CREATE TABLE bookmarks (number BIGINT)", name)
        with pytest.raises(DatabaseUnusable, match="another program"):
            await Database.open(made)


async def test_a_user_who_may_make_no_tables_is_told_in_a_sentence() -> None:
    with postgres.database() as made:
        server, name = postgres.shared_server(), made.rsplit("/", 1)[1]
        guest = f"guest_of_{name}"
        server.run_sql(f"CREATE ROLE {guest} LOGIN")
        # As PostgreSQL 15 and newer have it.
        server.run_sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC", name)
        with pytest.raises(DatabaseUnusable, match=r"permission denied .* Make that user its owner"):
            await Database.open(made.replace("postgres@", f"{guest}@"))
        server.run_sql(f"DROP ROLE {guest}")


def test_placeholders_are_translated_but_for_those_in_texts() -> None:
    postgres.need()
    from bot.storage.postgres_connection import translated  # noqa: PLC0415 (the driver may not be installed)

    assert translated("SELECT a % 2 FROM t WHERE b = ? AND c = ':d?%' AND e = :e AND f = g::int") == (
        b"SELECT a %% 2 FROM t WHERE b = %s AND c = ':d?%%' AND e = %(e)s AND f = g::int"
    )
