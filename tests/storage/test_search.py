import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection, connect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.content import Spoiler
from bot.storage.database import Database
from bot.storage.packs import load_packs
from bot.storage.search import MOST_FOUND, Found, find_facts
from tests.examples import examples
from tests.storage.packs_on_disk import FactOnDisk, PackOnDisk

FACTS = [
    FactOnDisk("cafe", "Mia works in a café on the studio lot.", topic="story"),
    FactOnDisk("director", "Damien Chazelle wrote it as a student at Harvard."),
    FactOnDisk(
        "score", "The score was recorded by 95 musicians, conducted by Justin Hurwitz in person, says a note."
    ),
    FactOnDisk("composer", "Justin Hurwitz wrote the score.", more='people = ["Justin Hurwitz"]\n'),
    FactOnDisk("freeway", "The freeway number was shot in 2015 at over 40 degrees."),
    FactOnDisk(
        "palme", "Jacques Demy's Les Parapluies de Cherbourg was a model.", more='films = ["Umbrellas"]\n'
    ),
    FactOnDisk(
        "spider", "Emma Stone was in The Amazing Spider-Man.", more='films = ["The Amazing Spider-Man"]\n'
    ),
    FactOnDisk("band", "Before that, a-ha had a hit in Norway, at the magic hour."),
    FactOnDisk("boss", "As a college dropout he met J.K. Simmons.", more='people = ["J.K. Simmons"]\n'),
    FactOnDisk("parting", "Mia has married somebody else, five years on.", topic="story", spoiler="ending"),
]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder = tmp_path_factory.mktemp("search")
    PackOnDisk(folder / "packs" / "film").write(FACTS)
    PackOnDisk(folder / "packs" / "other").write([FactOnDisk("cafe", "Rick owns a café in Casablanca.")])

    async def load(path: Path) -> None:
        database = await Database.open(path)
        await load_packs(database, folder / "packs")
        await database.close()

    asyncio.run(load(folder / "trivia.db"))
    with closing(connect(folder / "trivia.db")) as opened:
        yield opened


def ids(connection: Connection, query: str, spoilers: Spoiler = Spoiler.ENDING) -> list[str]:
    return named(connection, find_facts(connection, "film", query, spoilers))


def named(connection: Connection, found: Found) -> list[str]:
    known = dict(connection.execute("SELECT number, id FROM facts").fetchall())
    return [known[number] for number in found.numbers]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("café", "cafe"),
        ("cafe", "cafe"),
        ("CAFÉ", "cafe"),
        ("cafe\u0301", "cafe"),
        ("Chazelle", "director"),
        ("chaz", "director"),
        ("Chazele", "director"),
        ("Chazzelle", "director"),
        ("Chzaelle", "director"),
        ("Dämien Chazéle", "director"),
        ("Hurwits score 95", "score"),
        ("2015", "freeway"),
        ("freeway 40", "freeway"),
        ("umbrellas", "palme"),
        ("parapluie", "palme"),
        ("demys cherbourg", "palme"),
        ("works in the studio", None),
        ("spiderman", "spider"),
        ("Spider Man", "spider"),
        ("SPIDER-MAN", "spider"),
        ("amazingspider man", "spider"),
        ("spidermn", "spider"),
        ("a-ha", "band"),
        ("aha", "band"),
        ("magic hou", "band"),
        ("hour magic", "band"),
        ("dropou", "boss"),
        ("drop out", "boss"),
        ("jk simmons", "boss"),
        ("J. K. Simmons", "boss"),
    ],
)
def test_words_are_found_in_any_form(connection: Connection, query: str, wanted: str | None) -> None:
    found = ids(connection, query)
    if wanted:
        assert found[0] == wanted
    else:
        assert found


def test_all_words_together_are_exact_and_some_of_them_came_near(connection: Connection) -> None:
    exact = find_facts(connection, "film", "Damien Harvard", Spoiler.ENDING)
    assert (named(connection, exact), exact.exact) == (["director"], True)
    near = find_facts(connection, "film", "Damien freeway", Spoiler.ENDING)
    assert (set(named(connection, near)), near.exact) == ({"director", "freeway"}, False)
    accented = find_facts(connection, "film", "Dämièn", Spoiler.ENDING)
    assert (named(connection, accented), accented.exact) == (["director"], True)
    nothing = find_facts(connection, "film", "zzzzzzzz", Spoiler.ENDING)
    assert nothing == Found((), exact=False)


def test_only_the_beginning_of_a_long_query_is_looked_at(connection: Connection) -> None:
    eight = "mia works in a café on the studio"
    assert find_facts(connection, "film", f"{eight} zzzzzzzz", Spoiler.ENDING).exact
    assert ids(connection, f"{' ' * 100}café") == []


def test_the_best_comes_first(connection: Connection) -> None:
    assert ids(connection, "justin hurwitz") == ["composer", "score"]


def test_a_topics_name_finds_its_facts(connection: Connection) -> None:
    assert set(ids(connection, "the story")) == {"cafe", "parting"}


def test_a_number_is_never_taken_for_another(connection: Connection) -> None:
    assert ids(connection, "2016") == []
    assert ids(connection, "96") == []


@pytest.mark.parametrize("query", ["married", "maried", "Mia married", "mia"])
def test_a_spoiler_is_found_only_where_it_may_be_seen(connection: Connection, query: str) -> None:
    assert "parting" in ids(connection, query, Spoiler.ENDING)
    assert "parting" not in ids(connection, query, Spoiler.PLOT)
    assert "parting" not in ids(connection, query, Spoiler.NONE)


def test_a_search_stays_in_its_pack(connection: Connection) -> None:
    assert ids(connection, "Casablanca") == []
    assert ids(connection, "cafe") == ["cafe"]


HOSTILE = [
    "",
    " \n\t",
    "**café**",
    "`café`",
    "||spoiler||",
    "[café](https://example.org)",
    "<@1> <#2> @everyone",
    '"',
    '"café',
    "'café'",
    'café"*',
    "NEAR(",
    "NEAR(café mia, 5)",
    "AND",
    "café AND",
    "OR OR",
    "NOT café",
    "text:café",
    "{text people}: café",
    "^café",
    "café*",
    "*",
    "+-+",
    "(((((",
    "café; DROP TABLE facts; --",
    "' OR 1=1 --",
    "%_%",
    "\0",
    "ca\0fé",
    "🎹",
    "🎹🎹 café 👩‍👩‍👧",
    "\u202ecafé",
    "z\u0300\u0301\u0302" * 30,
    "ﷺ" * 100,
    "x" * 6_000,
    "café " * 1_200,
    "a b c d e f g h i j k l m n o p",
    "\ud800",
    "𞤀𞤁 ꟺ ᏸ 𑜀",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_whatever_is_typed_gives_an_answer_or_nothing(connection: Connection, query: str) -> None:
    found = find_facts(connection, "film", query, Spoiler.ENDING)
    assert len(found.numbers) <= MOST_FOUND
    assert connection.execute("SELECT count(*) FROM facts").fetchone() == (len(FACTS) + 1,)


@pytest.mark.parametrize("query", ["**café**", '"café', "café*", "^café", "(café)", "🎹 café", "'café' --"])
def test_signs_around_a_word_do_not_hide_it(connection: Connection, query: str) -> None:
    assert ids(connection, query) == ["cafe"]


@settings(max_examples=examples(1_500), deadline=None)
@given(
    query=st.text()
    | st.text(st.characters(), max_size=30)
    | st.lists(
        st.sampled_from(
            ["café", "NEAR", "(", ")", '"', "*", "AND", "OR", "NOT", ":", "^", "-", "🎹", "\0", "{", "'"]
        )
    ).map(" ".join)
)
def test_any_text_gives_an_answer_or_nothing(connection: Connection, query: str) -> None:
    find_facts(connection, "film", query, Spoiler.NONE)


@settings(max_examples=examples(300), deadline=None)
@given(data=st.data(), word=st.sampled_from(["chazelle", "parapluies", "freeway", "musicians", "hurwitz"]))
def test_one_typo_in_a_long_word_is_forgiven(connection: Connection, data: st.DataObject, word: str) -> None:
    place = data.draw(st.integers(1, len(word) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    typo = data.draw(
        st.sampled_from(
            [
                word[:place] + letter + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[:place] + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            ]
        )
    )
    assert set(ids(connection, word)) <= set(ids(connection, typo))
