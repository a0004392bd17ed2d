"""From letters on a page to rows of print in reading order: one column or two, page headers and footers apart. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from core.documents.pdf_model import Box, Letter, PdfPage

#: How far from the edge of a page (in its height) heads may stand, with the share of pages that must repeat them.
_EDGES = ((0.11, 0.3), (0.2, 0.6))
#: The least gap between columns, in heights of letters.
_GAP_COLUMN = 0.8
_DIGITS = re.compile(r"\d+")


@dataclass
class Row:
    """Letters on one base line of one column. `margin` is where full rows of its column end, `left` where they
    begin; `column`: 0 over the page, 1 left, 2 right."""

    page: int
    letters: list[Letter]
    text: str = ""
    owners: list[Letter] = field(default_factory=list)
    margin: float = 0.0
    left: float = 0.0
    column: int = 0
    raised: bool = False
    pictures: int = 0

    def __post_init__(self) -> None:
        self.letters.sort(key=lambda letter: letter.box.x0)
        self.box = Box(
            min(letter.box.x0 for letter in self.letters),
            min(letter.box.top for letter in self.letters),
            max(letter.box.x1 for letter in self.letters),
            max(letter.box.bottom for letter in self.letters),
        )
        self.size = Counter(round(letter.size, 1) for letter in self.letters).most_common(1)[0][0]
        self.text, self.owners = spelled(self.letters)
        self.raised = any(
            letter.size < 0.78 * self.size and letter.text.isalnum() and place > 0 for place, letter in enumerate(self.letters)
        )


def spelled(letters: list[Letter]) -> tuple[str, list[Letter]]:
    """The text of letters in a row, with spaces where they stand apart and tabs where far; and whose each sign is."""
    text, owners = "", list[Letter]()
    before: Letter | None = None
    for letter in letters:
        if not letter.text.strip():
            continue
        if before is not None:
            gap, size = letter.box.x0 - before.box.x1, max(before.size, letter.size)
            spaced = any(
                before.box.x1 - 0.3 * size <= blank.box.x0 <= letter.box.x0 + 0.1 * size
                for blank in _blanks_between(letters, before, letter)
            )
            if gap > 2.2 * size:
                text, owners = text + "\t", [*owners, before]
            elif spaced or gap > 0.17 * size:
                text, owners = text + " ", [*owners, before]
        text += letter.text
        owners.extend([letter] * len(letter.text))
        before = letter
    return text, owners


def _blanks_between(letters: list[Letter], before: Letter, after: Letter) -> list[Letter]:
    start, end = letters.index(before), letters.index(after)
    return [letter for letter in letters[start + 1 : end] if not letter.text.strip()]


def rows_of(letters: list[Letter], page: int) -> list[list[Letter]]:
    """Letters grouped by base line, top to bottom."""
    groups: list[list[Letter]] = []
    bounds: list[tuple[float, float]] = []
    for letter in sorted((one for one in letters if one.text.strip()), key=lambda one: one.middle[1]):
        y = letter.middle[1]
        if bounds:
            top, bottom = bounds[-1]
            overlap = min(bottom, letter.box.bottom) - max(top, letter.box.top)
            if overlap > 0.5 * min(bottom - top, letter.box.height) and abs(y - (top + bottom) / 2) < 0.55 * (bottom - top):
                groups[-1].append(letter)
                if letter.box.height > bottom - top:
                    bounds[-1] = (letter.box.top, letter.box.bottom)
                continue
        groups.append([letter])
        bounds.append((letter.box.top, letter.box.bottom))
    blanks = [one for one in letters if not one.text.strip()]
    for blank in blanks:
        near = [place for place, (top, bottom) in enumerate(bounds) if top - 1 <= blank.middle[1] <= bottom + 1]
        if near:
            groups[near[-1]].append(blank)
    return groups


def crosses(group: list[Letter], x: float) -> bool:
    """Whether a row prints over a place: no gap wide enough to lie between columns stands there."""
    inked = [letter for letter in group if letter.text.strip()]
    left = max((letter.box.x1 for letter in inked if letter.middle[0] < x), default=None)
    right = min((letter.box.x0 for letter in inked if letter.middle[0] >= x), default=None)
    if left is None or right is None:
        edge = left if right is None else right
        return edge is not None and ((edge > x + 1) if right is None else (edge < x - 1))
    return left > x + 1 or right < x - 1 or right - left < _GAP_COLUMN * inked[0].size


def gutter(groups: list[list[Letter]], width: float, starts_right: Callable[[str], bool]) -> float:
    """Where the gap between two columns lies; 0 for a page of one column. Options set in two columns ("A. … B. …") are
    none: `starts_right` knows text that stands on the right of such a row."""
    if len(groups) < 8:
        return 0.0
    best, fewest = 0.0, len(groups)
    for step in range(70, 131):
        x = width * step / 200
        crossing = sum(crosses(group, x) for group in groups)
        if crossing < fewest or (crossing == fewest and abs(x - width / 2) < abs(best - width / 2)):
            best, fewest = x, crossing
    clear = [group for group in groups if not crosses(group, best)]
    right = [half for group in clear if (half := [o for o in group if o.text.strip() and o.middle[0] >= best])]
    left = sum(any(one.text.strip() and one.middle[0] < best for one in group) for group in clear)
    if fewest > 0.25 * len(groups) or len(right) < 6 or left < 6:
        return 0.0
    marked = sum(starts_right(spelled(sorted(half, key=lambda one: one.box.x0))[0]) for half in right)
    starts = Counter(round(min(one.box.x0 for one in half) / 4) for half in right)
    aligned = sum(count for _, count in starts.most_common(3))
    return best if marked < 0.45 * len(right) and aligned > 0.5 * len(right) else 0.0


def page_rows(page: PdfPage, letters: list[Letter], starts_right: Callable[[str], bool]) -> list[Row]:
    """The rows of a page in reading order."""
    groups = rows_of(letters, page.number)
    x = gutter(groups, page.width, starts_right)
    if not x:
        return [Row(page.number, group) for group in groups]
    found, left, right = list[Row](), list[Row](), list[Row]()
    for group in groups:
        if crosses(group, x):
            found.extend([*left, *right, Row(page.number, group)])
            left, right = [], []
            continue
        halves = ([one for one in group if one.middle[0] < x], [one for one in group if one.middle[0] >= x])
        for column, (side, half) in enumerate(zip((left, right), halves, strict=True), 1):
            if any(one.text.strip() for one in half):
                side.append(Row(page.number, half, column=column))
    found.extend([*left, *right])
    return found


def set_margins(rows: list[Row]) -> None:
    """Tells each row of a page where the full rows of its column begin and end."""
    for column in (0, 1, 2):
        _margins([row for row in rows if row.column == column])


def _margins(rows: list[Row]) -> None:
    if not rows:
        return
    margin = sorted(row.box.x1 for row in rows)[-max(1, len(rows) // 25)]
    left = sorted(row.box.x0 for row in rows)[len(rows) // 25]
    for row in rows:
        row.margin, row.left = margin, left


def running_heads(pages: list[list[Row]], heights: list[float], is_mark: Callable[[str], bool]) -> set[int]:
    """The ids of rows that are page headers, footers or page numbers: at the top or bottom edge, on the same spot of
    many pages, with the same words but for their numbers. Marks of a list are never among them."""
    found: set[int] = set()
    for edge, share in _EDGES:
        seen: dict[tuple[str, int], list[Row]] = {}
        for rows, height in zip(pages, heights, strict=True):
            order = sorted(rows, key=lambda row: row.box.top)
            rim = [row for row in order[:7] if row.box.bottom < edge * height]
            rim += [row for row in order[-7:] if row.box.top > (1 - edge) * height]
            for row in rim:
                words = " ".join(_DIGITS.sub("#", row.text).split())
                if not is_mark(row.text) or not words.strip("#.-–|/ "):
                    seen.setdefault((words, round(row.box.top / 4)), []).append(row)
        wanted = max(2 if len(pages) <= 4 else 3, round(share * len(pages)))
        for (words, place), rows in seen.items():
            near = [row for step in (-1, 0, 1) for row in seen.get((words, place + step), [])]
            if len({row.page for row in near}) >= wanted:
                found.update(id(row) for row in rows)
    return found
