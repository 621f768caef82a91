"""What is stored about a person: each storage module says it, and export, deletion and a test read it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """A column that holds a user's id.

    `about` is a sentence for the person on what the rows are; on deletion the rows go, or the id is cleared
    where the row belongs to others as well, or the rows are kept where going would undo what others decided.
    """

    table: str
    column: str
    about: str
    on_delete: Literal["delete", "clear", "keep"]
