from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content import Difficulty, Fact, Pack, Question, Source, Spoiler, Topic
from bot.core.pack_check import MOST_ITEMS, Fault, check_pack

PACK = """
id = "film"
title = "A Film"
[[topics]]
id = "music"
name = "Music"
emoji = "🎹"
about = "Who played what."
"""
FACTS = """
[[facts]]
id = "piano"
text = "  Randy Kerber recorded every piano part before the shoot.  "
topics = ["music"]
people = ["Randy Kerber"]
films = ["A Film"]
spoiler = "plot"
paragraphs = [1, 3]
as_of = 2017
source = { title = " A Radio Hour ", year = 2016, url = "https://radio.example.org/hour?part=1" }

[[facts]]
id = "live"
text = "Emma Stone sang her audition live in front of the camera."
topics = ["music"]
spoiler = "none"
"""
TOPIC = PACK[PACK.index("[[topics]]") :]
SECOND_FACT = FACTS[FACTS.rindex("[[facts]]") :]
QUESTIONS = """
[[questions]]
id = "pianist"
fact = "piano"
prompt = "Who recorded the parts?"
answer = "Randy Kerber"
distractors = ["Emma Stone", "John Legend", "Tom Cross"]
aliases = ["Kerber"]
difficulty = "easy"
answers = "buttons"
never_with = ["sung-live"]

[[questions]]
id = "sung-live"
fact = "live"
prompt = "The audition was sung live."
answer = "true"
difficulty = "hard"
"""
TEXTS = {"pack.toml": PACK, "facts.toml": FACTS, "questions.toml": QUESTIONS}


def check(texts: Mapping[str, str]) -> tuple[Pack | None, tuple[Fault, ...]]:
    return check_pack("film", {file: text.encode() for file, text in texts.items()})


def faults_with(file: str, old: str, new: str) -> list[str]:
    """Return the faults, as sentences, of the sound pack with one text in one file replaced."""
    assert old in TEXTS[file]
    pack, faults = check({**TEXTS, file: TEXTS[file].replace(old, new, 1)})
    assert (pack is None) == bool(faults)
    return [str(fault) for fault in faults]


def test_a_sound_pack_is_read_as_it_is_written() -> None:
    pack, faults = check(TEXTS)
    assert faults == ()
    assert pack == Pack(
        id="film",
        title="A Film",
        topics=(Topic("music", "Music", "🎹", "Who played what."),),
        facts=(
            Fact(
                id="piano",
                text="Randy Kerber recorded every piano part before the shoot.",
                topics=("music",),
                people=("Randy Kerber",),
                films=("A Film",),
                spoiler=Spoiler.PLOT,
                paragraphs=(1, 3),
                as_of=2017,
                source=Source("A Radio Hour", 2016, "https://radio.example.org/hour?part=1"),
            ),
            Fact("live", "Emma Stone sang her audition live in front of the camera.", ("music",)),
        ),
        questions=(
            Question(
                id="pianist",
                fact="piano",
                prompt="Who recorded the parts?",
                answer="Randy Kerber",
                distractors=("Emma Stone", "John Legend", "Tom Cross"),
                difficulty=Difficulty.EASY,
                aliases=("Kerber",),
                buttons_only=True,
                never_with=("sung-live",),
            ),
            Question(
                "sung-live",
                "live",
                "The audition was sung live.",
                "true",
                (),
                Difficulty.HARD,
                never_with=("pianist",),
            ),
        ),
    )


def test_a_pack_may_have_no_questions_yet() -> None:
    pack, faults = check({"pack.toml": PACK, "facts.toml": FACTS})
    assert faults == ()
    assert pack is not None
    assert pack.questions == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("pack.toml", 'id = "film"', 'id = "other"', "'id' is other, but its folder is called film"),
        (
            "pack.toml",
            'id = "film"',
            'id = "My Film"',
            "'id' may have only a-z, 0-9 and single hyphens between them",
        ),
        ("pack.toml", 'title = "A Film"', "", "'title' is missing"),
        ("pack.toml", '"A Film"', '" "', "'title' is empty"),
        ("pack.toml", '"A Film"', "7", "'title' must be text, between quotes"),
        ("pack.toml", "title", "year = 2016\ntitle", "'year' is unknown"),
        ("pack.toml", "[[topics]]", "[topics]", "'topics' must be written as [[topics]]"),
        (
            "pack.toml",
            PACK[PACK.index("[[topics]]") :],
            "topics = [1]",
            "'topics' must be written as [[topics]]",
        ),
        (
            "pack.toml",
            "🎹",
            "👩🏻\u200d❤️\u200d💋\u200d👨",
            "music: 'emoji' is too long: 9 characters, at most 8",
        ),
        ("questions.toml", "pianist", "p" * 49, f"{'p' * 49}: 'id' is too long: 49 characters, at most 48"),
        ("pack.toml", '"Music"', f'"{"m" * 31}"', "music: 'name' is too long: 31 characters, at most 30"),
        ("pack.toml", "🎹", "@here", "music: 'emoji' must be one emoji"),
        ("pack.toml", "🎹", "🎹🎺", "music: 'emoji' must be one emoji"),
        ("pack.toml", "🎹", "piano 🎹", "music: 'emoji' must be one emoji"),
        ("pack.toml", "🎹", "1", "music: 'emoji' must be one emoji"),
        (
            "pack.toml",
            '"Music"',
            r'"Mu\nsic"',
            "music: 'name' has an invisible line break or control character in it (U+000A)",
        ),
        (
            "pack.toml",
            "A Film",
            r"A \u202Emlif",
            "'title' has an invisible right-to-left override in it (U+202E)",
        ),
        (
            "pack.toml",
            "A Film",
            r"A \u200BFilm",
            "'title' has an invisible zero width space in it (U+200B)",
        ),
        ("facts.toml", "[[facts]]", "x = 1\n[[facts]]", "'x' is unknown"),
        ("facts.toml", 'id = "live"', "", "number 2: 'id' is missing"),
        ("facts.toml", 'id = "live"', "id = [1]", "number 2: 'id' must be text"),
        ("facts.toml", FACTS, f"{FACTS}{SECOND_FACT}", "live: id appears 2 times"),
        ("facts.toml", '"  Randy', f'"{"x" * 600}', "piano: 'text' is too long: 651 characters, at most 600"),
        (
            "facts.toml",
            "Emma Stone sang her audition",
            "Sung",
            "live: 'text' is too short: 33 characters, at least 40",
        ),
        ("facts.toml", 'spoiler = "none"', "", "live: 'spoiler' is missing"),
        (
            "facts.toml",
            'spoiler = "none"',
            'spoiler = "some"',
            "live: 'spoiler' must be one of none, plot, ending",
        ),
        ("facts.toml", 'spoiler = "none"', "spoiler = []", "live: 'spoiler' must be one of"),
        (
            "facts.toml",
            'spoiler = "none"',
            'spoiler = "none"\nsources = "?"',
            "live: 'sources' is unknown",
        ),
        (
            "facts.toml",
            'spoiler = "none"',
            'spoiler = "none"\nsource = "The Radio Hour, 2016"',
            "live: 'source' must be a table of title, year, url",
        ),
        (
            "facts.toml",
            'title = " A Radio Hour ", year = 2016',
            'year = "2016", page = 3',
            "piano: 'source' is not right: 'page' is unknown, 'title' is missing, 'year' must be a whole",
        ),
        ("facts.toml", "https:", "http:", "piano: 'source' is not right: 'url' must be an https address"),
        (
            "facts.toml",
            "hour?part=1",
            "hour_(part_1)",
            "piano: 'source' is not right: 'url' must be an https",
        ),
        ("facts.toml", "radio.example.org", "localhost", "piano: 'source' is not right: 'url' must be an"),
        ("questions.toml", '"buttons"', '"typed"', "pianist: 'answers' must be one of both, buttons"),
        (
            "questions.toml",
            '["sung-live"]',
            '["sung-life"]',
            "pianist: question 'sung-life' in 'never_with' is not in questions.toml",
        ),
        (
            "questions.toml",
            '["sung-live"]',
            '["pianist"]',
            "pianist: 'never_with' names the question itself",
        ),
        ("facts.toml", '["music"]', '["music", "sets"]', "piano: topic 'sets' is not in pack.toml"),
        ("facts.toml", '["music"]', "[]", "piano: 'topics' must have 1 to 3 entries, and has 0"),
        ("facts.toml", '["music"]', '["music", "music"]', "piano: 'topics' has an entry twice"),
        ("facts.toml", '["music"]', "[[1]]", "piano: 'topics' has an entry that must be text"),
        ("facts.toml", '["music"]', '"music"', "piano: 'topics' must be a list"),
        ("facts.toml", '["Randy Kerber"]', '[""]', "piano: 'people' has an entry that is empty"),
        ("facts.toml", "2017", '"2017"', "piano: 'as_of' must be a whole number"),
        ("facts.toml", "2017", "true", "piano: 'as_of' must be a whole number"),
        ("facts.toml", "2017", "17", "piano: 'as_of' must be from 1880 to 2200"),
        ("facts.toml", "[1, 3]", "[0]", "piano: 'paragraphs' has an entry that must be from 1 to 100000"),
        ("questions.toml", 'fact = "piano"', 'fact = "organ"', "pianist: fact 'organ' is not in facts.toml"),
        ("questions.toml", '"easy"', '"simple"', "pianist: 'difficulty' must be one of easy, medium, hard"),
        (
            "questions.toml",
            "Who recorded the parts?",
            "Who? " * 41,
            "pianist: 'prompt' is too long: 204 characters, at most 200",
        ),
        (
            "questions.toml",
            '"Randy Kerber"',
            f'"{"x" * 61}"',
            "pianist: 'answer' is too long: 61 characters, at most 60",
        ),
        (
            "questions.toml",
            '"Tom Cross"',
            '"Tom Cross", "Bo"',
            "pianist: 'distractors' must have 0 to 3 entries, and has 4",
        ),
        (
            "questions.toml",
            '"Emma Stone", ',
            "",
            "pianist: 'distractors' must be exactly 3, and are 2",
        ),
        (
            "questions.toml",
            '"Emma Stone"',
            '"John-Legend"',
            "pianist: wrong answers 'John-Legend' and 'John Legend' are the same",
        ),
        (
            "questions.toml",
            '"true"',
            '"yes"',
            "sung-live: without distractors 'answer' must be true or false",
        ),
        (
            "questions.toml",
            "The audition was sung live.",
            "The audition was sung live?",
            "sung-live: 'prompt' must end with '.', as a true/false statement does",
        ),
    ],
)
def test_each_fault_has_its_place(file: str, old: str, new: str, fault: str) -> None:
    found = faults_with(file, old, new)
    assert len(found) == 1
    assert found[0].startswith(f"{file}: {fault}")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pack.toml", "Music", "m" * 30),
        ("pack.toml", TOPIC, TOPIC + "".join(TOPIC.replace('"music"', f'"music-{n}"') for n in range(24))),
        ("pack.toml", "🎹", "👩\u200d❤️\u200d💋\u200d👨"),
        ("facts.toml", "Emma Stone sang her audition live in front of the camera.", "x" * 40),
        ("facts.toml", "Emma Stone sang her audition live in front of the camera.", "x" * 600),
        ("facts.toml", "2017", "1880"),
        ("facts.toml", "2017", "2200"),
        ("facts.toml", "[1, 3]", "[1, 100_000]"),
        ("facts.toml", '["Randy Kerber"]', str([f"Person {n}" for n in range(12)])),
        ("facts.toml", '["Randy Kerber"]', "[]"),
        ("questions.toml", "pianist", "p" * 48),
        ("questions.toml", '"buttons"', '"both"'),
        ("facts.toml", '"https://radio.example.org/hour?part=1"', f'"https://example.org/{"x" * 280}"'),
        ("facts.toml", ', url = "https://radio.example.org/hour?part=1"', ""),
    ],
)
def test_each_limit_may_be_reached(file: str, old: str, new: str) -> None:
    assert faults_with(file, old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('id = "film"', 'id = "other"', "'id' is other, but its folder is called film"),
        ("[[topics]]", "[topics]", "'topics' must be written as [[topics]]"),
    ],
)
def test_a_fault_of_the_file_names_no_item(old: str, new: str, problem: str) -> None:
    _, faults = check({**TEXTS, "pack.toml": PACK.replace(old, new)})
    assert faults == (Fault("pack.toml", "", problem),)


@pytest.mark.parametrize("file", ["pack.toml", "facts.toml"])
def test_a_missing_file_is_one_fault(file: str) -> None:
    texts = {name: text for name, text in TEXTS.items() if name != file}
    assert check(texts) == (None, (Fault(file, "", "is missing"),))


@pytest.mark.parametrize("file", list(TEXTS))
@pytest.mark.parametrize("text", ["[[", f"x = {'9' * 5000}"])
def test_what_is_not_toml_is_one_fault(file: str, text: str) -> None:
    pack, faults = check({**TEXTS, file: text})
    assert pack is None
    assert [(fault.file, fault.item) for fault in faults] == [(file, "")]
    assert faults[0].problem.startswith("is not TOML: ")


def test_a_file_that_cannot_be_read_is_one_fault() -> None:
    contents: dict[str, bytes | OSError] = {file: text.encode() for file, text in TEXTS.items()}
    _, faults = check_pack("film", {**contents, "facts.toml": PermissionError(13, "Permission denied")})
    assert faults == (Fault("facts.toml", "", "cannot be read: Permission denied"),)
    _, faults = check_pack("film", {**contents, "pack.toml": b"\xff"})
    assert faults == (Fault("pack.toml", "", "is not UTF-8 text; save it as UTF-8"),)


def test_files_written_on_windows_are_read() -> None:
    texts = {file: "\ufeff" + text.replace("\n", "\r\n") for file, text in TEXTS.items()}
    assert check(texts) == check(TEXTS)


@pytest.mark.parametrize("file", list(TEXTS))
def test_an_empty_file_has_what_is_missing_named(file: str) -> None:
    _, faults = check({**TEXTS, file: ""})
    section = file.removesuffix(".toml") if file != "pack.toml" else "topics"
    assert Fault(file, "", f"has no [[{section}]]") in faults


@pytest.mark.parametrize(
    "emoji", ["🎹", "❤️", "1️⃣", "🇫🇷", "👩\u200d🚀", "👍🏽", "🏴\U000e0067\U000e0062\U000e007f", "🏳️\u200d🌈"]
)
def test_an_emoji_may_be_made_of_several_signs(emoji: str) -> None:
    assert check({**TEXTS, "pack.toml": PACK.replace("🎹", emoji)})[1] == ()


def test_there_are_no_more_topics_than_discord_lists() -> None:
    more = "".join(TOPIC.replace('"music"', f'"music-{n}"') for n in range(25))
    assert check({**TEXTS, "pack.toml": PACK + more.replace("music-0", "first", 1)})[1] == (
        Fault("pack.toml", "", "has 26 [[topics]], at most 25"),
    )


def test_space_around_a_text_does_not_count() -> None:
    spaced = PACK.replace('"A Film"', f'"A Film{" " * 90}"').replace('"Music"', f'"{" " * 90}Music"')
    assert check({**TEXTS, "pack.toml": spaced}) == check(TEXTS)


def test_a_prompt_twice_is_a_fault_of_the_later_question() -> None:
    again = QUESTIONS + QUESTIONS[: QUESTIONS.index("[[questions]]", 2)].replace('"pianist"', '"again"')
    _, faults = check({**TEXTS, "questions.toml": again})
    assert faults == (Fault("questions.toml", "again", "'prompt' is the same as that of pianist"),)


def test_the_balance_is_looked_at_once_every_question_can_be_read() -> None:
    statement = QUESTIONS[QUESTIONS.rindex("[[questions]]") :]
    many = "".join(
        statement.replace("sung-live", f"sung-{n}").replace("The audition", f"Audition {n}")
        for n in range(40)
    )
    _, faults = check({**TEXTS, "questions.toml": many})
    assert [fault.item for fault in faults] == [""] * 3
    assert Fault("questions.toml", "", "40 of 40 questions are true/false, at most a sixth may be") in faults

    _, faults = check({**TEXTS, "questions.toml": many.replace('"hard"', '"harder"', 1)})
    assert [fault.item for fault in faults] == ["sung-0"]


def test_all_faults_come_at_once_and_none_causes_another() -> None:
    _, faults = check(
        {
            "pack.toml": PACK.replace('"A Film"', "1"),
            "facts.toml": FACTS.replace("2017", "17").replace('["music"]', '["sets"]'),
            "questions.toml": QUESTIONS.replace('"easy"', '"simple"').replace('"true"', '"yes"'),
        },
    )
    assert [str(fault) for fault in faults] == [
        "facts.toml: live: topic 'sets' is not in pack.toml",
        "facts.toml: piano: 'as_of' must be from 1880 to 2200",
        "facts.toml: piano: topic 'sets' is not in pack.toml",
        "pack.toml: 'title' must be text, between quotes",
        "questions.toml: pianist: 'difficulty' must be one of easy, medium, hard",
        "questions.toml: sung-live: without distractors 'answer' must be true or false",
    ]


@given(
    st.dictionaries(st.sampled_from(list(TEXTS)), st.text()),
    st.sampled_from(list(TEXTS)),
    st.integers(0, 800),
    st.text(max_size=5),
)
def test_any_text_gives_a_pack_or_faults(texts: dict[str, str], file: str, place: int, typo: str) -> None:
    for tried in (texts, {**TEXTS, file: TEXTS[file][:place] + typo + TEXTS[file][place + len(typo) :]}):
        pack, faults = check(tried)
        assert (pack is None) == bool(faults)


TOML_VALUES = st.sampled_from(
    ['"x"', "1", "1.5", "true", "[]", "[1]", '[["x"]]', "{}", "{ x = 1 }", "2016-12-09"]
)


@given(st.data())
def test_any_value_in_any_key_gives_a_pack_or_faults(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(list(TEXTS)))
    lines = TEXTS[file].splitlines()
    place = data.draw(st.sampled_from([n for n, line in enumerate(lines) if "=" in line]))
    lines[place] = f"{lines[place].partition('=')[0]} = {data.draw(TOML_VALUES)}"
    pack, faults = check({**TEXTS, file: "\n".join(lines)})
    assert (pack is None) == bool(faults)


def test_every_pack_of_the_project_is_sound() -> None:
    folders = sorted(file.parent for file in Path("data").glob("*/pack.toml"))
    assert folders
    for folder in folders:
        contents: dict[str, bytes | OSError] = {
            file.name: file.read_bytes() for file in folder.glob("*.toml")
        }
        _, faults = check_pack(folder.name, contents)
        assert faults == (), "\n".join(map(str, faults))


def test_more_items_than_any_pack_has_are_one_fault() -> None:
    many = f"facts = [{'{}, ' * (MOST_ITEMS + 1)}]"
    _, faults = check({**TEXTS, "facts.toml": many})
    assert [str(fault) for fault in faults] == ["facts.toml: has 20001 [[facts]], at most 20000"]
