"""A PDF page as plain data: letters with their look and place, ruled tables, pictures. Pure.

Places are in points (1/72 inch) from the top left corner of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from core.documents.word_model import Look


class Box(NamedTuple):
    """A rectangle on a page."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        """Its width in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Its height in points."""
        return self.bottom - self.top

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


@dataclass
class Letter:
    """One printed letter (or sign). `unmapped`: the file does not say which letter its picture is."""

    text: str
    box: Box
    size: float
    look: Look = Look()
    unmapped: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of its box."""
        return (self.box.x0 + self.box.x1) / 2, (self.box.top + self.box.bottom) / 2


@dataclass(frozen=True)
class RuledTable:
    """A table drawn with lines. Each row has a cell a column of the grid, None where a merged cell covers it."""

    box: Box
    rows: tuple[tuple[Box | None, ...], ...]


@dataclass
class PdfPage:
    """One page. `pictures` are images and drawings among the text, each with its place."""

    number: int
    width: float
    height: float
    letters: list[Letter] = field(default_factory=list)
    tables: list[RuledTable] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    aslant: str = ""


@dataclass
class PdfText:
    """The pages of a document with a text layer."""

    pages: list[PdfPage]
