"""A question on its way: pieces found for each part, keys as they were written, doubts so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from questions.interchange.blocks import Block
from questions.interchange.lines import Line, Piece
from questions.interchange.marks import KeyWords
from questions.interchange.model import RubricItem
from questions.interchange.options import FoundOption


@dataclass(frozen=True)
class WrittenKey:
    """A key as somebody wrote it, and where: beside the question, in a table of keys, in a second file."""

    words: KeyWords
    place: str = "line"


@dataclass
class Draft:
    """What is known of one block while it is read."""

    block: Block
    stem: list[Piece] = field(default_factory=list)
    options: list[FoundOption] = field(default_factory=list)
    keys: list[WrittenKey] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    explanation: list[str] = field(default_factory=list)
    leftovers: list[Piece] = field(default_factory=list)
    answer: list[Piece] = field(default_factory=list)
    answered: bool = False
    rubric: list[RubricItem] = field(default_factory=list)
    total: str = ""
    topic: str = ""
    level: str = ""
    type: str = ""
    correct: list[int] = field(default_factory=list)
    next_section: list[Line] = field(default_factory=list)
    unlettered: bool = False
    keys_by_place: bool = False
    extra: int = 0
    texts: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        """The number as the list writes it, "" without one."""
        return self.block.mark.number if self.block.mark else ""

    @property
    def pieces(self) -> list[Piece]:
        """All pieces that the question was read from."""
        return self.block.pieces

    def doubt(self, message: str) -> None:
        """Adds a doubt once."""
        if message not in self.doubts:
            self.doubts.append(message)
