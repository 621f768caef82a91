import asyncio
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.content import Fact, Spoiler
from bot.storage.catalogue import LoadedPack
from bot.storage.database import Database
from bot.storage.packs import load_packs
from bot.storage.search import MOST_FOUND, FactWords, Found
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
def film(tmp_path_factory: pytest.TempPathFactory) -> LoadedPack:
    folder = tmp_path_factory.mktemp("search")
    PackOnDisk(folder / "packs" / "film").write(FACTS)
    PackOnDisk(folder / "packs" / "other").write([FactOnDisk("cafe", "Rick owns a café in Casablanca.")])

    async def load() -> LoadedPack:
        async with Database.opened(folder / "trivia.db") as database:
            return (await load_packs(database, folder / "packs")).get("film")

    return asyncio.run(load())


def find(film: LoadedPack, query: str, spoilers: Spoiler = Spoiler.ENDING, topic: str | None = None) -> Found:
    return film.words.find(query, film.fact_numbers(spoilers, topic))


def ids(film: LoadedPack, query: str, spoilers: Spoiler = Spoiler.ENDING) -> list[str]:
    return named(film, find(film, query, spoilers))


def named(film: LoadedPack, found: Found) -> list[str]:
    return [film.facts[number].id for number in found.numbers]


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
def test_words_are_found_in_any_form(film: LoadedPack, query: str, wanted: str | None) -> None:
    found = ids(film, query)
    if wanted:
        assert found[0] == wanted
    else:
        assert found


def test_all_words_together_are_exact_and_some_of_them_came_near(film: LoadedPack) -> None:
    exact = find(film, "Damien Harvard")
    assert (named(film, exact), exact.exact) == (["director"], True)
    near = find(film, "Damien freeway")
    assert (set(named(film, near)), near.exact) == ({"director", "freeway"}, False)
    accented = find(film, "Dämièn")
    assert (named(film, accented), accented.exact) == (["director"], True)
    for nothing in ("zzzzzzzz", "?!"):
        assert find(film, nothing) == Found((), exact=False)


def test_only_the_beginning_of_a_long_query_is_looked_at(film: LoadedPack) -> None:
    eight = "mia works in a café on the studio"
    assert find(film, f"{eight} zzzzzzzz").exact
    assert ids(film, f"{' ' * 100}café") == []


def test_the_best_comes_first(film: LoadedPack) -> None:
    assert ids(film, "justin hurwitz") == ["composer", "score"]


def test_a_topics_name_finds_its_facts(film: LoadedPack) -> None:
    assert set(ids(film, "the story")) == {"cafe", "parting"}


def test_a_number_is_never_taken_for_another(film: LoadedPack) -> None:
    assert ids(film, "2016") == []
    assert ids(film, "96") == []


@pytest.mark.parametrize("query", ["married", "maried", "Mia married", "mia"])
def test_a_spoiler_is_found_only_where_it_may_be_seen(film: LoadedPack, query: str) -> None:
    assert "parting" in ids(film, query, Spoiler.ENDING)
    assert "parting" not in ids(film, query, Spoiler.PLOT)
    assert "parting" not in ids(film, query, Spoiler.NONE)


def test_a_search_stays_in_its_topic(film: LoadedPack) -> None:
    assert set(named(film, find(film, "mia", topic="story"))) == {"cafe", "parting"}
    assert named(film, find(film, "hurwitz", topic="story")) == []


def test_a_start_waits_some_milliseconds_for_the_index() -> None:
    facts = {
        number: Fact(f"fact-{number}", f"Justin Hurwitz wrote the word word{number}.", ("music",))
        for number in range(200)
    }
    begun = perf_counter()
    words = FactWords(facts, {"music": "The music"})
    assert perf_counter() - begun < 0.25
    assert words.find("word42", facts).numbers == (42,)


def test_a_search_stays_in_its_pack(film: LoadedPack) -> None:
    assert ids(film, "Casablanca") == []
    assert ids(film, "cafe") == ["cafe"]


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
def test_whatever_is_typed_gives_an_answer_or_nothing(film: LoadedPack, query: str) -> None:
    found = find(film, query)
    assert len(found.numbers) <= MOST_FOUND


@pytest.mark.parametrize("query", ["**café**", '"café', "café*", "^café", "(café)", "🎹 café", "'café' --"])
def test_signs_around_a_word_do_not_hide_it(film: LoadedPack, query: str) -> None:
    assert ids(film, query) == ["cafe"]


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
def test_any_text_gives_an_answer_or_nothing(film: LoadedPack, query: str) -> None:
    find(film, query, Spoiler.NONE)


@settings(max_examples=examples(300), deadline=None)
@given(data=st.data(), word=st.sampled_from(["chazelle", "parapluies", "freeway", "musicians", "hurwitz"]))
def test_one_typo_in_a_long_word_is_forgiven(film: LoadedPack, data: st.DataObject, word: str) -> None:
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
    assert set(ids(film, word)) <= set(ids(film, typo))
