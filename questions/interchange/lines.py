"""Lines of a list with the look of every letter, and pieces cut out of them.

All recognisers work on these: a text file, a Word paragraph and a table cell give the same kind of line.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from core.documents.word_model import Look

PLAIN = Look()


@dataclass
class Line:
    """One line. `spans` lay looks over its text; `label` letters at its start were printed by Word's numbering; `soft`:
    a paragraph that may only be wrapped from the one before."""

    number: int
    text: str
    where: str
    spans: list[tuple[int, int, Look]] = field(default_factory=list)
    label: int = 0
    bullet: bool = False
    heading: bool = False
    centred: bool = False
    paragraph: bool = False
    after_blank: bool = False
    tracked: bool = False
    pictures: int = 0
    in_table: bool = False
    letters_unsure: bool = False
    soft: bool = False

    def look_at(self, place: int) -> Look:
        """The look of one letter."""
        for start, end, look in self.spans:
            if start <= place < end:
                return look
        return PLAIN

    def piece(self, start: int = 0, end: int | None = None) -> Piece:
        """A part of the line."""
        return Piece(self, start, len(self.text) if end is None else end)


@dataclass(frozen=True)
class Piece:
    """A part of a line, from `start` up to `end`."""

    line: Line
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text without spaces around it."""
        return self.line.text[self.start : self.end].strip()

    def looks(self) -> list[tuple[Look, int]]:
        """Each look in the piece with the number of its letters and digits."""
        counts: dict[Look, int] = {}
        text = self.line.text
        covered = 0
        for start, end, look in self.line.spans:
            low, high = max(start, self.start), min(end, self.end)
            if low < high:
                letters = sum(1 for letter in text[low:high] if letter.isalnum())
                counts[look] = counts.get(look, 0) + letters
                covered += letters
        total = sum(1 for letter in text[self.start : self.end] if letter.isalnum())
        if total > covered:
            counts[PLAIN] = counts.get(PLAIN, 0) + total - covered
        return list(counts.items())


def joined(pieces: list[Piece]) -> str:
    """The text of pieces in their order: wrapped lines of a text file with spaces, Word paragraphs with line ends."""
    found = ""
    for piece in pieces:
        text = " ".join(piece.text.split())
        if not text:
            continue
        if not found:
            found = text
        elif piece.line.paragraph and piece.start == 0 and not piece.line.soft:
            found += "\n" + text
        else:
            found += " " + text
    return unicodedata.normalize("NFC", found)
