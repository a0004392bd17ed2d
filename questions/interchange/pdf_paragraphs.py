"""From rows of print to paragraphs: which rows are only wrapped from the row before.

A row goes on where the row before was full (its next word would not have fitted) and nothing at its start opens
something new. What spacing or a small first letter proves is joined; what could be either stays a paragraph of its
own, `soft`, and the readers of lists say a doubt where they join it. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.documents.old_encodings import unicode_runs
from core.documents.pdf_model import Letter
from core.documents.text_reading import clean
from core.documents.word_model import Look, Paragraph, Run
from questions.interchange.marks import (
    answer_start,
    bare_number,
    explanation_start,
    is_citation,
    is_heading,
    key_intro,
    letters_alone,
    option_mark,
    question_mark,
    source_start,
)
from questions.interchange.pdf_rows import Row

_HYPHEN = re.compile(r"[^\W\d_][-\u00ad\u2010]$")
#: The share of a column's width from which on a row may be wrapped where a small letter follows.
_LONG = 0.8
_ENDED = tuple(".!?;:…")


@dataclass
class Spacing:
    """How far rows stand apart in this document: inside of paragraphs and between them, in heights of letters."""

    inside: list[float] = field(default_factory=list)
    between: list[float] = field(default_factory=list)

    @property
    def limit(self) -> float:
        """The distance that parts the two; 0 where they do not differ."""
        if len(self.inside) < 4 or len(self.between) < 4:
            return 0.0
        inside = sorted(self.inside)[int(0.9 * (len(self.inside) - 1))]
        between = sorted(self.between)[int(0.1 * len(self.between))]
        return (inside + between) / 2 if between > inside + 0.12 else 0.0


def opens(text: str) -> bool:
    """Whether a row begins with something of a list's own: an option, a question, a key, a heading."""
    return bool(
        option_mark(text)
        or question_mark(text)
        or key_intro(text) is not None
        or explanation_start(text) is not None
        or source_start(text) is not None
        or answer_start(text) is not None
        or letters_alone(text)
        or bare_number(text)
        or is_heading(text)
    )


def is_full(before: Row, row: Row) -> bool:
    """Whether the first word of a row would not have fitted behind the row before."""
    first = row.text.split()[0] if row.text.split() else ""
    if not first:
        return False
    width = row.owners[min(len(first), len(row.owners)) - 1].box.x1 - row.owners[0].box.x0
    return before.margin - before.box.x1 < width + 0.45 * row.size


def _distance(before: Row, row: Row) -> float:
    """Between the base lines of two rows of one page and column, in heights of letters; 0 where that says nothing."""
    if before.page != row.page or row.box.top <= before.box.top:
        return 0.0
    return (row.box.bottom - before.box.bottom) / max(row.size, before.size)


def spacing_of(rows: list[Row]) -> Spacing:
    """Learns the distances of the whole document."""
    found = Spacing()
    for before, row in zip(rows, rows[1:], strict=False):
        distance = _distance(before, row)
        if not 0 < distance < 4:
            continue
        if option_mark(row.text) or question_mark(row.text):
            found.between.append(distance)
        elif row.text[:1].islower() and is_full(before, row):
            found.inside.append(distance)
    return found


def _joins(before: Row, row: Row, limit: float) -> bool | None:
    """Whether a row goes on with the one before; None where it may."""
    text = row.text
    if opens(text) or row.column != before.column and before.page == row.page and row.column == 0:
        return False
    small = text[0].islower() and before.box.x1 - before.left >= _LONG * (before.margin - before.left)
    if not is_full(before, row) and not (small and not before.text.endswith(_ENDED)):
        return False
    distance = _distance(before, row)
    if distance > 2.6:
        return False
    if text[0].islower() or text[0] in ",;)”…%":
        return True
    if limit and distance > limit:
        return False
    if before.text.endswith(_ENDED):
        return None
    if text[0].isdigit():
        return True
    sure = bool(limit) and 0 < distance <= limit
    return True if sure and not is_citation(text) else None


def paragraphs_of(rows: list[Row], limit: float, numbers: dict[int, int], modern: bool) -> list[Paragraph]:
    """The paragraphs of rows in reading order. `numbers` counts the paragraphs of each page for naming
    their place; `modern`: Unicode letters stand somewhere in the document."""
    groups: list[tuple[list[Row], bool]] = []
    for row in rows:
        joins = _joins(groups[-1][0][-1], row, limit) if groups else False
        if joins:
            groups[-1][0].append(row)
        else:
            groups.append(([row], joins is None))
    groups = _between_letters(groups)
    return [_paragraph(group, soft, numbers, modern) for group, soft in groups]


def _between_letters(groups: list[tuple[list[Row], bool]]) -> list[tuple[list[Row], bool]]:
    """Joins what may go on, where it stands between an option and the next letter on one page: nothing else could."""
    found: list[tuple[list[Row], bool]] = []
    for place, (rows, soft) in enumerate(groups):
        following = groups[place + 1][0][0] if place + 1 < len(groups) else None
        before = found[-1][0] if found else None
        if soft and before is not None and following is not None:
            own, after = option_mark(before[0].text), option_mark(following.text)
            in_order = own and after and ord(after.letter) == ord(own.letter) + 1 and after.style == own.style
            if in_order and before[0].page == following.page and not is_citation(rows[0].text):
                before.extend(rows)
                continue
        found.append((rows, soft))
    return found


def _paragraph(rows: list[Row], soft: bool, numbers: dict[int, int], modern: bool) -> Paragraph:
    pieces: list[tuple[str, Letter]] = []
    for row in rows:
        if pieces:
            written = "".join(text for text, _ in pieces[-2:])
            if _HYPHEN.search(written) and row.text[0].islower() and pieces[-1][0] in "\u00ad\u2010":
                pieces.pop()
            elif not (written.endswith("-") and len(written) > 1 and written[-2].isalnum()):
                pieces.append((" ", pieces[-1][1]))
        pieces.extend(zip(row.text, row.owners, strict=True))
    runs: list[Run] = []
    for text, letter in pieces:
        look = runs[-1].look if runs and text in " \t" else letter.look
        if runs and runs[-1].look == look:
            runs[-1] = Run(runs[-1].text + text, look)
        else:
            runs.append(Run(text, look))
    runs, unsure = unicode_runs(runs, modern)
    numbers[rows[0].page] = numbers.get(rows[0].page, 0) + 1
    middle = (rows[0].box.x0 + rows[0].box.x1) / 2
    centre = (rows[0].left + rows[0].margin) / 2
    first = rows[0]
    indent, rest = first.box.x0 - first.left, first.margin - first.box.x1
    return Paragraph(
        runs=tuple(Run(clean(run.text), _without_font(run.look)) for run in runs),
        centred=len(rows) == 1 and abs(middle - centre) < 12 and indent > 40 and rest > 40,
        pictures=sum(row.pictures for row in rows) + any(row.raised for row in rows),
        letters_unsure=unsure or any(letter.unmapped for row in rows for letter in row.letters),
        where=f"trang {first.page}, dòng {numbers[first.page]}",
        soft=soft,
    )


def _without_font(look: Look) -> Look:
    return Look(look.bold, look.italic, look.underline, look.strike, look.colour, look.highlight, look.hidden)
