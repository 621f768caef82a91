"""The podium at the end of a round."""

import math

from bot.ui.pictures import alt_text
from bot.ui.pictures.canvas import BRONZE, GOLD, MARGIN, SILVER, SKYLINE, SOFT, WIDTH, Canvas
from bot.ui.pictures.data import Podium, PodiumPlayer
from bot.ui.pictures.fonts import player_name
from bot.ui.text import count

_HEIGHT = 600
_STEP_WIDTH = 262
_GAP = 16
_STONE = "#23133f"
_STEPS = {1: (244, GOLD), 2: (192, SILVER), 3: (148, BRONZE)}  # place: height, colour


def draw(podium: Podium) -> bytes:
    """Return the picture as a PNG."""
    canvas = Canvas(_HEIGHT)
    room = WIDTH - 2 * MARGIN
    canvas.text((MARGIN, 78), podium.title, 42, bold=True, width=room, least=32)
    canvas.text((MARGIN, 116), _about(podium), 24, colour=SOFT, width=room)
    best = list(enumerate(podium.best[:3], start=1))
    if not best:
        canvas.text((WIDTH // 2, 320), "Nobody answered this time", 36, bold=True, anchor="ms", width=room)
    if len(best) > 1:
        best[0], best[1] = best[1], best[0]  # the first stands in the middle
    left = (WIDTH - len(best) * (_STEP_WIDTH + _GAP) + _GAP) // 2
    for number, player in best:
        _step(canvas, left, player, player_name(player.name, number), podium.questions)
        left += _STEP_WIDTH + _GAP
    return canvas.png()


def alt(podium: Podium) -> str:
    """Return the same in words."""
    players = [
        f"{alt_text.ordinal(player.place)}: {alt_text.spoken_name(player.name, number)}, "
        f"{count(player.points, 'point')}, {player.right:,} of {podium.questions:,} right."
        for number, player in enumerate(podium.best[:3], start=1)
    ]
    title = alt_text.clipped(podium.title, 60)
    return alt_text.joined(f"The podium of {title}.", f"{_about(podium)}.", *players or ["Nobody answered."])


def _about(podium: Podium) -> str:
    more = len(podium.best) - 3
    shared = f" · {more:,} more on {alt_text.ordinal(podium.best[-1].place)} place" if more > 0 else ""
    return f"{count(podium.questions, 'question')} · {count(podium.players, 'player')}{shared}"


def _step(canvas: Canvas, left: int, player: PodiumPlayer, name: str, questions: int) -> None:
    height, colour = _STEPS[min(player.place, 3)]
    middle, bottom = left + _STEP_WIDTH // 2, canvas.height - SKYLINE + 28
    top = bottom - height
    canvas.panel((left, top, left + _STEP_WIDTH, bottom), _STONE, opacity=1, radius=12)
    canvas.panel((left, top, left + _STEP_WIDTH, top + 10), colour, opacity=1, radius=5)
    room = _STEP_WIDTH - 20
    canvas.text((middle, top + 74), str(player.place), 60, bold=True, colour=colour, anchor="ms", width=room)
    right = f"{player.right:,} of {questions:,} right"
    canvas.text((middle, top + 112), right, 24, colour=SOFT, anchor="ms", width=room)
    canvas.text((middle, top - 22), count(player.points, "point"), 25, anchor="ms", width=_STEP_WIDTH)
    canvas.text((middle, top - 58), name, 33, bold=True, anchor="ms", width=_STEP_WIDTH, least=26)
    if player.place == 1:
        canvas.shape(_star(middle, top - 122, 24), GOLD)


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """Return the corners of a star with five points."""
    corners = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.42
        angle = math.pi * (corner / 5 - 0.5)
        corners.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return corners
