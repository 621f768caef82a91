"""A player's card: figures, form over time, right answers by topic."""

from bot.ui.pictures import alt_text
from bot.ui.pictures.canvas import GOLD, MARGIN, SKYLINE, SOFT, WIDTH, Canvas
from bot.ui.pictures.data import PlayerCard, TopicScore
from bot.ui.pictures.fonts import player_name
from bot.ui.text import count

_ROW = 38
_MOST_TOPICS = 26
_MOST_ROUNDS = 30
_BAR = "#c79bff"
_TILES_TOP, _TILES_BOTTOM = 166, 262
_TOPICS_TOP = 280


def draw(card: PlayerCard) -> bytes:
    """Return the picture as a PNG."""
    topics = card.topics[:_MOST_TOPICS]
    lines = max((len(topics) + 1) // 2, 1)
    height = _TOPICS_TOP + 62 + lines * _ROW + 24 + SKYLINE
    canvas = Canvas(height)
    canvas.text((MARGIN, 58), card.title, 24, colour=SOFT, width=430)
    canvas.text((MARGIN, 104), player_name(card.name, card.rank or 1), 42, bold=True, width=430, least=32)
    canvas.text((MARGIN, 140), _rank(card), 24, colour=SOFT, width=430)
    _form(canvas, card.form[-_MOST_ROUNDS:])
    _tiles(canvas, card)
    _topics(canvas, topics, lines, len(card.topics))
    return canvas.png()


def alt(card: PlayerCard) -> str:
    """Return the same in words. Many topics with long names are told by the start of their names."""
    tiles = ", ".join(f"{label.lower()} {value}" for value, label in _figures(card))
    head = f"The card of {alt_text.spoken_name(card.name, card.rank or 1)} in {alt_text.clipped(card.title, 40)}."
    form = card.form[-_MOST_ROUNDS:]
    told = ", ".join(_percent(share) for share in form)
    rounds = f"Right answers in the last {count(len(form), 'round')}: {told}." if form else ""
    facts = (head, f"{_rank(card)}.", f"{tiles[0].upper()}{tiles[1:]}.", rounds)
    topics = card.topics[:_MOST_TOPICS]
    longest = next((n for n in range(40, 0, -1) if len(_told(facts, topics, n)) <= alt_text.LONGEST), 1)
    return alt_text.joined(*facts, _listed(topics, longest))


def _told(facts: tuple[str, ...], topics: tuple[TopicScore, ...], longest: int) -> str:
    return " ".join((*facts, _listed(topics, longest)))


def _listed(topics: tuple[TopicScore, ...], longest: int) -> str:
    told = ", ".join(f"{alt_text.clipped(topic.name, longest)} {_accuracy(topic)}" for topic in topics)
    return f"By topic: {told}." if told else ""


def _figures(card: PlayerCard) -> list[tuple[str, str]]:
    """Return the values of the tiles with their labels."""
    right, answered = (sum(getattr(topic, part) for topic in card.topics) for part in ("right", "answered"))
    average = "–" if card.average_ms is None else f"{card.average_ms / 1000:.1f} s"
    return [
        (f"{card.points:,}", "Points"),
        (f"{card.rounds:,}", "Rounds"),
        (_percent(right / answered) if answered else "–", "Right"),
        (f"{card.best_streak:,}", "Best streak"),
        (average, "Average time"),
    ]


def _tiles(canvas: Canvas, card: PlayerCard) -> None:
    gap, left = 12, MARGIN - 12
    width = (WIDTH - 2 * left - 4 * gap) // 5
    for value, label in _figures(card):
        middle = left + width // 2
        canvas.panel((left, _TILES_TOP, left + width, _TILES_BOTTOM))
        canvas.text((middle, _TILES_TOP + 48), value, 36, bold=True, anchor="ms", width=width - 16, least=20)
        canvas.text((middle, _TILES_TOP + 80), label, 21, colour=SOFT, anchor="ms", width=width - 16)
        left += width + gap


def _form(canvas: Canvas, form: tuple[float, ...]) -> None:
    """Draw the line of the last rounds, in the corner at the top right."""
    left, top, right, bottom = 510, 34, WIDTH - MARGIN + 12, 150
    canvas.panel((left, top, right, bottom))
    label = f"Form, last {count(len(form), 'round')}" if form else "Form: no rounds yet"
    canvas.text((left + 18, top + 32), label, 21, colour=SOFT, width=right - left - 36)
    low, high = bottom - 18, top + 50
    step = (right - left - 48) / max(len(form) - 1, 1)
    points = [(left + 24 + i * step, low - share * (low - high)) for i, share in enumerate(form)]
    if len(points) > 1:
        canvas.shape(points, GOLD, line=3)
    for x, y in points if len(points) <= 12 else points[-1:]:
        canvas.dot(x, y, 5, GOLD)


def _topics(canvas: Canvas, topics: tuple[TopicScore, ...], lines: int, known: int) -> None:
    """Draw a bar for each topic, in two columns."""
    left, top = MARGIN - 12, _TOPICS_TOP
    canvas.panel((left, top, WIDTH - left, top + 62 + lines * _ROW))
    more = f", {len(topics)} of {known:,}" if known > len(topics) else ""
    label = f"Right answers by topic{more}" if topics else "No answers yet"
    canvas.text((left + 24, top + 40), label, 21, colour=SOFT, width=500)
    for i, topic in enumerate(topics):
        x = left + 24 + (i // lines) * 408
        y = top + 50 + (i % lines + 1) * _ROW - 10
        canvas.text((x, y), topic.name, 22, width=184)
        canvas.bar((x + 196, y - 16, x + 316, y), topic.right / max(topic.answered, 1), _BAR)
        canvas.text((x + 386, y), _accuracy(topic), 22, bold=True, anchor="rs", width=62)


def _rank(card: PlayerCard) -> str:
    return (
        "Not on the board yet"
        if card.rank is None
        else f"{alt_text.ordinal(card.rank)} of {count(card.players, 'player')}"
    )


def _accuracy(topic: TopicScore) -> str:
    return _percent(topic.right / topic.answered) if topic.answered else "–"


def _percent(share: float) -> str:
    return f"{int(100 * share + 0.5)}%"
