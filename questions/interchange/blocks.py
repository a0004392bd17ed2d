"""Cuts a list into blocks, one a question, by the way this very list marks its questions.

A list numbers its questions "Câu 1:", "1.", by a number alone on a line, or not at all. The habit is learned
from the whole list first; then each line is judged by it. What stands before a block is its section.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from questions.interchange.flat import flat
from questions.interchange.lines import Line, Piece
from questions.interchange.marks import (
    QuestionMark,
    bare_number,
    explanation_start,
    is_heading,
    key_intro,
    letters_alone,
    option_mark,
    question_mark,
    source_start,
)

_INLINE_PAIR = re.compile(r"(?:^|[\s.?:;)…”\"])[(\[]?a\s?[.)/:-]\s*\S.*?[\s.;,)][(\[*]?b\s?[.)/:-]\s*\S", re.DOTALL)
_INLINE_FIRST = re.compile(r"[?:.…”\"]\s*[(\[*]*a\s?[.)/:]\s*\S|\s{2,}[(\[*]*a\s?[.)/:]\s*\S|\t[(\[*]*a\s?[.)/:]\s*\S")
_LESSON = re.compile(r"\W{0,4}bai\s+(?:so\s+)?(?P<number>\d{1,4})\s*[.:)/–-]+\s*")
_AHEAD = 40


@dataclass
class Block:
    """The lines of one question. `pieces` begin behind the question's own mark."""

    mark: QuestionMark | None
    pieces: list[Piece]
    section: list[Line] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


@dataclass
class Cut:
    """A list cut up: its blocks, what stood before the first, and the habit found."""

    blocks: list[Block]
    preface: list[Line]
    habit: str


def holds_first_option(text: str) -> bool:
    """Whether options begin on this line: "A." at its start, or "… a. x b. y" inside."""
    mark = option_mark(text)
    if mark and mark.letter == "A":
        return True
    return bool(_INLINE_PAIR.search(flat(text)))


def holds_option_row(text: str, style: str) -> bool:
    """Whether options from A to C, written in that style, stand inside of one line."""
    if not style:
        return False
    letters = "ABC" if style[0] == "A" else "abc"
    point = re.escape(style[1:]) or r"[.)]"
    pattern = r".*?\S.*?".join(rf"(?:^|[\s.;,?:)])[(\[*]*{letter}\s?{point}" for letter in letters)
    return bool(re.search(pattern, text))


def _opens_before(text: str, following: str) -> bool:
    """ "… là gì? A. 6 tháng" with "B." at the start of the next line."""
    after = option_mark(following)
    return bool(after and after.letter == "B" and _INLINE_FIRST.search(flat(text)))


def cut(lines: list[Line]) -> Cut:
    """Cuts the non-blank lines of a list into blocks."""
    firsts = [
        holds_first_option(line.text) or (place + 1 < len(lines) and _opens_before(line.text, lines[place + 1].text))
        for place, line in enumerate(lines)
    ]
    marks = _marks(lines, firsts)
    habit, styles = _habit(lines, marks, firsts)
    if habit == "none":
        return Cut([], lines, habit)
    if habit == "free":
        starts: dict[int, QuestionMark | None] = dict(_free_starts(lines, marks, firsts))
    elif habit == "bare":
        starts = dict(_bare_starts(lines, firsts))
    else:
        starts = dict(_numbered_starts(lines, marks, firsts, habit, styles))
    found = _assemble(lines, starts, habit)
    ahead = len(found.preface)
    if habit != "free" and _holds_questions(found.preface, lines[ahead:]):
        before = _assemble(found.preface, dict(_free_starts(lines[:ahead], marks[:ahead], firsts[:ahead])), "free")
        found = Cut([*before.blocks, *found.blocks], before.preface, habit)
    return found


def _marks(lines: list[Line], firsts: list[bool]) -> list[QuestionMark | None]:
    """What may start a question on each line. "Bài 1:" counts where options follow nearly each of them: in most
    lists it names a lesson."""
    marks = [question_mark(line.text) for line in lines]
    found = [_LESSON.match(flat(line.text)) for line in lines]
    starts = [match is not None for match in found]
    supported = sum(_supported(index, firsts, starts) for index, match in enumerate(found) if match)
    if supported < 2 or supported < 0.6 * sum(firsts) or any(mark and mark.style == "cau" for mark in marks):
        return marks
    return [
        QuestionMark(match["number"], "cau", match.end()) if match else mark for mark, match in zip(marks, found, strict=True)
    ]


def _holds_questions(preface: list[Line], rest: list[Line]) -> bool:
    """Whether questions without numbers stand before the first number: options A, B … written as in the list."""
    marks = [mark for line in rest if (mark := option_mark(line.text))]
    if not marks:
        return False
    style = Counter(mark.style for mark in marks).most_common(1)[0][0]
    letters = [mark.letter for line in preface if (mark := option_mark(line.text)) and mark.style == style]
    return "A" in letters and "B" in letters[letters.index("A") :]


def _habit(lines: list[Line], marks: list[QuestionMark | None], firsts: list[bool]) -> tuple[str, frozenset[str]]:
    """How this list marks its questions: "cau", "num", "bare", "free" or "none", and the styles that count."""
    groups = sum(firsts)
    words = [index for index, mark in enumerate(marks) if mark and mark.style == "cau"]
    supported: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for index, mark in enumerate(marks):
        if mark and mark.style != "cau":
            seen[mark.style] += 1
            same = [bool(other and other.style == mark.style) for other in marks[index : index + _AHEAD]]
            if _supported(0, firsts[index : index + _AHEAD], same):
                supported[mark.style] += 1
    numbered = sum(supported.values())
    if words and (len(words) >= 0.3 * groups or len(words) >= numbered):
        return "cau", frozenset({"cau"})
    if numbered and numbered >= 0.3 * groups:
        return "num", frozenset(style for style, count in supported.items() if count >= 0.04 * numbered)
    bare = [bool(bare_number(line.text)) for line in lines]
    if groups and sum(_supported(i, firsts, bare) for i, alone in enumerate(bare) if alone) >= 0.6 * groups:
        return "bare", frozenset()
    if groups:
        return "free", frozenset()
    if sum(seen.values()) >= 2 or (seen and len(lines) <= 12):
        first = next(mark.style for mark in marks if mark and mark.value == min(m.value for m in marks if m))
        return "num", frozenset({first})
    return "none", frozenset()


def _supported(index: int, firsts: list[bool], starts: list[bool]) -> bool:
    """Whether options begin after a line and before the next line that could start a question."""
    for place in range(index, min(index + _AHEAD, len(firsts))):
        if place > index and starts[place]:
            return False
        if firsts[place]:
            return True
    return False


def _numbered_starts(
    lines: list[Line],
    marks: list[QuestionMark | None],
    firsts: list[bool],
    habit: str,
    styles: frozenset[str],
) -> list[tuple[int, QuestionMark]]:
    possible = [bool(mark and (mark.style in styles or (habit == "cau" and mark.style.startswith("num")))) for mark in marks]
    found: list[tuple[int, QuestionMark]] = []
    last, complete, headed = 0, True, True
    for index, mark in enumerate(marks):
        if mark is None or not possible[index]:
            complete = complete or firsts[index]
            headed = headed or is_heading(lines[index].text) or lines[index].heading
            continue
        options_follow = _supported(index, firsts, possible)
        if mark.style == "cau":
            accepted = habit == "cau"
        elif habit == "cau":
            accepted = bool(found) and complete and options_follow and mark.value == last + 1
        elif mark.value == last + 1:
            accepted = options_follow or not _comes_later(index, mark, marks, firsts, possible)
        else:
            accepted = (complete or not found) and (options_follow or (headed and mark.value == 1))
        if accepted:
            found.append((index, mark))
            last, complete, headed = mark.value, firsts[index], False
        else:
            complete = complete or firsts[index]
    return found


def _comes_later(
    index: int, mark: QuestionMark, marks: list[QuestionMark | None], firsts: list[bool], possible: list[bool]
) -> bool:
    """Whether the same number comes again with options: then this one only counts items of an explanation."""
    for place in range(index + 1, min(index + _AHEAD, len(marks))):
        other = marks[place]
        if other is None or not possible[place]:
            continue
        if other.value == mark.value and _supported(place, firsts, possible):
            return True
        if other.value == mark.value + 1 and _supported(place, firsts, possible):
            return False
    return False


def _free_starts(
    lines: list[Line], marks: list[QuestionMark | None], firsts: list[bool]
) -> list[tuple[int, QuestionMark | None]]:
    """Starts in a list without numbers: the words before each first option, back to the last boundary."""
    found: list[tuple[int, QuestionMark | None]] = []
    floor = 0
    for index, first in enumerate(firsts):
        if not first:
            continue
        start = index
        mark_here = option_mark(lines[index].text)
        if mark_here and mark_here.letter == "A":
            start = max(index - 1, floor)
            while start > floor and not lines[start].after_blank and not _closes(lines[start - 1].text):
                start -= 1
        mark = marks[start]
        found.append((start, mark if mark and mark.style.startswith("num") else None))
        floor = index + 1
        while floor < len(lines):
            following = option_mark(lines[floor].text)
            if following is None or following.letter == "A":
                break
            floor += 1
    return found


def _bare_starts(lines: list[Line], firsts: list[bool]) -> list[tuple[int, QuestionMark]]:
    """Numbers alone on a line that options follow; of the next number in turn, any option will do."""
    bare = [bool(bare_number(line.text)) for line in lines]
    some = [first or option_mark(line.text) is not None for first, line in zip(firsts, lines, strict=True)]
    found: list[tuple[int, QuestionMark]] = []
    for index, line in enumerate(lines):
        if not bare[index]:
            continue
        mark = QuestionMark(bare_number(line.text), "bare", len(line.text))
        in_turn = bool(found) and mark.value == found[-1][1].value + 1
        if _supported(index, some if in_turn else firsts, bare):
            found.append((index, mark))
    return found


def _closes(text: str) -> bool:
    """Whether a line can only be the end of a question: an option, a key, a source, a heading."""
    mark = option_mark(text)
    return bool(
        (mark and mark.letter != "A")
        or key_intro(text) is not None
        or source_start(text) is not None
        or explanation_start(text) is not None
        or letters_alone(text)
        or is_heading(text)
    )


def _unclear_stem(lines: list[Line], start: int) -> bool:
    """In a list without numbers: whether the words before the first option may begin with the end of the question
    before, because nothing but an option stands above them."""
    if start == 0 or lines[start].after_blank or not option_mark(lines[start - 1].text):
        return False
    following = lines[start + 1].text if start + 1 < len(lines) else ""
    mark = option_mark(following)
    return not (mark and mark.letter == "A") and not holds_first_option(lines[start].text)


def _assemble(lines: list[Line], starts: dict[int, QuestionMark | None], habit: str) -> Cut:
    if not starts:
        return Cut([], lines, habit)
    blocks: list[Block] = []
    first = min(starts)
    for index in range(first, len(lines)):
        line = lines[index]
        if index in starts:
            mark = starts[index]
            blocks.append(Block(mark, [line.piece(mark.start if mark else 0)], lines=[line.number]))
            if habit == "free" and _unclear_stem(lines, index):
                blocks[-1].doubts.append("Nội dung câu hỏi gồm nhiều dòng, không rõ bắt đầu từ dòng nào.")
        else:
            blocks[-1].pieces.append(line.piece())
            blocks[-1].lines.append(line.number)
    cut_up = Cut(blocks, lines[:first], habit)
    cut_up.blocks = _unglued(cut_up.blocks)
    return cut_up


def _unglued(blocks: list[Block]) -> list[Block]:
    """Finds the number that is missing between two blocks inside the first of them ("D. … 178: Trong …")."""
    found: list[Block] = []
    for place, block in enumerate(blocks):
        following = blocks[place + 1].mark if place + 1 < len(blocks) else None
        found.append(block)
        while block.mark is not None:
            wanted = block.mark.value + 1
            if following is not None and following.value == wanted:
                break
            split = _inside(block, wanted)
            if split is None:
                break
            block, rest = split
            found[-1] = block
            found.append(rest)
            block = rest
    return found


def _inside(block: Block, number: int) -> tuple[Block, Block] | None:
    pattern = re.compile(
        rf"(?:(?<=[\s.;,)\]”\"])|(?<=\w))(?:(?P<word>cau)\s*(?:hoi\s*)?(?:so\s*)?)?(?<!\d){number}\s?[.:)/]\s*(?=\D)"
    )
    options = 0
    for place, piece in enumerate(block.pieces):
        text = piece.line.text[piece.start : piece.end]
        plain = flat(text)
        for match in pattern.finditer(plain):
            before = text[: match.start()]
            after = text[match.end() :].lstrip()
            spaced = match.start() == 0 or not plain[match.start() - 1].isalnum() or match["word"]
            if match.start() == 0 and place == 0:
                continue
            enough = options + len(re.findall(r"(?:^|[\s.;])[a-h]\s?[.)/:]", flat(before))) >= 2
            if not (spaced and enough and after[:1].isupper()):
                continue
            rest_has_options = any(
                holds_first_option(part.line.text[part.start : part.end]) for part in block.pieces[place + 1 :]
            ) or holds_first_option(after)
            if not rest_has_options:
                continue
            middle = piece.start + match.start()
            mark = QuestionMark(str(number), "glued", piece.start + match.end())
            head = Block(block.mark, [*block.pieces[:place], Piece(piece.line, piece.start, middle)])
            tail = Block(mark, [Piece(piece.line, mark.start, piece.end), *block.pieces[place + 1 :]])
            head.section, head.doubts = block.section, block.doubts
            head.lines = [part.line.number for part in head.pieces]
            tail.lines = [part.line.number for part in tail.pieces]
            note = f"Câu {number} viết dính vào câu trước, đã tách ra; xin xem lại chỗ tách."
            head.doubts = [*head.doubts, note]
            tail.doubts.append(note)
            return head, tail
        if option_mark(text):
            options += 1
        options += len(re.findall(r"[\s.;][b-h]\s?[.)/:]", plain))
    return None
