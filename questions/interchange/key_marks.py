"""Decides which options a list marks as right by signs or by their look.

A sign (*, ✓, (x), (Đ)) or a look (highlight, colour, underline, bold) tells the key only where it sets some
options of a question apart. Which look a list uses is learned from all its questions; a question that is marked
otherwise, or twice, or half, gets a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from core.documents.word_model import Look
from questions.interchange.drafts import Draft
from questions.interchange.flat import flat
from questions.interchange.lines import Piece
from questions.interchange.options import FoundOption

_CHECKED = {"☑", "☒", "✓", "✔", "√", "✅", "●", "◉", "■", "*", "(x)", "[x]", "x", "#", "→", "⇒"}
_EMPTY = {"☐", "□", "○", "[]", "❌"}
_BULLETS = {"-", "+", "–", "•", ">"}
_TRAILING = re.compile(
    r"[\s.;,]*(?P<sign>\(\s*x\s*\)|\[\s*x\s*\]|[*✓✔√✅☑●■]+|[(\[]\s*(?:d|dung|dap\s*an(?:\s*dung)?|d\.a|da|correct)\s*[)\]]"
    r"|(?:<|←)[=-]*(?:\s*dap\s*an)?|[❌☐□○]|[(\[]\s*(?:s|sai)\s*[)\]])\s*[.;]?\s*$"
)
_TRAILING_X = re.compile(r"(?<=[^\s\d]\s)(?P<sign>x)\s*$")
_WHOLE = 0.6

LOOKS: dict[str, tuple[str, Callable[[Look], bool]]] = {
    "highlight": ("tô nền", lambda look: bool(look.highlight) and not _whitish(look.highlight)),
    "colour": ("khác màu", lambda look: bool(look.colour)),
    "underline": ("gạch chân", lambda look: look.underline),
    "bold": ("in đậm", lambda look: look.bold),
    "italic": ("in nghiêng", lambda look: look.italic),
}


def _whitish(colour: str) -> bool:
    try:
        return min(int(colour[at : at + 2], 16) for at in (0, 2, 4)) >= 0xF0
    except ValueError:
        return False


@dataclass
class Evidence:
    """What the marks of one question say: options by sign, and for each look by words and by letter. `mixed`: options
    of several lines of which one has the look and another has none of it."""

    signs: frozenset[int] = frozenset()
    whole: dict[str, frozenset[int]] = field(default_factory=lambda: dict.fromkeys(LOOKS, frozenset()))
    part: dict[str, frozenset[int]] = field(default_factory=lambda: dict.fromkeys(LOOKS, frozenset()))
    letter: dict[str, frozenset[int]] = field(default_factory=lambda: dict.fromkeys(LOOKS, frozenset()))
    count: int = 0
    unclear: bool = False
    mixed: dict[str, frozenset[int]] = field(default_factory=lambda: dict.fromkeys(LOOKS, frozenset()))

    def tells(self, chosen: frozenset[int]) -> bool:
        """Whether a set of options sets some apart from the others."""
        return 0 < len(chosen) < self.count


@dataclass
class Usage:
    """How a list marks its keys: per look, how many questions have exactly one option set apart by it."""

    by_words: dict[str, int] = field(default_factory=dict)
    by_letter: dict[str, int] = field(default_factory=dict)
    signs: int = 0
    questions: int = 0
    marked: int = 0

    @property
    def main(self) -> str:
        """The look that tells the most keys by words; "" when none does."""
        best = max(self.by_words, key=lambda name: self.by_words[name], default="")
        return best if best and self.by_words[best] else ""

    @property
    def main_letter(self) -> str:
        """The same for the letters alone."""
        best = max(self.by_letter, key=lambda name: self.by_letter[name], default="")
        return best if best and self.by_letter[best] else ""


def share(pieces: list[Piece], has: Callable[[Look], bool]) -> float:
    """The share of letters in some pieces that have a look."""
    total = marked = 0
    for piece in pieces:
        for look, count in piece.looks():
            total += count
            marked += count if has(look) else 0
    return marked / total if total else 0.0


def gather(options: list[FoundOption]) -> Evidence:
    """The evidence of one question's options; signs at their ends are cut off."""
    found = Evidence(signs=_signs(options), count=len(options), unclear=any(option.unclear for option in options))
    if not any(piece.line.spans for option in options for piece in option.pieces):
        return found
    for name, (_, has) in LOOKS.items():
        shares = [share(option.pieces, has) for option in options]
        found.whole[name] = frozenset(i for i, value in enumerate(shares) if value >= _WHOLE)
        found.part[name] = frozenset(i for i, value in enumerate(shares) if 0 < value < _WHOLE)
        found.mixed[name] = frozenset(i for i, option in enumerate(options) if _line_without(option.pieces, has))
        if name in ("colour", "highlight") and not found.tells(found.whole[name]):
            found.whole[name] = _odd_one(options, name) or found.whole[name]
        letters = [share([option.mark], has) if option.mark else 0.0 for option in options]
        found.letter[name] = frozenset(i for i, value in enumerate(letters) if value >= _WHOLE)
    return found


def _line_without(pieces: list[Piece], has: Callable[[Look], bool]) -> bool:
    """Whether a line of an option lacks the look that another has: perhaps an option that lost its letter."""
    shares = [share([piece], has) for piece in pieces if any(count for _, count in piece.looks())]
    return len(shares) > 1 and min(shares) == 0 and max(shares) > 0


def _odd_one(options: list[FoundOption], name: str) -> frozenset[int]:
    """The one option in another colour where all options are coloured."""
    colours: list[str] = []
    for option in options:
        counts: dict[str, int] = {}
        for piece in option.pieces:
            for look, count in piece.looks():
                value = look.colour if name == "colour" else look.highlight
                counts[value] = counts.get(value, 0) + count
        colours.append(max(counts, key=lambda value: counts[value], default=""))
    single = [value for value in set(colours) if colours.count(value) == 1]
    if len(set(colours)) == 2 and len(single) == 1 and len(options) > 2 and all(colours):
        return frozenset({colours.index(single[0])})
    return frozenset()


def _signs(options: list[FoundOption]) -> frozenset[int]:
    """Options set apart by a sign before or behind them."""
    before = [option.sign.replace(" ", "").lower() for option in options]
    behind = _trailing(options)
    by_before = _set_apart([None if sign in _BULLETS else sign for sign in before])
    by_behind = _set_apart(list(behind))
    return by_before | by_behind


def _trailing(options: list[FoundOption]) -> list[str]:
    """The signs behind options: "✓" for right, "○" for wrong, "" for none. Where they tell something, they are cut
    off the words; a lone "(S)" is part of the words."""
    matches = [_trailing_sign(option) for option in options]
    signs = [sign for sign, _ in matches]
    if "✓" not in signs and signs.count("○") < len(signs) - 1:
        return [""] * len(options)
    for option, (sign, place) in zip(options, matches, strict=True):
        if sign:
            last = option.pieces[-1]
            option.pieces[-1] = Piece(last.line, last.start, last.start + place)
    return signs


def _trailing_sign(option: FoundOption) -> tuple[str, int]:
    if not option.pieces:
        return "", 0
    last = option.pieces[-1]
    text = last.line.text[last.start : last.end]
    found = _TRAILING.search(flat(text)) or _TRAILING_X.search(flat(text))
    if not found or (found.start() == 0 and len(option.pieces) == 1):
        return "", 0
    sign = "".join(found["sign"].split())
    written = text[found.start("sign") : found.end("sign")]
    if (sign in {"(d)", "[d]"} and "đ" not in written.lower()) or written.strip() == "X":
        return "", 0
    wrong = sign in {"(s)", "(sai)", "[s]", "[sai]"} or sign in _EMPTY
    return "○" if wrong else "✓", found.start("sign")


def _set_apart(signs: list[str | None]) -> frozenset[int]:
    checked = frozenset(i for i, sign in enumerate(signs) if sign and (sign in _CHECKED or sign[:1] in _CHECKED))
    if checked and len(checked) < len(signs):
        return checked
    hollow = frozenset(i for i, sign in enumerate(signs) if sign in _EMPTY)
    if len(hollow) == 1 and not checked:  # "○" beside one option only marks it; beside all it is a bullet
        return hollow
    return frozenset()


def usage(evidence: list[Evidence]) -> Usage:
    """How the list as a whole marks its keys."""
    found = Usage(questions=len(evidence))
    for one in evidence:
        found.signs += len(one.signs) == 1
        found.marked += any(one.tells(one.whole[name]) or one.tells(one.letter[name]) for name in LOOKS)
        for name in LOOKS:
            if len(one.whole[name]) == 1 and one.count > 1:
                found.by_words[name] = found.by_words.get(name, 0) + 1
            elif len(one.letter[name]) == 1 and one.count > 1 and not one.tells(one.whole[name]):
                found.by_letter[name] = found.by_letter.get(name, 0) + 1
    return found


def by_marks(draft: Draft, found: Evidence, habits: Usage) -> frozenset[int]:
    """The options that signs and looks say are right, doubts added. Empty when they say nothing."""
    if found.signs:
        if found.unclear:
            draft.doubt("Dấu đánh đứng giữa hai phương án, không rõ thuộc phương án trước hay sau.")
        if len(found.signs) > 1:
            draft.doubt("Có nhiều phương án cùng được đánh dấu.")
        if habits.questions >= 3 and habits.signs < 0.5 * habits.questions:
            draft.doubt("Câu này được đánh dấu đáp án khác với các câu khác trong tệp.")
        return found.signs
    chosen, name = _by_words(found, habits)
    if chosen:
        _doubt_words(draft, found, habits, chosen, name)
        return chosen
    return _by_letters(draft, found, habits)


def _by_words(found: Evidence, habits: Usage) -> tuple[frozenset[int], str]:
    order = sorted(LOOKS, key=lambda name: -habits.by_words.get(name, 0))
    for name in order:
        if found.tells(found.whole[name]):
            return found.whole[name], name
    for name in order:
        if len(found.part[name]) == 1 and not found.whole[name] and habits.by_words.get(name):
            return found.part[name], name
    return frozenset(), ""


def _doubt_words(draft: Draft, found: Evidence, habits: Usage, chosen: frozenset[int], name: str) -> None:
    word = LOOKS[name][0]
    if len(chosen) > 1:
        draft.doubt(f"Có {len(chosen)} phương án cùng {word}.")
    if chosen == found.part[name] or chosen & found.mixed[name]:
        draft.doubt(f"Phương án được chọn chỉ {word} một phần.")
    elif found.part[name]:
        draft.doubt(f"Còn phương án khác {word} một phần.")
    if name != habits.main:
        draft.doubt(f"Đáp án của câu này {word}, khác với cách đánh dấu ở các câu khác.")
    elif habits.questions >= 3 and not _usual(habits, name):
        draft.doubt(f"Chỉ ít câu trong tệp có phương án {word}; chưa chắc đó là cách đánh dấu đáp án.")
    for other in LOOKS:
        if other == name or not found.tells(found.whole[other]):
            continue
        if found.whole[other] != chosen and habits.by_words.get(other, 0):
            draft.doubt(f"Có phương án {word} và phương án khác {LOOKS[other][0]}.")


def _usual(habits: Usage, name: str) -> bool:
    """Whether enough questions of the list are marked by this look to call it the list's habit."""
    times = habits.by_words.get(name, 0)
    return times >= 2 and times >= 0.25 * habits.questions and times >= 0.5 * habits.marked


def _by_letters(draft: Draft, found: Evidence, habits: Usage) -> frozenset[int]:
    for name in sorted(LOOKS, key=lambda one: -habits.by_letter.get(one, 0)):
        chosen = found.letter[name]
        if not found.tells(chosen):
            continue
        word = LOOKS[name][0]
        regular = name == habits.main_letter and habits.by_letter.get(name, 0) >= 0.5 * habits.questions
        if len(chosen) > 1:
            draft.doubt(f"Có {len(chosen)} chữ cái phương án cùng {word}.")
        elif not regular or habits.questions < 2:
            draft.doubt(f"Chỉ chữ cái đầu phương án {word}, chưa chắc là đáp án.")
        return chosen
    return frozenset()
