"""How a question looks on paper, whatever its type: a small structure that any renderer can set. Pure.

A type says it once (``QuestionType.printed``); the renderers of papers, answer sheets and key sheets know no types.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrintedOption:
    """An option below the stem: the ``letter`` in front of it and its ``text``."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row that is answered by itself: a statement, the left side of a pair, a place in an order, a blank."""

    label: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """A question on paper.

    ``options`` with letters; ``rows`` each of which gets one of ``columns`` (a statement: Đúng, Sai; a pair: the letters of
    the options); ``lines`` ruled lines to write on; ``note`` tells how to answer where that is not plain.

    Keys, printed on key sheets only: ``right`` are the letters of the right options, ``key`` is the whole key in words
    ("B", "A, C", "a) Đúng, b) Sai"); empty where people mark the answer.
    """

    stem: str
    options: tuple[PrintedOption, ...] = ()
    rows: tuple[PrintedRow, ...] = ()
    columns: tuple[str, ...] = ()
    lines: int = 0
    note: str = ""
    right: tuple[str, ...] = ()
    key: str = ""

    @property
    def bubbles(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What the answer sheet offers: (label, choices) for each row; one row without a label for plain options; none
        where the answer is written."""
        if self.rows and self.columns:
            return tuple((row.label, self.columns) for row in self.rows)
        return (("", tuple(option.letter for option in self.options)),) if self.options and not self.rows else ()
