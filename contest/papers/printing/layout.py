"""How the options of a question stand on their lines, by their length. Pure.

Widths are those of Times (Adobe's font metrics for Times-Roman, in thousandths of the size); a Vietnamese letter is as wide
as its letter without marks. TeX Gyre Termes and Times New Roman have the same widths.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from contest.papers.printing.model import PrintedQuestion
from questions.types.printing import PrintedOption

_POINTS_PER_MM = 72 / 25.4
_PAGE_WIDTH = 210.0

_GROUPS = {
    180: "'",
    200: "|",
    250: " ,.",
    278: "/:;ijlt\\",
    333: "-()If!`[]‘’",
    389: "sJ",
    408: '"',
    444: "aceåz?“”",
    469: "^",
    480: "{}",
    500: "bdghknopquvxy0123456789$#_*–",
    541: "~",
    556: "FPS",
    564: "+<=>",
    611: "ELTZ",
    667: "BCR",
    722: "ADGHKNOQUVXYwĐ",
    778: "m&",
    833: "%",
    889: "M",
    921: "@",
    944: "W",
    1000: "—…",
}
_WIDTHS = {letter: width for width, letters in _GROUPS.items() for letter in letters} | {"r": 333, "đ": 500}
#: An unknown letter counts as wide as the widest.
_UNKNOWN = 1000


@dataclass(frozen=True, slots=True)
class Sheet:
    """The room on A4: margins and gutter in mm, the size of letters in points."""

    columns: int
    size: float
    left: float = 18.0
    right: float = 15.0
    gutter: float = 9.0

    @property
    def column_points(self) -> float:
        """The width of a column, in points."""
        room = _PAGE_WIDTH - self.left - self.right - (self.columns - 1) * self.gutter
        return room / self.columns * _POINTS_PER_MM


#: One column in letters for older eyes; two in letters that still read well.
SHEETS = {1: Sheet(1, 12.5), 2: Sheet(2, 11.5)}

#: How many options may stand on a line, most first.
PER_LINE = (4, 2, 1)
#: Room between an option and the next one, in letters' sizes; widths of bold letters are not reckoned one by one.
_GAP = 0.9


@cache
def _width(letter: str) -> int:
    base = unicodedata.normalize("NFD", letter)[:1]
    return _WIDTHS.get(letter) or _WIDTHS.get(base) or (0 if unicodedata.combining(letter) else _UNKNOWN)


def width_of(text: str, size: float) -> float:
    """The width of ``text`` on one line, in points, in letters of ``size`` points."""
    return sum(map(_width, unicodedata.normalize("NFC", text))) * size / 1000


def options_per_line(options: Sequence[PrintedOption], sheet: Sheet) -> int:
    """4, 2 or 1: the most on a line with which every option fits into its share of the line; 1 where one has lines of
    its own."""
    if any("\n" in option.text for option in options):
        return 1
    widest = max((width_of(f"{o.letter}. {o.text}", sheet.size) for o in options), default=0.0) + _GAP * sheet.size
    return next((count for count in PER_LINE if widest <= sheet.column_points / count), 1)


def lines_of_options(question: PrintedQuestion, sheet: Sheet) -> list[tuple[PrintedOption, ...]]:
    """The options of a question, line by line."""
    options = question.printed.options
    step = options_per_line(options, sheet)
    return [options[start : start + step] for start in range(0, len(options), step)]
