import logging
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.content import Difficulty, Fact, Question, Source, Spoiler, Topic
from bot.core.refusal import Refusal
from bot.storage.catalogue import Catalogue, LoadedPack
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.packs import load_packs, read_pack
from bot.storage.sqlite import SqliteConnection
from tests.storage.conftest import OpenDatabase
from tests.storage.packs_on_disk import FactOnDisk, PackOnDisk

MORE = """
people = ["Randy Kerber"]
as_of = 2017
source = { title = "A Radio Hour", year = 2016, url = "https://radio.example.org/" }
"""
FACTS = [
    FactOnDisk(
        "piano",
        "Randy Kerber recorded every piano part.",
        more=MORE,
    ),
    FactOnDisk("live", "The audition was sung live on the set."),
    FactOnDisk("parting", "In the end they smile across a room.", topic="story", spoiler="ending"),
]
CHOICES = """
[[questions]]
id = "{id}"
fact = "piano"
prompt = "Who recorded the piano?"
answer = "Randy Kerber"
distractors = ["Emma Stone", "John Legend", "Tom Cross"]
difficulty = "hard"
{more}
"""
STATEMENTS = (("one-pianist", "piano", "One man recorded the piano."), ("a-smile", "parting", "They smile."))


@pytest.fixture
def film(tmp_path: Path) -> PackOnDisk:
    pack = PackOnDisk(tmp_path / "packs" / "film", statements=STATEMENTS)
    pack.write(FACTS)
    return pack


async def load(database: Database, film: PackOnDisk) -> LoadedPack:
    catalogue = await load_packs(database, film.folder.parent)
    return catalogue.get(film.folder.name)


def contents(loaded: LoadedPack) -> tuple[object, ...]:
    """Return what is in a pack, by which two of them can be compared."""
    return loaded.id, loaded.title, loaded.topics, loaded.facts, loaded.questions


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


async def test_a_pack_comes_back_as_it_was_read(database: Database, film: PackOnDisk) -> None:
    loaded = await load(database, film)
    pack, _ = read_pack(film.folder)
    assert pack is not None
    assert (loaded.id, loaded.title, loaded.topics) == (pack.id, pack.title, pack.topics)
    assert tuple(loaded.facts.values()) == pack.facts
    assert tuple(loaded.questions.values()) == pack.questions
    assert loaded.facts[1] == Fact(
        "piano",
        "Randy Kerber recorded every piano part..",
        ("music",),
        people=("Randy Kerber",),
        as_of=2017,
        source=Source("A Radio Hour", 2016, "https://radio.example.org/"),
    )
    assert loaded.questions[1] == Question(
        "one-pianist", "piano", "One man recorded the piano.", "true", (), Difficulty.EASY
    )


async def test_what_cannot_be_typed_and_who_is_never_with_whom_come_back(
    database: Database, film: PackOnDisk
) -> None:
    with (film.folder / "questions.toml").open("a", encoding="utf-8") as file:
        file.write(CHOICES.format(id="who", more='answers = "buttons"\nnever_with = ["a-smile"]'))
        file.write(CHOICES.format(id="by-whom", more='answers = "both"').replace("Who", "By whom"))
    loaded = await load(database, film)
    assert [(q.id, q.buttons_only, q.never_with) for q in loaded.questions.values()] == [
        ("one-pianist", False, ("by-whom", "who")),
        ("a-smile", False, ("who",)),
        ("who", True, ("a-smile", "by-whom", "one-pianist")),
        ("by-whom", False, ("one-pianist", "who")),
    ]
    assert loaded.question_numbers(Spoiler.ENDING, typed=True) == (4,)
    assert loaded.question_numbers(Spoiler.ENDING) == (1, 2, 3, 4)


async def test_an_unchanged_pack_writes_nothing(
    path: Path, open_database: OpenDatabase, film: PackOnDisk, caplog: pytest.LogCaptureFixture
) -> None:
    def counters(connection: Connection) -> tuple[int, int]:
        assert isinstance(connection, SqliteConnection)
        return connection.total_changes, connection.execute("PRAGMA data_version").fetchone()[0]

    database = await open_database(path)
    first = contents(await load(database, film))
    wal = path.with_name("trivia.db-wal")
    before = (await database.write(counters), path.read_bytes(), wal.read_bytes(), database.commits)
    with caplog.at_level(logging.INFO):
        assert contents(await load(database, film)) == first
    assert (path.read_bytes(), wal.read_bytes(), database.commits) == before[1:]
    assert await database.write(counters) == before[0]
    assert caplog.text == ""


async def test_an_unchanged_pack_writes_nothing_at_the_next_start_either(
    open_database: OpenDatabase, film: PackOnDisk, tmp_path: Path
) -> None:
    path = tmp_path / "trivia.db"
    database = await open_database(path)
    await load(database, film)
    await database.close()
    before = path.read_bytes()
    database = await open_database(path)
    loaded = await load(database, film)
    assert database.commits == 0
    assert len(loaded.facts) == 3
    await database.close()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pack.toml", "A Film", "Another Film"),
        ("facts.toml", "every piano part", "each piano part "),
        ("questions.toml", "They smile.", "Both smile."),
    ],
)
async def test_a_change_in_any_file_is_loaded_in_one_commit(
    database: Database, film: PackOnDisk, file: str, old: str, new: str
) -> None:
    await load(database, film)
    commits = database.commits
    edit(film.folder / file, old, new)
    loaded = await load(database, film)
    assert database.commits == commits + 1
    pack, _ = read_pack(film.folder)
    assert pack is not None
    assert loaded.title == pack.title
    assert tuple(loaded.facts.values()) == pack.facts
    assert tuple(loaded.questions.values()) == pack.questions


async def test_a_fact_that_left_keeps_its_number_and_is_not_found(
    database: Database, film: PackOnDisk
) -> None:
    await load(database, film)
    newcomer = FactOnDisk("newcomer", "A newcomer stands in the first place.")
    shorter = replace(film, statements=STATEMENTS[:1])
    shorter.write([newcomer, FACTS[0], FACTS[1]])
    loaded = await load(database, shorter)
    assert {number: fact.id for number, fact in loaded.facts.items()} == {
        1: "piano",
        2: "live",
        4: "newcomer",
    }
    assert {number: question.id for number, question in loaded.questions.items()} == {1: "one-pianist"}
    assert loaded.words.find("smile", loaded.facts).numbers == ()

    film.write(FACTS)
    loaded = await load(database, film)
    assert {number: fact.id for number, fact in loaded.facts.items()} == {1: "piano", 2: "live", 3: "parting"}
    assert {number: question.id for number, question in loaded.questions.items()} == {
        1: "one-pianist",
        2: "a-smile",
    }
    assert loaded.words.find("smile", loaded.facts).numbers == (3,)


async def test_a_faulty_pack_leaves_its_last_good_load_in_service(
    database: Database, film: PackOnDisk, caplog: pytest.LogCaptureFixture
) -> None:
    good = contents(await load(database, film))
    commits = database.commits
    edit(film.folder / "facts.toml", "none", "some")
    edit(film.folder / "facts.toml", '["music"]', '["musik"]')
    assert contents(await load(database, film)) == good
    assert database.commits == commits
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        "Pack film is faulty, so its last good load stays in service:",
        "  facts.toml: piano: 'spoiler' must be one of none, plot, ending",
        "  facts.toml: piano: topic 'musik' is not in pack.toml",
    ]
    edit(film.folder / "facts.toml", "some", "none")
    edit(film.folder / "facts.toml", '["musik"]', '["music"]')
    assert contents(await load(database, film)) == good


async def test_a_faulty_pack_stops_no_other(
    database: Database, film: PackOnDisk, caplog: pytest.LogCaptureFixture
) -> None:
    broken = PackOnDisk(film.folder.with_name("broken"))
    broken.write(FACTS)
    (broken.folder / "facts.toml").write_bytes(b"\xff\xfe\x00")
    catalogue = await load_packs(database, film.folder.parent)
    assert [pack.id for pack in catalogue.packs] == ["film"]
    assert "Pack broken is faulty, so it is left out:" in caplog.text
    assert "  facts.toml: is not UTF-8 text" in caplog.text


async def test_a_pack_whose_folder_is_gone_stays_in_service_and_the_log_says_so(
    database: Database, film: PackOnDisk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await load(database, film)
    caplog.set_level(logging.INFO, "bot")
    nowhere = tmp_path / "nowhere"
    catalogue = await load_packs(database, nowhere)
    assert [pack.id for pack in catalogue.packs] == ["film"]
    assert caplog.messages[-1] == f"Pack film is not in {nowhere}; its last good load stays in service"


async def test_the_log_names_fifty_faults_and_how_many_more_there_are(
    database: Database, film: PackOnDisk, caplog: pytest.LogCaptureFixture
) -> None:
    (film.folder / "facts.toml").write_text("[[facts]]\n" * 15, "utf-8")
    await load_packs(database, film.folder.parent)
    assert len(caplog.records) == 1 + 50 + 1
    assert caplog.messages[-1] == "  and 10 more, which `python -m bot check` names"


async def test_packs_do_not_share_ids(database: Database, film: PackOnDisk) -> None:
    other = PackOnDisk(film.folder.with_name("other"), title="Other", statements=STATEMENTS)
    other.write([replace(FACTS[0], text="Somebody else played the piano there.")])
    other = replace(other, statements=STATEMENTS[:1])
    (other.folder / "questions.toml").unlink()
    other.write([replace(FACTS[0], text="Somebody else played the piano there.")])
    catalogue = await load_packs(database, film.folder.parent)
    assert catalogue.get("film").facts[1].text != catalogue.get("other").facts[4].text
    assert catalogue.get("other").words.find("piano", (1, 2, 3, 4)).numbers == (4,)


async def test_a_load_that_fails_midway_leaves_the_last_one(
    path: Path, open_database: OpenDatabase, film: PackOnDisk
) -> None:
    database = await open_database(path)
    good = contents(await load(database, film))

    def stop_at_the_third(connection: Connection) -> None:
        connection.execute(
            "CREATE TEMP TRIGGER stop BEFORE UPDATE OF text ON facts WHEN old.id = 'parting'"
            " BEGIN SELECT RAISE(FAIL, 'stopped'); END"
        )

    await database.write(stop_at_the_third)
    film.write([replace(fact, text=f"{fact.text} Changed.") for fact in FACTS])
    with pytest.raises(sqlite3.IntegrityError, match="stopped"):
        await load(database, film)
    await database.write(lambda connection: connection.execute("DROP TRIGGER stop").close())
    film.write(FACTS)
    commits = database.commits
    assert contents(await load(database, film)) == good
    assert database.commits == commits, "its hash was never replaced"


async def test_a_large_pack_is_loaded_whole(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    large = PackOnDisk(tmp_path / "packs" / "large")
    large.write(
        FactOnDisk(
            f"fact-{n}", f"Scene {n} was played {n % 97} times before the light of day {n % 89} was gone."
        )
        for n in range(5_000)
    )
    with caplog.at_level(logging.INFO, "bot.storage.packs"):
        loaded = await load(database, large)
    assert len(loaded.facts) == 5_000
    assert [record.getMessage() for record in caplog.records if record.name == "bot.storage.packs"] == [
        "Loading pack large: 5000 facts, 0 questions",
        "Loaded pack large",
    ]


def catalogue_of(*packs: str) -> Catalogue:
    return Catalogue(tuple(LoadedPack(pack, pack.title(), (), {}, {}) for pack in packs))


def test_a_server_gets_its_pack_or_the_default_one_or_any() -> None:
    assert catalogue_of("casablanca", "la-la-land").get("casablanca").id == "casablanca"
    assert catalogue_of("casablanca", "la-la-land").get(None).id == "la-la-land"
    assert catalogue_of("casablanca", "la-la-land").get("gone").id == "la-la-land"
    assert catalogue_of("casablanca").get(None).id == "casablanca"
    with pytest.raises(Refusal, match="no facts yet"):
        catalogue_of().get(None)


async def test_what_can_be_dealt_depends_on_topic_and_spoilers(database: Database, film: PackOnDisk) -> None:
    loaded = await load(database, film)
    assert loaded.fact_numbers(Spoiler.NONE) == (1, 2)
    assert loaded.fact_numbers(Spoiler.PLOT) == (1, 2)
    assert loaded.fact_numbers(Spoiler.ENDING) == (1, 2, 3)
    assert loaded.fact_numbers(Spoiler.ENDING, "story") == (3,)
    assert loaded.fact_numbers(Spoiler.NONE, "story") == ()
    assert loaded.topic_counts(Spoiler.NONE) == {"music": 2}
    assert loaded.topic_counts(Spoiler.ENDING) == {"music": 2, "story": 1}
    assert loaded.question_numbers(Spoiler.NONE) == (1,)
    assert loaded.question_numbers(Spoiler.ENDING) == (1, 2)
    assert loaded.question_numbers(Spoiler.ENDING, "story") == (2,)
    assert loaded.question_numbers(Spoiler.ENDING, typed=True) == ()


async def test_a_topic_is_known_by_id_and_by_name(database: Database, film: PackOnDisk) -> None:
    loaded = await load(database, film)
    music = Topic("music", "Music and songs", "🎹", "What was sung and played.")
    assert [loaded.topic(wanted) for wanted in ("music", " MUSIC and Songs ")] == [music, music]
    with pytest.raises(Refusal, match="do not know that topic"):
        loaded.topic("musics")
