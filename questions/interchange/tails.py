"""What follows the options of a question: keys, sources, explanations, wrapped words, the next heading."""

from __future__ import annotations

import re
from dataclasses import dataclass

from questions.interchange.drafts import Draft, WrittenKey
from questions.interchange.flat import flat
from questions.interchange.lines import Line, Piece
from questions.interchange.marks import (
    INNER_EXPLANATION,
    KeyWords,
    answer_start,
    bare_key,
    bare_number,
    explanation_place,
    explanation_start,
    gives_answer,
    is_citation,
    is_end,
    is_heading,
    is_reference,
    key_in_stem,
    key_intro,
    key_words,
    option_mark,
    source_start,
    tag,
)

_INNER_KEY = re.compile(
    r"(?:(?<=[\s.;,:)?!”\"])|(?<=^))[(\[]?\s*(?:(?:dap\s*an|d/an|phuong\s+an|tra\s*loi|answer)(?:\s+(?:dung|chinh\s+xac|la))*"
    r"\s*[:=–-]\s*|(?:=+>|→|⇒)\s*(?:dap\s*an\s*(?:dung\s*)?:?\s*|chon\s+)?)(?=[(\[]?(?:[a-h](?!\w)|[a-h]{2,5}(?!\w)|dung\b|sai\b|\?))"
)
_INNER_SOURCE = re.compile(r"(?:(?<=[\s.;,(\[])|(?<=^))(?:can\s+cu|nguon|trich)\s*[:：]\s*")
_DOCUMENT = re.compile(r"\b(?:quy\s+dinh|huong\s+dan|dieu\s+le|luat|nghi\s+dinh|nghi\s+quyet|hien\s+phap)\b")
_UNFINISHED = re.compile(r"\b(?:tại|theo|của|và|hoặc|trong|về|đến|quy định|ở|do|với)$", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\b(?:[A-ZĐ]{1,3}|[Tt]r|v|đ/c|Ths?|ThS|TS|GS)\.$")
_END_OF_SENTENCE = '.!?;:…”")'


@dataclass(frozen=True)
class Habits:
    """What the tail reader must know of the whole list. `wrap` is the width where its lines break, 0 if none; `tagged`
    that "Chủ đề: …" stands behind each question and heads no section; `bracketed` that sources stand there in brackets;
    `lettered` how the letters of its parts are written ("A."), "" where parts have none."""

    wrap: int = 0
    bare_keys: bool = False
    tagged: bool = False
    bracketed: bool = False
    lettered: str = ""


def wrap_width(lines: list[Line]) -> int:
    """The width at which a text file breaks its lines; 0 where lines are as long as they like."""
    lengths = sorted(len(line.text) for line in lines if not line.paragraph)
    if len(lengths) < 6:
        return 0
    longest = lengths[int(len(lengths) * 0.98)] if len(lengths) > 60 else lengths[-1]
    near = sum(1 for length in lengths if longest * 0.85 <= length <= longest * 1.02)
    return longest if 50 <= longest <= 160 and near >= max(3, 0.08 * len(lengths)) else 0


def goes_on(before: Line, piece: Piece, wrap: int) -> bool | None:
    """Whether a line goes on with the one before it. None: it might, as a row of print behind a full row always may."""
    text = piece.text
    if piece.line.after_blank or not text:
        return False
    first = text[0]
    if first.islower() or first in ",;)”…":
        long = len(before.text.rstrip()) >= (0.6 * wrap if wrap else 50)
        return True if long and not piece.line.paragraph else None
    written = before.text.rstrip()
    if piece.line.soft and (not written.endswith(tuple(_END_OF_SENTENCE[:3])) or _ABBREVIATED.search(written)):
        return None
    if _UNFINISHED.search(written):
        return True if wrap and len(written) >= 0.7 * wrap else None
    if written.endswith(tuple(_END_OF_SENTENCE)):
        return False
    if piece.line.paragraph:
        return None if not is_citation(text) else False
    if wrap and len(written) >= 0.7 * wrap:
        return True
    return None if not is_citation(text) else False


def doubt_joins(draft: Draft, wrap: int) -> None:
    """Says where a stem or an option is made of lines that need not belong together."""
    if any(bare_number(piece.text) for piece in draft.stem if piece.start == 0):
        draft.doubt("Trong nội dung câu hỏi có dòng chỉ gồm một số, có thể là số trang.")
    for option in draft.options[:-1]:
        for before, piece in zip(option.pieces, option.pieces[1:], strict=False):
            if piece.line is not before.line and goes_on(before.line, piece, wrap) is not True:
                draft.doubt(f"Phương án {option.letter} gồm nhiều dòng; xin xem lại chỗ nối.")


def is_section_start(line: Line, text: str) -> bool:
    """Whether a line after a complete question opens the next section."""
    if is_end(text):
        return True
    if gives_answer(text):
        return False
    plain = flat(text)
    if plain.lstrip(" *-").startswith(("muc", "chuong", "phan", "bai")) and _DOCUMENT.search(plain) and is_citation(text):
        return False
    if line.heading:
        return True
    if is_heading(text):
        return True
    bold = all(look.bold for look, count in line.piece().looks() if count)
    return line.centred and bold and bool(line.spans)


def read_tail(draft: Draft, tail: list[Piece], habits: Habits) -> None:
    """Gives each piece behind the options its place in the draft."""
    target: list[str] | None = None
    before = draft.options[-1].pieces[-1].line if draft.options and draft.options[-1].pieces else None
    for place, piece in enumerate(tail):
        text = piece.text
        tags = tag(text) is not None and (habits.tagged or (place > 0 and tag(tail[place - 1].text) is not None))
        starts = not tags and is_section_start(piece.line, text) and not _holds_key(tail[place + 1 :])
        if starts or _lettered_section(draft, piece, habits):
            draft.next_section = [later.line for later in tail[place:]]
            draft.block.lines = [number for number in draft.block.lines if number < draft.next_section[0].number]
            return
        target = _place(draft, piece, text, target, before, habits)
        before = piece.line


def _lettered_section(draft: Draft, piece: Piece, habits: Habits) -> bool:
    """ "B. LỊCH SỬ" where the list begins with "A. ĐIỀU LỆ": the next part, once the question has its key."""
    mark = option_mark(piece.text)
    if mark is None or not habits.lettered or mark.letter == "A" or mark.style != habits.lettered:
        return False
    words = [letter for letter in piece.text[mark.start :] if letter.isalpha()]
    return bool(draft.keys) and all(letter.isupper() for letter in words)


def _holds_key(rest: list[Piece]) -> bool:
    return any(key_intro(piece.text) is not None for piece in rest)


def _place(
    draft: Draft, piece: Piece, text: str, target: list[str] | None, before: Line | None, habits: Habits
) -> list[str] | None:
    inner = unwrapped(text)
    if inner != text and (key_intro(inner) is not None or source_start(inner) is not None):
        text = inner
    elif inner != text and draft.options and (habits.bracketed or is_citation(inner) or is_reference(inner)):
        draft.source.append(inner)
        return draft.source
    intro = key_intro(text)
    if intro is not None:
        return take_key(draft, text[intro:])
    named = _named(draft, text)
    if named is not None:
        return named
    bare = bare_key(text)
    if bare is not None and (not bare.rest or habits.bare_keys) and not draft.rubric:
        if draft.keys and target is None:
            draft.explanation.append(text)
            return target
        draft.keys.append(WrittenKey(bare))
        if bare.rest:
            draft.explanation.append(bare.rest)
        if not habits.bare_keys:
            draft.doubt(f"Dòng chỉ có “{text}” được hiểu là đáp án.")
        return draft.explanation
    if text.strip() in {"?", "??", "..."}:
        draft.keys.append(WrittenKey(KeyWords(words="?")))
        return draft.explanation
    if target is not None:
        if target and before is not None and goes_on(before, piece, habits.wrap) is not True:
            draft.extra += 1
        target.append(text)
        return target
    if bare_number(text):
        draft.leftovers.append(piece)
        return None
    follows = goes_on(before, piece, habits.wrap) if before is not None else False
    if follows and not habits.wrap:  # no letter behind it proves that the words belong to the last option
        follows = None
    if follows is not False and draft.options and not draft.leftovers:
        draft.options[-1].pieces.append(piece)
        if follows is None:
            draft.doubt(f"“{_short(text)}” được nối vào phương án cuối; xin xem lại.")
        return None
    draft.leftovers.append(piece)
    return None


def _named(draft: Draft, text: str) -> list[str] | None:
    """Text that names itself: an explanation, a source, a topic or level."""
    start = explanation_start(text)
    if start is not None:
        draft.explanation.append(text[start:].strip())
        return draft.explanation
    start = source_start(text)
    if start is not None:
        draft.source.append(text[start:].strip())
        return draft.source
    named = tag(text)
    if named is not None:
        setattr(draft, named[0], named[1])
        return draft.explanation
    if draft.options:
        start = answer_start(text)
        if start is not None:
            draft.explanation.append(text[start:].strip())
            return draft.explanation
    return None


def take_key(draft: Draft, answer: str) -> list[str]:
    """Reads what stands behind "Đáp án:" and returns where following lines belong."""
    words = key_words(answer)
    rest = words.rest or ""
    draft.keys.append(WrittenKey(words))
    if not rest:
        return draft.explanation
    return take_remark(draft, rest)


def take_remark(draft: Draft, rest: str) -> list[str]:
    """A remark behind a key: a source, an explanation, or both."""
    plain = flat(rest)
    inner = explanation_place(rest)
    if inner is not None:
        head = rest[:inner].strip(" .;,-–")
        if head:
            take_remark(draft, head)
        start = explanation_start(rest[inner:])
        draft.explanation.append(rest[inner + (start or 0) :].strip())
        return draft.explanation
    start = source_start(rest)
    if start is None and (found := _INNER_SOURCE.match(plain)):
        start = found.end()
    if start is not None:
        draft.source.append(rest[start:].strip().removesuffix(")") if rest.startswith("(") else rest[start:].strip())
        return draft.source
    if is_citation(rest) or (unwrapped(rest) != rest and is_reference(rest)):
        draft.source.append(unwrapped(rest))
        return draft.source
    draft.explanation.append(rest)
    return draft.explanation


def unwrapped(text: str) -> str:
    """A source without the brackets around all of it."""
    text = text.strip()
    while text[:1] in "([" and text[-1:] in ")]" and _closes_at_end(text):
        text = text[1:-1].strip()
    return text


def _closes_at_end(text: str) -> bool:
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0:
            return place == len(text) - 1
    return False


def take_key_in_stem(draft: Draft) -> None:
    """Takes "(Đáp án C)" out of the stem, where it is a key."""
    for place in {0, len(draft.stem) - 1} if draft.stem else ():
        piece = draft.stem[place]
        found = key_in_stem(piece.line.text[piece.start : piece.end])
        if found is None or not key_words(found[2]).letters:
            continue
        take_key(draft, found[2])
        start, end = piece.start + found[0], piece.start + found[1]
        kept = Piece(piece.line, end, piece.end) if start == piece.start else Piece(piece.line, piece.start, start)
        draft.stem[place] = kept
        return


_BEHIND_NUMBER = re.compile(r"\s*[(\[](?P<inner>[^()\[\]]{1,160})[)\]]\s*[:.]\s*(?=\S)")
_POINTS = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?\s*(?:diem|d)")
_LEVELS = re.compile(r"(?:muc\s+do\s*:?\s*)?(?:de|trung\s+binh|kho|nhan\s+biet|thong\s+hieu|van\s+dung(?:\s+cao)?)")


def take_note_behind_number(draft: Draft) -> None:
    """ "Câu 1 (Điều 9 Điều lệ Đảng): …", "Câu 2 (1 điểm): …", "Câu 3 (Nhận biết). …": no words of the question."""
    if not draft.stem or draft.block.mark is None or draft.stem[0].start == 0:
        return
    piece = draft.stem[0]
    found = _BEHIND_NUMBER.match(piece.line.text, piece.start, piece.end)
    if found is None:
        return
    inner = found["inner"].strip()
    if _POINTS.fullmatch(flat(inner)):
        draft.explanation.append(inner)
        draft.total = flat(inner).rstrip("diem ").replace(",", ".")
    elif _LEVELS.fullmatch(flat(inner)):
        draft.level = inner
    elif is_citation(inner) or is_reference(inner) or source_start(inner) is not None:
        draft.source.append(inner[source_start(inner) or 0 :].strip())
    else:
        draft.doubt(f"Phần trong ngoặc sau số câu (“{_short(inner)}”) được để lại trong nội dung câu hỏi.")
        return
    draft.stem[0] = Piece(piece.line, found.end(), piece.end)


def split_inner_key(draft: Draft) -> None:
    """Cuts "… D. 18 tháng Đáp án: B. Giải thích: …" behind the last option's words."""
    pieces = draft.options[-1].pieces
    for place, piece in enumerate(pieces):
        plain = flat(piece.line.text)
        found = _INNER_KEY.search(plain, piece.start, piece.end)
        other = INNER_EXPLANATION.search(plain, piece.start, piece.end)
        if found is None and other is None:
            continue
        at = min(match.start() for match in (found, other) if match)
        rest_pieces = [Piece(piece.line, at, piece.end), *pieces[place + 1 :]]
        del pieces[place + 1 :]
        pieces[place] = Piece(piece.line, piece.start, at)
        if found and found.start() == at:
            answer = " ".join([piece.line.text[found.end() : piece.end], *(p.text for p in rest_pieces[1:])])
            take_key(draft, answer.strip().removesuffix(")") if plain[at : at + 1] in "([" else answer.strip())
        elif other:
            words = [piece.line.text[other.end() : piece.end].strip(), *(later.text for later in rest_pieces[1:])]
            draft.explanation.append(" ".join(words))
        if not pieces[place].text:
            del pieces[place]
        return


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
