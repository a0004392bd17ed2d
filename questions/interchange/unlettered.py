"""Options without letters: a stem, then plain lines of which one is bold, marked, or named by the key.

Where lines end up as options is settled by the list itself: blocks of one list have the same number of them. A
stem may spill onto a second line ("… ý kiến nào / là đúng?"); what still does not fit stays a question without
options, with a doubt.
"""

from __future__ import annotations

import re
from collections import Counter

from questions.interchange.drafts import Draft
from questions.interchange.flat import flat, key_of
from questions.interchange.key_marks import gather
from questions.interchange.lines import Piece
from questions.interchange.marks import KeyWords, explanation_start, key_intro, key_words, letters_alone, source_start
from questions.interchange.options import FoundOption
from questions.interchange.tails import Habits, is_section_start, read_tail

_BULLET = re.compile(r"\s*(?P<sign>(?:(?:\(\s*x\s*\)|\[\s*[x ]?\s*\]|[*○●◉•✓✔√☑☒☐□■✅❌#+>–-])\s*)+)")
_WEAK_BULLET = re.compile(r"\s*[#+>–-]")
_NUMBERED = re.compile(r"\s*[(\[]?(?P<number>[1-8])\s*[.)/\]:-]+(?:\s+(?=\S)|(?=[^\s\d]))")
_STEM_ENDS = ("?", ":", "…", "..", "là", "?”", '?"', ".?", "?)")


def read_unlettered(drafts: list[Draft]) -> None:
    """Looks again at blocks without options: they may be options that bear no letters."""
    waiting = [draft for draft in drafts if not draft.options and not draft.rubric and draft.type != "true_false"]
    bodies = {id(draft): _body(draft) for draft in waiting}
    sizes: Counter[int] = Counter()
    for draft in waiting:
        body, _ = bodies[id(draft)] = _bulleted(*bodies[id(draft)])
        for cut in _stem_cuts(body)[:1]:
            sizes[len(body) - cut] += 1
    lettered = Counter(len(draft.options) for draft in drafts if draft.options)
    usual = _usual(sizes, lettered)
    for draft in waiting:
        _try(draft, *bodies[id(draft)], usual, alone=len(waiting) == len(drafts))


def _usual(sizes: Counter[int], lettered: Counter[int]) -> int:
    possible = {size: count for size, count in sizes.items() if 2 <= size <= 6}
    if possible:
        size = max(possible, key=lambda one: (possible[one], one == 4))
        if possible[size] >= 2 or not lettered:
            return size
    return lettered.most_common(1)[0][0] if lettered else 0


def _body(draft: Draft) -> tuple[list[Piece], list[Piece]]:
    """The lines of a block before its key or explanation, and those from there on."""
    for place, piece in enumerate(draft.pieces):
        text = piece.text
        named = key_intro(text) is not None or explanation_start(text) is not None or source_start(text) is not None
        if place and (named or letters_alone(text)):
            return draft.pieces[:place], draft.pieces[place:]
        if place > 2 and is_section_start(piece.line, text):
            return draft.pieces[:place], draft.pieces[place:]
    return draft.pieces, []


def _bulleted(body: list[Piece], rest: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Where options are a run of bullets, lines behind the run are no options."""
    bullets = [piece.line.bullet for piece in body]
    if True not in bullets[1:]:
        return body, rest
    end = bullets.index(True, 1)
    while end < len(body) and bullets[end]:
        end += 1
    return (body[:end], [*body[end:], *rest]) if True not in bullets[end:] else (body, rest)


def _stem_cuts(body: list[Piece]) -> list[int]:
    """How many lines the stem may have, the likeliest first."""
    bullets = [bool(_BULLET.match(piece.text)) or piece.line.bullet for piece in body]
    if any(bullets[1:]):
        first = bullets.index(True, 1)
        if all(bullets[first:]):
            return [first]
    numbered = [_NUMBERED.match(piece.text) for piece in body]
    for place in range(1, len(body)):
        rest = numbered[place:]
        if len(rest) >= 2 and all(m and int(m["number"]) == i + 1 for i, m in enumerate(rest)):
            return [place]
    ends = [
        place + 1 for place, piece in enumerate(body[:3]) if piece.text.rstrip().endswith(_STEM_ENDS) and len(body) > place + 2
    ]
    return list(dict.fromkeys([*ends[-1:], *ends, 1])) if body else []


def _try(draft: Draft, body: list[Piece], rest: list[Piece], usual: int, *, alone: bool) -> None:
    cuts = _stem_cuts(body)
    if not cuts or len(body) < 3 or not usual:
        return
    keyed = _written_letters(rest)
    fitting = [cut for cut in cuts if len(body) - cut == usual]
    cut = fitting[0] if fitting else cuts[0]
    size = len(body) - cut
    if not 2 <= size <= 6:
        return
    numbered = _counted(body[cut:])
    alike = all(_WEAK_BULLET.match(piece.text) for piece in body[cut:])
    options = [_option(piece, numbered, alike) for piece in body[cut:]]
    evidence = gather(options)
    marked = bool(evidence.signs) or any(
        0 < len(evidence.whole[name]) < size for name in ("highlight", "colour", "underline", "bold")
    )
    truth = sorted(key_of(option.pieces[0].text) for option in options if option.pieces) == ["dung", "sai"]
    bulleted = all(option.sign or piece.line.bullet for option, piece in zip(options, body[cut:], strict=True))
    if not (keyed or marked or truth or (bulleted and size == usual and not draft.answered)):
        return
    if draft.answered and not keyed:
        return
    _accept(draft, body[:cut], options, rest)
    if size != usual and not truth:
        draft.doubt(f"Có {size} dòng sau câu hỏi, các câu khác có {usual} phương án; xin xem lại chỗ bắt đầu phương án.")
    elif len({len(body) - other for other in cuts if len(body) - other == usual}) and len(cuts) > 1 and not fitting:
        draft.doubt("Không rõ dòng nào là phương án đầu tiên.")
    if not alone and not bulleted and not truth:
        draft.doubt("Phương án không có chữ cái; được nhận theo số dòng.")


def _accept(draft: Draft, stem: list[Piece], options: list[FoundOption], rest: list[Piece]) -> None:
    draft.stem, draft.options, draft.unlettered = stem, options, True
    draft.keys, draft.explanation, draft.source, draft.leftovers = [], [], [], []
    draft.answered, draft.answer, draft.type = False, [], ""
    if draft.next_section:
        draft.block.lines = [piece.line.number for piece in draft.pieces]
        draft.next_section = []
    read_tail(draft, rest, Habits(bare_keys=True))


def _written_letters(rest: list[Piece]) -> bool:
    if not rest:
        return False
    text = rest[0].text
    start = key_intro(text)
    words = key_words(text[start:]) if start is not None else KeyWords(letters_alone(text))
    return bool(words.letters) or words.words.strip().isdigit()


def _counted(pieces: list[Piece]) -> bool:
    """Whether lines are numbered 1, 2, 3 …; a lone "2.000 đồng" is not."""
    marks = [_NUMBERED.match(piece.text, sign.end() if (sign := _BULLET.match(piece.text)) else 0) for piece in pieces]
    return all(mark and int(mark["number"]) == place for place, mark in enumerate(marks, 1))


def _option(piece: Piece, numbered: bool, bulleted: bool) -> FoundOption:
    text = piece.line.text[piece.start : piece.end]
    found = _BULLET.match(flat(text)) if _BULLET.match(text) else None
    if not bulleted and _WEAK_BULLET.match(text):  # "> 50%" among plain lines
        found = None
    start, sign = piece.start, ""
    if found:
        sign = "".join(found["sign"].split())
        start += found.end()
    mark = _NUMBERED.match(piece.line.text[start : piece.end]) if numbered else None
    if mark:
        start += mark.end()
    return FoundOption("", sign, [Piece(piece.line, start, piece.end)], None)
