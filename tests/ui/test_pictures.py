"""The pictures: any name, any number, readable, small, and told in words as well."""

import asyncio
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor, ImageDraw, ImageFont

import bot.ui
from bot.ui.pictures import BoardRow, Picturable, PlayerCard, Podium, PodiumPlayer, TopicScore, TopTen, render
from bot.ui.pictures.canvas import GOLD, SOFT
from bot.ui.pictures.fonts import Face, drawable, font, player_name
from tests.examples import examples

FONTS = Path(bot.ui.__file__).parent / "fonts"

NASTY = [
    *(
        "山田太郎",
        "مرحبا",
        "שלום",
        "🎉🎉",
        "👩\u200d👩\u200d👧 family",
        "🇫🇷",
        "𝓐𝓷𝓪",
        "Ａｎａ",
        "Z̷̧̛͔a̷l̴͝g̶o̵͠",
        "8️⃣",
        "ॐ नमः",
    ),
    *(
        "\u202eevil",
        "\u3164\u3164",
        "\ue000",
        "\ud800",
        "a\x00b\nc\td",
        "\u0301\u0301",
        "\ufffe",
        "\ufdfa",
        "\u200b",
    ),
    *("½ → ★", "-->", " ", "", "q\u0301" * 60, "W" * 4_000),
]
NAMES = st.one_of(st.text(max_size=40), st.text(st.characters(), max_size=40), st.sampled_from(NASTY))
POINTS = st.integers(0, 10**10)

TOPICS = (
    "How it began",
    "Casting",
    "On the shoot",
    "Music and songs",
    "Cameos and small parts",
    "Seen before",
)
LONG = "A name as long as Discord allows, and more"
NEW_CARD = PlayerCard(
    title="La La Land",
    name="نور",
    rank=None,
    players=0,
    points=0,
    rounds=0,
    right=0,
    answered=0,
    best_streak=0,
    average_ms=None,
    topics=(),
    form=(),
)
PICTURES: dict[str, Picturable] = {
    "three": Podium(
        "La La Land",
        10,
        8,
        (
            PodiumPlayer("Mia", 1, 1284, 9),
            PodiumPlayer("Sebastian", 2, 1120, 8),
            PodiumPlayer("Кит", 3, 870, 6),
        ),
    ),
    "one": Podium("La La Land", 1, 1, (PodiumPlayer("Ana", 1, 1, 1),)),
    "ties": Podium(LONG * 3, 25, 99, tuple(PodiumPlayer(LONG, 1 + 2 * (i > 1), 10**9, 25) for i in range(7))),
    "nobody": Podium("La La Land", 10, 0, ()),
    "card": PlayerCard(
        title="La La Land",
        name="Mia",
        rank=3,
        players=128,
        points=12_345,
        rounds=42,
        right=201,
        answered=400,
        best_streak=17,
        average_ms=4321,
        topics=tuple(TopicScore(name, i, 5) for i, name in enumerate(TOPICS)),
        form=(0.2, 0.9, 0.4),
    ),
    "new card": NEW_CARD,
    "full card": PlayerCard(
        title=LONG * 2,
        name=LONG,
        rank=1_234_567,
        players=2_345_678,
        points=10**10,
        rounds=99_999,
        right=98_765,
        answered=123_456,
        best_streak=9_999,
        average_ms=123_456,
        topics=tuple(TopicScore(f"{i} {LONG}", i, 25) for i in range(30)),
        form=tuple(i % 5 / 4 for i in range(40)),
    ),
    "board": TopTen(
        "La La Land", "This week", tuple(BoardRow(f"Player {i}", i, 11 - i) for i in range(1, 11))
    ),
    "wide board": TopTen(LONG, "All time", tuple(BoardRow(LONG, i, 10**10 - i) for i in range(1, 13))),
    "zero board": TopTen("La La Land", "Today", tuple(BoardRow(None, 1, 0) for _ in range(4))),
    "empty board": TopTen("La La Land", "Today", ()),
}
each_picture = pytest.mark.parametrize("data", PICTURES.values(), ids=PICTURES)


@cache
def characters() -> frozenset[int]:
    """Return what both fonts have, read without the code under test."""
    found = []
    for path in sorted(FONTS.glob("*.otf")):
        with TTFont(path) as opened:
            found.append({code for code, glyph in opened.getBestCmap().items() if glyph != ".notdef"})
    return frozenset.intersection(*map(frozenset, found))


@dataclass(frozen=True, slots=True)
class Written:
    """A text that was drawn: what, in which colour, and the box of its ink."""

    text: str
    colour: str
    box: tuple[int, int, int, int]


class Pen:
    """Notes every text that Pillow draws, and can hold the ink back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.written: list[Written] = []
        self.dry = False
        draw = ImageDraw.ImageDraw.text

        def text(
            on: Any,
            at: tuple[int, int],
            text: str,
            fill: str,
            face: ImageFont.FreeTypeFont,
            anchor: str,
            **more: Any,
        ) -> None:
            left, top, right, bottom = map(round, face.getbbox(text, anchor=anchor, **more))
            box = (at[0] + left, at[1] + top, at[0] + right, at[1] + bottom)
            self.written.append(Written(text, fill, box))
            if not self.dry:
                draw(on, at, text, fill, face, anchor, **more)

        monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)


@pytest.fixture
def pen(monkeypatch: pytest.MonkeyPatch) -> Pen:
    return Pen(monkeypatch)


@given(NAMES)
@example("\uffe3")  # a full-width macron: in plainer characters a space with a mark on it
@settings(max_examples=examples(3_000), deadline=None)
def test_only_what_the_fonts_have_is_drawn(name: str) -> None:
    shown = drawable(name)
    assert characters().issuperset(map(ord, shown))
    assert not any(is_box(c) for c in shown)
    assert not any(unicodedata.category(c)[0] == "C" for c in shown)
    assert shown == " ".join(shown.split()) == drawable(shown)
    assert player_name(name, 4)


@cache
def is_box(character: str) -> bool:
    """Whether Pillow draws the glyph for what a font lacks."""
    return not character.isspace() and any(
        bytes(font(face, 40).getmask(character)) == bytes(font(face, 40).getmask("\U000f0000"))
        for face in Face
    )


def test_a_box_is_known_when_seen() -> None:
    assert is_box("山")
    assert is_box("\U000f1234")
    assert not is_box("A")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mia Dolan", "Mia Dolan"),
        ("Žofia Łuka-Müller", "Žofia Łuka-Müller"),
        ("Борис Щукин", "Борис Щукин"),
        ("Ωμέγα", "Ωμέγα"),
        ("Ho\u0302\u0300 Chí", "Hồ Chí"),
        ("Ana 🎉", "Ana"),
        ("𝓐𝓷𝓪 Ｂ", "Ana B"),
        ("Z̷̧̛a̷̛l̴͝g̶o̵͠", "Zalgo"),
        ("\u202eMia\u202c", "Mia"),
        ("a\tb\nc", "a b c"),
        ("._.", "._."),
        ("8️⃣", "8"),
        ("山田 Taro", "Taro"),
        ("山田太郎 T", "Player 4"),
        ("مرحبا", "Player 4"),
        ("🎉🎉", "Player 4"),
        ("\u3164", "Player 4"),
        ("", "Player 4"),
        (None, "Player 4"),
    ],
)
def test_a_name_is_drawn_as_well_as_it_can_be(name: str | None, shown: str) -> None:
    assert player_name(name, 4) == shown


@given(st.lists(st.tuples(st.none() | NAMES, POINTS), min_size=1, max_size=10), NAMES)
@example([(name, 10**10) for name in NASTY[:10]], NASTY[9])
@example([(name, 0) for name in NASTY[10:20]], NASTY[8])
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_can_be_drawn(pen: Pen, players: list[tuple[str | None, int]], title: str) -> None:
    pen.written.clear()
    names = [name for name, _ in players]
    topics = tuple(TopicScore(name or "", 1, 3) for name in names)
    pictures = (
        Podium(title, 10, len(names), tuple(PodiumPlayer(name, 1, points, 3) for name, points in players)),
        replace(NEW_CARD, title=title, name=names[0], topics=topics, form=(0.5, 1)),
        TopTen(title, title, tuple(BoardRow(name, 1, points) for name, points in players)),
    )
    for data in pictures:
        picture = render(data)
        image = Image.open(BytesIO(picture.png))
        assert image.format == "PNG"
        assert image.width == 900
        assert 0 < len(picture.alt) <= 1_024
    assert all(characters().issuperset(map(ord, line.text)) for line in pen.written)


@each_picture
def test_the_picture_is_small_and_round(data: Picturable) -> None:
    picture = render(data)
    image = Image.open(BytesIO(picture.png))
    assert image.size[0] == 900
    assert 300 <= image.size[1] <= 1_000
    assert len(picture.png) < 200_000
    assert render(data) == picture
    alpha = image.getchannel("A")
    right, bottom = image.width - 1, image.height - 1
    assert {alpha.getpixel(corner) for corner in ((0, 0), (right, 0), (0, bottom), (right, bottom))} == {0}
    assert alpha.getpixel((450, bottom // 2)) == 255


@each_picture
def test_words_stand_clear_of_each_other_and_inside(pen: Pen, data: Picturable) -> None:
    height = Image.open(BytesIO(render(data).png)).height
    assert pen.written
    for line in pen.written:
        left, top, right, bottom = line.box
        assert 24 <= left <= right <= 876, line
        assert 20 <= top <= bottom <= height - 20, line
    for one, two in combinations(pen.written, 2):
        apart = one.box[2] <= two.box[0] or two.box[2] <= one.box[0]
        assert apart or one.box[3] <= two.box[1] or two.box[3] <= one.box[1], (one, two)


@each_picture
def test_words_can_be_read(pen: Pen, data: Picturable) -> None:
    pen.dry = True
    ground = Image.open(BytesIO(render(data).png)).convert("RGB")
    for line in pen.written:
        under = ground.crop(line.box)
        colours = under.getcolors(under.width * under.height)
        assert colours
        worst = min(contrast(line.colour, colour) for _, colour in colours)  # type: ignore[arg-type]
        assert worst >= 4.5, (line, worst)


def contrast(ink: str, ground: tuple[int, int, int]) -> float:
    """Return the contrast ratio that WCAG defines."""
    light, dark = sorted((luminance(ImageColor.getrgb(ink)[:3]), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: tuple[int, ...]) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (c / 255 for c in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@each_picture
def test_every_number_of_a_picture_is_in_its_alt_text(pen: Pen, data: Picturable) -> None:
    alt = render(data).alt
    lines = [
        line.text for line in pen.written if not line.text.startswith(("Player", "Right answers by topic"))
    ]
    numbers = {number for line in lines for number in re.findall(r"\d[\d,.]*%?", line)}
    assert [number for number in numbers if number not in alt] == []


def test_an_alt_text_tells_every_fact() -> None:
    assert render(PICTURES["three"]).alt == (
        "The podium of La La Land. 10 questions · 8 players. 1st: Mia, 1,284 points, 9 of 10 right. "
        "2nd: Sebastian, 1,120 points, 8 of 10 right. 3rd: Кит, 870 points, 6 of 10 right."
    )
    assert render(PICTURES["card"]).alt == (
        "The card of Mia in La La Land. 3rd of 128 players. Points 12,345, rounds 42, right 50%, "
        "best streak 17, average time 4.3 s. Right in the last 3 rounds: 20%, 90%, 40%. "
        "By topic: How it began 0%, Casting 20%, On the shoot 40%, Music and songs 60%, "
        "Cameos and small parts 80%, Seen before 100%."
    )
    assert render(TopTen("La La Land", "Today", (BoardRow("山田", 22, 1), BoardRow(None, 23, 0)))).alt == (
        "The leaderboard of La La Land, Today. 22nd: 山田, 1 point. 23rd: Player 2, 0 points."
    )


def test_the_alt_text_of_a_full_card_still_names_every_topic() -> None:
    alt = render(PICTURES["full card"]).alt
    assert len(alt) <= 1_024
    assert all(f"{i} A" in alt and f" {4 * i}%" in alt for i in range(26))


def test_a_long_name_is_cut_between_graphemes(pen: Pen) -> None:
    render(Podium("La La Land", 1, 1, (PodiumPlayer("q\u0301" * 60, 1, 1, 1),)))
    (name,) = (line.text for line in pen.written if line.text.startswith("q"))
    assert name == "q\u0301" * (len(name) // 2) + "…"


def test_too_many_topics_and_rows_are_left_to_the_text(pen: Pen) -> None:
    render(PICTURES["full card"])
    render(PICTURES["wide board"])
    assert "Right answers by topic, 26 of 30" in {line.text for line in pen.written}
    assert sum(line.text.startswith("9,999,999,9") for line in pen.written) == 10


def test_a_place_without_points_has_no_colour_of_a_medal(pen: Pen) -> None:
    render(TopTen("La La Land", "Today", (BoardRow("Mia", 1, 5), BoardRow("Ana", 2, 0))))
    colours = {line.text: line.colour for line in pen.written}
    assert colours["1"] == GOLD
    assert colours["2"] == SOFT


async def test_threads_may_draw_at_once() -> None:
    alone = [render(data) for data in PICTURES.values()]
    together = await asyncio.gather(*(asyncio.to_thread(render, data) for data in PICTURES.values()))
    assert together == alone


def test_each_font_has_its_licence() -> None:
    about = (FONTS / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in FONTS.glob("*.?tf")} == set(Face)
    assert all(face in about for face in Face)
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 1_500_000
