"""A player's card: figures, form over time, right answers by topic."""

import math

from bot.ui.pictures import alt_text
from bot.ui.pictures.canvas import GOLD, MARGIN, SKYLINE, SOFT, WIDTH, Canvas
from bot.ui.pictures.data import PlayerCard, TopicScore
from bot.ui.pictures.fonts import player_name
from bot.ui.text import count

_ROW = 38
_MOST_TOPICS = 26
_ONE_COLUMN = 4  # so few topics have a line of their own each
_MOST_ROUNDS = 30
_BAR = "#c79bff"
_TILES_TOP, _TILES_BOTTOM = 166, 262
_TOPICS_TOP = 280


def draw(card: PlayerCard) -> bytes:
    """Return the picture as a PNG."""
    topics = card.topics[:_MOST_TOPICS]
    columns = 1 if len(topics) <= _ONE_COLUMN else 2
    lines = math.ceil(len(topics) / columns)
    height = _TOPICS_TOP + 62 + lines * _ROW + 24 + SKYLINE
    canvas = Canvas(height)
    canvas.text((MARGIN, 58), card.title, 24, colour=SOFT, width=430)
    canvas.text((MARGIN, 104), player_name(card.name, card.rank or 1), 42, bold=True, width=430, least=32)
    canvas.text((MARGIN, 140), _rank(card), 24, colour=SOFT, width=430)
    _form(canvas, card.form[-_MOST_ROUNDS:])
    _tiles(canvas, card)
    _topics(canvas, topics, columns, len(card.topics))
    return canvas.png()


def alt(card: PlayerCard) -> str:
    """Return the same in words. Many topics with long names are told by the start of their names."""
    tiles = ", ".join(f"{label.lower()} {value}" for value, label in _figures(card))
    name, title = alt_text.spoken_name(card.name, card.rank or 1), alt_text.clipped(card.title, 40)
    head = f"The card of {name} in {title}."
    form = card.form[-_MOST_ROUNDS:]
    told = ", ".join(_percent(share) for share in form)
    rounds = f"{_form_label(form)}: {told}." if form else ""
    facts = (head, f"{_rank(card)}.", f"{tiles[0].upper()}{tiles[1:]}.", rounds)
    topics = card.topics[:_MOST_TOPICS]
    longest = next(
        (n for n in range(40, 0, -1) if len(" ".join((*facts, _listed(topics, n)))) <= alt_text.LONGEST), 1
    )
    return alt_text.joined(*facts, _listed(topics, longest))


def _listed(topics: tuple[TopicScore, ...], longest: int) -> str:
    told = ", ".join(f"{alt_text.clipped(topic.name, longest)} {_accuracy(topic)}" for topic in topics)
    return f"By topic: {told}." if told else ""


def _figures(card: PlayerCard) -> list[tuple[str, str]]:
    """Return the values of the tiles with their labels."""
    average = "–" if card.average_ms is None else f"{card.average_ms / 1000:.1f} s"
    return [
        (f"{card.points:,}", "Points"),
        (f"{card.rounds:,}", "Rounds"),
        (_percent(card.right / card.answered) if card.answered else "–", "Right"),
        (f"{card.best_streak:,}", "Best streak"),
        (average, "Average time"),
    ]


def _tiles(canvas: Canvas, card: PlayerCard) -> None:
    gap, left = 12, MARGIN - 12
    width = (WIDTH - 2 * left - 4 * gap) // 5
    for value, label in _figures(card):
        middle = left + width // 2
        canvas.panel((left, _TILES_TOP, left + width, _TILES_BOTTOM))
        canvas.text((middle, _TILES_TOP + 48), value, 36, bold=True, anchor="ms", width=width - 16, least=10)
        canvas.text((middle, _TILES_TOP + 80), label, 21, colour=SOFT, anchor="ms", width=width - 16)
        left += width + gap


def _form(canvas: Canvas, form: tuple[float, ...]) -> None:
    """Draw the line of the last rounds, in the corner at the top right."""
    left, top, right, bottom = 510, 34, WIDTH - MARGIN + 12, 150
    canvas.panel((left, top, right, bottom))
    canvas.text((left + 18, top + 32), _form_label(form), 21, colour=SOFT, width=right - left - 36)
    low, high, start, end = bottom - 20, top + 50, left + 24, right - 24
    for edge in (low, high) if form else ():
        canvas.panel((start, edge, end, edge + 1), SOFT, opacity=0.25, radius=0)
    between = max(len(form) - 1, 1)
    points = [
        (start + (end - start) * i / between, low - (low - high) * min(max(share, 0.0), 1.0))
        for i, share in enumerate(form)
    ]
    if len(points) > 1:
        canvas.shape(points, GOLD, line=3)
    for x, y in points if len(points) <= 12 else points[-1:]:
        canvas.dot(x, y, 5, GOLD)


def _topics(canvas: Canvas, topics: tuple[TopicScore, ...], columns: int, known: int) -> None:
    """Draw a bar for each topic, in one column or two."""
    left, top, lines = MARGIN - 12, _TOPICS_TOP, math.ceil(len(topics) / columns)
    canvas.panel((left, top, WIDTH - left, top + 62 + lines * _ROW))
    more = f", {len(topics)} of {known:,}" if known > len(topics) else ""
    label = f"Right answers by topic{more}" if topics else "No answers yet"
    canvas.text((left + 24, top + 40), label, 21, colour=SOFT, width=500)
    width = (WIDTH - 2 * left - 24) // columns - 24
    for i, topic in enumerate(topics):
        x = left + 24 + (i // lines) * (width + 24)
        y = top + 40 + (i % lines + 1) * _ROW
        canvas.text((x, y), topic.name, 21, width=228, least=18)
        canvas.bar((x + 238, y - 15, x + width - 68, y), topic.right / max(topic.answered, 1), _BAR)
        canvas.text((x + width, y), _accuracy(topic), 21, bold=True, anchor="rs", width=60)


def _rank(card: PlayerCard) -> str:
    if card.rank is None:
        return "Not on the board yet"
    return f"{alt_text.ordinal(card.rank)} of {count(card.players, 'player')}"


def _form_label(form: tuple[float, ...]) -> str:
    match len(form):
        case 0:
            return "No rounds yet"
        case 1:
            return "Right in the last round"
        case rounds:
            return f"Right in the last {rounds} rounds"


def _accuracy(topic: TopicScore) -> str:
    return _percent(topic.right / topic.answered) if topic.answered else "–"


def _percent(share: float) -> str:
    return f"{int(100 * share + 0.5)}%"
