"""Questions without options: true or false, situations with a rubric, theory with a model answer."""

from __future__ import annotations

import re

from questions.interchange.drafts import Draft, WrittenKey
from questions.interchange.flat import flat
from questions.interchange.lines import Line, Piece, joined
from questions.interchange.marks import KeyWords, answer_start, explanation_start, key_intro, key_words, source_start
from questions.interchange.model import RubricItem
from questions.interchange.tails import is_section_start, take_key, take_remark

_POINTS = re.compile(r"[(\[]?\s*(?P<points>\d{1,3}(?:[.,]\d{1,3})?)\s*(?:diem|d)\b\s*[)\]]?\s*[.;,:]?")
_ASKS_TRUTH = re.compile(r"dung\s*(?:hay|hoac|/|-|,)\s*(?:la\s+)?sai|\(\s*d\s*/\s*s\s*\)|true\s*/\s*false")


def asks_truth(text: str) -> bool:
    """Whether a stem asks "đúng hay sai"."""
    return bool(_ASKS_TRUTH.search(flat(text)))


def read_without_options(draft: Draft, pieces: list[Piece], in_situations: bool) -> None:
    """Reads a block that has no options into its draft."""
    turn = _turn(pieces)
    if turn is None:
        whole = joined(pieces)
        inner = _inner_truth(pieces)
        if inner is not None:
            place, at, start = inner
            piece = pieces[place]
            draft.stem = [*pieces[:place], Piece(piece.line, piece.start, at)]
            kept, draft.next_section = _without_section([Piece(piece.line, start, piece.end), *pieces[place + 1 :]])
            _forget(draft)
            _truth(draft, " ".join(part.text for part in kept))
            return
        draft.stem, draft.next_section = _without_section(pieces)
        _forget(draft)
        if _truth_at_end(draft):
            return
        if asks_truth(whole):
            draft.type = "true_false"
        else:
            situation = in_situations or flat(whole).lstrip(" *-").startswith("tinh huong")
            draft.type = "situation" if situation else "essay"
        return
    place, start = turn
    draft.stem = pieces[:place]
    piece = pieces[place]
    first = Piece(piece.line, start, piece.end)
    words = key_words(first.text)
    stem = joined(draft.stem)
    if words.truth is not None and (asks_truth(stem) or _only_truth(first.text)):
        rest = [first, *pieces[place + 1 :]]
        kept, draft.next_section = _without_section(rest)
        _forget(draft)
        _drop_choices(draft)
        _truth(draft, " ".join(part.text for part in kept))
        return
    answer, draft.next_section = _without_section([first, *pieces[place + 1 :]])
    _forget(draft)
    draft.answered = True
    _read_answer(draft, answer, in_situations)


_TRUTH_AT_END = re.compile(r"[(\[]\s*(?P<truth>Đ|S|Đúng|ĐÚNG|đúng|Sai|SAI|sai)\s*[)\]]\s*\.?\s*$")


def _truth_at_end(draft: Draft) -> bool:
    """A statement that ends with "(Đ)" or "(Sai)" is a true/false question with its key."""
    last = draft.stem[-1] if draft.stem else None
    found = _TRUTH_AT_END.search(last.line.text[last.start : last.end]) if last else None
    if last is None or found is None or (found.start() == 0 and len(draft.stem) == 1):
        return False
    draft.stem[-1] = Piece(last.line, last.start, last.start + found.start())
    draft.type = "true_false"
    draft.keys.append(WrittenKey(KeyWords(truth=found["truth"][0] in "Đđ")))
    draft.doubt(f"Chữ “{found[0].strip()}” cuối câu được hiểu là đáp án.")
    return True


def _drop_choices(draft: Draft) -> None:
    """Lines "Đúng" and "Sai" between a statement and its key are its options, no words of it."""
    ends = [flat(piece.text).strip(" -–+•*○□☐.;,") for piece in draft.stem[-2:]]
    if len(draft.stem) > 2 and sorted(ends) == ["dung", "sai"]:
        del draft.stem[-2:]


def _forget(draft: Draft) -> None:
    if draft.next_section:
        first = draft.next_section[0].number
        draft.block.lines = [number for number in draft.block.lines if number < first]


def _only_truth(text: str) -> bool:
    words = key_words(text)
    return not words.rest or words.rest[0] in "(.-–,;:" or words.rest[0].isupper()


def _turn(pieces: list[Piece]) -> tuple[int, int] | None:
    """The piece where the answer begins and the place of its first word."""
    for place, piece in enumerate(pieces):
        if place == 0:
            continue
        text = piece.line.text[piece.start : piece.end]
        start = answer_start(text)
        if start is None:
            start = key_intro(text)
        if start is not None:
            return place, piece.start + start
    return None


_INNER_TRUTH = re.compile(r"(?<=[\s.?)])(?:tra\s*loi|dap\s*an(?:\s+dung)?|da)\s*[:=–-]+\s*(?=[(\[]?(?:dung|sai)\b)")


def _inner_truth(pieces: list[Piece]) -> tuple[int, int, int] | None:
    """ "… Đúng hay Sai? Trả lời: ĐÚNG …" in one line: piece, end of the stem, start of the answer."""
    for place, piece in enumerate(pieces):
        found = _INNER_TRUTH.search(flat(piece.line.text), piece.start, piece.end)
        if found:
            return place, found.start(), found.end()
    return None


def _truth(draft: Draft, answer: str) -> None:
    draft.type = "true_false"
    words = key_words(answer)
    if words.truth is None:
        take_key(draft, answer)
        return
    draft.keys.append(WrittenKey(words))
    if words.rest:
        take_remark(draft, words.rest)


def _without_section(pieces: list[Piece]) -> tuple[list[Piece], list[Line]]:
    """Cuts the heading of the next section off the end of an answer."""
    for place in range(len(pieces) - 1, max(0, len(pieces) - 5), -1):
        piece = pieces[place]
        if place > 0 and is_section_start(piece.line, piece.text) and not _POINTS.search(flat(piece.text)):
            if place > 1 and is_section_start(pieces[place - 1].line, pieces[place - 1].text):
                continue
            return pieces[:place], [later.line for later in pieces[place:]]
    return pieces, []


def _read_answer(draft: Draft, answer: list[Piece], in_situations: bool) -> None:
    notes: list[str] = []
    for place, piece in enumerate(answer):
        text = " ".join(piece.text.split())
        if not text:
            continue
        start = source_start(text)
        if start is not None:
            draft.source.append(text[start:].strip())
            continue
        start = explanation_start(text)
        if start is not None:
            draft.explanation.append(text[start:].strip())
            continue
        items = _items(text)
        if not items:
            notes.append(text)
        elif place == 0 and len(items) == 1 and not items[0].text:
            draft.total = items[0].points
        else:
            if notes and items[0].text == "":
                items[0] = RubricItem(" ".join(notes), items[0].points)
                notes = []
            draft.rubric.extend(items)
    draft.explanation[:0] = ["\n".join(notes)] if notes else []
    draft.type = "situation" if draft.rubric or in_situations else "essay"
    _check_total(draft)


def _items(text: str) -> list[RubricItem]:
    """The parts of a line that each end with their points."""
    found: list[RubricItem] = []
    begin = 0
    for match in _POINTS.finditer(flat(text)):
        words = text[begin : match.start()].strip(" -–+•*;:.")
        found.append(RubricItem(words, _decimal(match["points"])))
        begin = match.end()
    rest = text[begin:].strip(" -–+•*;:.")
    if found and rest:
        last = found[-1]
        found[-1] = RubricItem(f"{last.text} {rest}".strip(), last.points)
    return found


def _decimal(text: str) -> str:
    whole, _, part = text.replace(",", ".").partition(".")
    part = part.rstrip("0")
    return f"{int(whole)}.{part}" if part else str(int(whole))


def _check_total(draft: Draft) -> None:
    from decimal import Decimal

    stated = draft.total or _stated_total(joined(draft.stem))
    if not draft.rubric or not stated:
        return
    total = sum((Decimal(item.points) for item in draft.rubric), Decimal(0))
    if total != Decimal(stated):
        draft.doubt(f"Tổng điểm các ý là {total} nhưng câu ghi {stated} điểm.".replace(".", ",", 1))


def _stated_total(stem: str) -> str:
    matches = list(_POINTS.finditer(flat(stem)))
    return _decimal(matches[0]["points"]) if len(matches) == 1 else ""
