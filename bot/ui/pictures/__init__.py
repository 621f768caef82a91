"""Pictures where people would rather look than read: a round's podium, a player's card, the board's top ten.

Drawing takes tens of milliseconds of processor time, so a coroutine calls `asyncio.to_thread(render, data)`.
"""

from dataclasses import dataclass

from bot.ui.pictures import board, player_card, podium
from bot.ui.pictures.data import BoardRow, PlayerCard, Podium, PodiumPlayer, TopicScore, TopTen

__all__ = [
    "BoardRow",
    "Picturable",
    "Picture",
    "PlayerCard",
    "Podium",
    "PodiumPlayer",
    "TopTen",
    "TopicScore",
    "render",
]


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, 900 pixels wide, and a text of at most 1,024 characters that tells the same facts."""

    png: bytes
    alt: str


Picturable = Podium | PlayerCard | TopTen


def render(data: Picturable) -> Picture:
    """Draw `data`. It may be called from any thread; it never raises because of what people are called."""
    match data:
        case Podium():
            return Picture(podium.draw(data), podium.alt(data))
        case PlayerCard():
            return Picture(player_card.draw(data), player_card.alt(data))
        case TopTen():
            return Picture(board.draw(data), board.alt(data))
