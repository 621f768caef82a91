"""What people see of a bot's messages, and what came of an action."""

from dataclasses import dataclass
from datetime import datetime

from playground.refused import Json
from playground.schema.components import SELECTS, ComponentKind, walk
from playground.world.mentions import displayed_text
from playground.world.model import Interaction, Message


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as people see it. It stays live: edits show in it."""

    raw: Message

    @property
    def id(self) -> int:
        return self.raw.id

    @property
    def author_id(self) -> int:
        return self.raw.author_id

    @property
    def text(self) -> str:
        """All text outside of embeds, joined by line breaks."""
        return displayed_text(self.raw).strip()

    @property
    def ephemeral(self) -> bool:
        return self.raw.for_user is not None

    @property
    def deleted(self) -> bool:
        return self.raw.deleted

    @property
    def edited(self) -> datetime | None:
        return self.raw.edited

    @property
    def parts(self) -> list[Json]:
        """Every component, nested ones included, outermost first."""
        return [part for _, part in walk(self.raw.components)]

    @property
    def buttons(self) -> dict[str, Json]:
        """The buttons by what is written on them: the label, else the emoji."""
        return {_written_on(part): part for part in self.parts if part["type"] == ComponentKind.BUTTON}

    @property
    def selects(self) -> list[Json]:
        return [part for part in self.parts if part["type"] in SELECTS]

    @property
    def files(self) -> dict[str, bytes]:
        """The attachments' contents by file name."""
        return {attachment.filename: attachment.content for attachment in self.raw.attachments}

    @property
    def alt_texts(self) -> list[str]:
        """What a screen reader says of the pictures, in order."""
        items = [item for part in self.parts for item in (part.get("items") or ())]
        described = [item.get("description") for item in items]
        described += [
            part.get("description") for part in self.parts if part["type"] == ComponentKind.THUMBNAIL
        ]
        return [text for text in described if text]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of an action."""

    interaction: Interaction

    @property
    def state(self) -> str:
        """done, thinking (deferred, still unanswered) or failed (no answer in three seconds)."""
        return self.interaction.state

    @property
    def message(self) -> Shown:
        """The answer, or for an update the message that was updated."""
        found = self.interaction.message or self.interaction.source
        assert found is not None, f"no message came of it: {self.state}"
        return Shown(found)

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def ephemeral(self) -> bool:
        return self.message.ephemeral

    @property
    def buttons(self) -> dict[str, Json]:
        return self.message.buttons

    @property
    def modal(self) -> Json | None:
        """The form that opened, as the bot sent it."""
        return self.interaction.modal

    @property
    def follow_ups(self) -> list[Shown]:
        return [Shown(message) for message in self.interaction.follow_ups]


def _written_on(button: Json) -> str:
    emoji = button.get("emoji") or {}
    return str(button.get("label") or emoji.get("name") or "")
