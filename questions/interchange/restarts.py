"""A second "A." in one block begins a question that lost its number, or that never had one."""

from __future__ import annotations

from collections.abc import Sequence

from questions.interchange.blocks import Block, holds_option_row
from questions.interchange.lines import Piece
from questions.interchange.marks import (
    OptionMark,
    answer_start,
    explanation_start,
    is_citation,
    key_intro,
    option_mark,
    source_start,
)

_NOTE = "Trong một câu có hai lần phương án A, đã tách thành hai câu; xin xem lại chỗ tách."


def split_restarts(blocks: list[Block], style: str) -> list[Block]:
    """Cuts blocks where options written as the list writes them (`style`) begin again at A."""
    found: list[Block] = []
    for block in blocks:
        places = _restarts(block.pieces, style)
        if not places:
            found.append(block)
            continue
        bounds = [0, *places, len(block.pieces)]
        for part, (start, end) in enumerate(zip(bounds, bounds[1:], strict=False)):
            pieces = block.pieces[start:end]
            made = Block(block.mark if part == 0 else None, pieces, lines=[piece.line.number for piece in pieces])
            made.doubts = [*(block.doubts if part == 0 else []), _NOTE]
            found.append(made)
    return found


def _restarts(pieces: list[Piece], style: str) -> list[int]:
    """The pieces where the stem of a further question begins."""
    places: list[int] = []
    marks = [option_mark(piece.line.text[piece.start : piece.end]) for piece in pieces]
    seen = 0
    floor = 0
    for place, (piece, mark) in enumerate(zip(pieces, marks, strict=True)):
        row = holds_option_row(piece.line.text[piece.start : piece.end], style)
        if mark is None:
            intro = key_intro(piece.text)
            if explanation_start(piece.text) is not None or answer_start(piece.text) not in (None, intro):
                break  # an explanation may go through the options again
            if row and seen >= 2 and not is_citation(piece.text) and source_start(piece.text) is None:
                places.append(place)
                floor = place
            seen += 3 * row
            continue
        if mark.style != style:
            continue
        if mark.letter == "A" and seen >= 2 and (row or _next_letter(marks, place) in ("B", "C")):
            start = _stem_start(pieces, marks, place, floor)
            if start is None:
                break
            places.append(start)
            seen, floor = 0, place
        seen += 3 if row else 1
    return places


def _next_letter(marks: Sequence[OptionMark | None], place: int) -> str:
    following = next((mark for mark in marks[place + 1 : place + 12] if mark is not None), None)
    return following.letter if following is not None else ""


def _stem_start(pieces: list[Piece], marks: Sequence[OptionMark | None], place: int, floor: int) -> int | None:
    """The line before the options, unless that belongs to the question before; None inside of a quotation."""
    start = place - 1
    if start <= floor or marks[start] is not None or key_intro(pieces[start].text) is not None:
        return place
    return None if is_citation(pieces[start].text) else start
