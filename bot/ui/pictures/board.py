"""The top of the leaderboard as bars."""

from bot.ui.pictures import alt_text
from bot.ui.pictures.canvas import BRONZE, GOLD, MARGIN, SILVER, SKYLINE, SOFT, WIDTH, Canvas
from bot.ui.pictures.data import TopTen
from bot.ui.pictures.fonts import player_name
from bot.ui.text import count

_ROW = 46
_MOST = 10
_MEDALS = {1: GOLD, 2: SILVER, 3: BRONZE}
_PLAIN_BAR = "#b08cf0"


def draw(board: TopTen) -> bytes:
    """Return the picture as a PNG."""
    rows = board.rows[:_MOST]
    lines = max(len(rows), 3)
    canvas = Canvas(136 + lines * _ROW + 34 + SKYLINE)
    room = WIDTH - 2 * MARGIN
    canvas.text((MARGIN, 74), board.title, 42, bold=True, width=room, least=32)
    canvas.text((MARGIN, 112), f"Leaderboard · {board.period}", 24, colour=SOFT, width=room)
    top = 136
    canvas.panel((MARGIN - 12, top, WIDTH - MARGIN + 12, top + lines * _ROW + 24))
    if not rows:
        canvas.text((WIDTH // 2, top + 90), "Nobody has points yet", 30, anchor="ms", width=room)
    most = max((row.points for row in rows), default=0)
    for number, row in enumerate(rows, start=1):
        line = top + number * _ROW - 4
        medal = _MEDALS.get(row.rank) if row.points else None
        rank = (MARGIN + 48, line)
        canvas.text(
            rank, f"{row.rank:,}", 26, bold=True, colour=medal or SOFT, anchor="rs", width=56, least=10
        )
        canvas.text((MARGIN + 66, line), player_name(row.name, number), 26, bold=True, width=304)
        share = row.points / most if most > 0 else 0
        track = (MARGIN + 384, line - 20, WIDTH - MARGIN - 150, line + 2)
        canvas.bar(track, share, medal or _PLAIN_BAR)
        canvas.text((WIDTH - MARGIN - 8, line), f"{row.points:,}", 26, anchor="rs", width=138, least=10)
    return canvas.png()


def alt(board: TopTen) -> str:
    """Return the same in words."""
    names = [alt_text.spoken_name(row.name, number) for number, row in enumerate(board.rows[:_MOST], start=1)]
    rows = [
        f"{alt_text.ordinal(row.rank)}: {name}, {count(row.points, 'point')}."
        for row, name in zip(board.rows, names, strict=False)
    ]
    title, period = alt_text.clipped(board.title, 40), alt_text.clipped(board.period, 40)
    return alt_text.joined(f"The leaderboard of {title}, {period}.", *rows or ["Nobody has points yet."])
