"""Finds the options of one block: the best run A, B, C … over line starts and places inside lines.

Option letters also stand in ordinary words ("C. Mác", "Cả A. và B."), so each possible place is weighed: a line
start counts more than a place inside a line, the list's own writing of letters more than another, and an option
without words counts against the run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from questions.interchange.flat import flat
from questions.interchange.lines import Piece
from questions.interchange.marks import option_mark

_LETTERS = "ABCDEFGH"
_INLINE = re.compile(
    r"(?:(?P<wide>\t\s*|\s{2,})|(?P<space>\s)|(?P<stop>(?<=[.?:;,)…”\"\]])))"
    r"(?P<sign>(?:\(x\)|\[x?\]|[*○●◉✓✔√☑☒☐□■✅#])*)"
    r"[(\[]?(?P<letter>[a-h])\s?(?P<punct>[.)\]:/]+(?:-(?!\d)|\s-(?!\s?\d))?|[-–](?=\s))\s*(?=\S)"
)
_LOOSE_SIGN = re.compile(r"\s(?:\(\s*x\s*\)|\[\s*x\s*\]|[*○●◉✓✔√☑☒☐□■✅#x])\s+$")
_GLUED = re.compile(r"(?<=[a-z0-9%])(?P<letter>[b-h])(?P<punct>[.)/])\s*(?=\S)")


@dataclass(frozen=True)
class Place:
    """A possible option mark: in which piece, where it begins, where its words begin."""

    piece: int
    at: int
    words: int
    letter: str
    style: str
    sign: str
    weight: float
    line_start: bool
    wide: bool = False


@dataclass
class FoundOption:
    """One option: its letter, the sign beside it, its pieces, and the piece that holds the letter itself."""

    letter: str
    sign: str
    pieces: list[Piece]
    mark: Piece | None = None
    unclear: bool = False


@dataclass
class FoundOptions:
    """The options of a block, the stem before them and the pieces behind the last option's own line."""

    stem: list[Piece]
    options: list[FoundOption] = field(default_factory=list)
    tail: list[Piece] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def usual_style(texts: Iterable[str]) -> str:
    """How this list writes its option letters most ("A.", "a/"), learned from line starts."""
    counts = Counter(mark.style for text in texts if (mark := option_mark(text)))
    return counts.most_common(1)[0][0] if counts else ""


def find_options(pieces: list[Piece], style: str, limit: int) -> FoundOptions:
    """The options among the first `limit` pieces; later pieces are tail whatever they hold."""
    places = _places(pieces[:limit], style)
    run = _best_run(pieces, places)
    doubts: list[str] = []
    straight = _in_line_order(pieces, places, run, style)
    if straight is not None:
        run = straight
        doubts.append("Chữ cái của các phương án thiếu, trùng hoặc sai thứ tự.")
    if len(run) < 2:
        return FoundOptions(list(pieces))
    mixed = _in_other_order(places, run, style) if straight is None else None
    if mixed is not None:
        found = _taken(pieces, mixed, [*doubts, "Các phương án không nằm theo thứ tự chữ cái, đã xếp lại."])
        found.options.sort(key=lambda option: option.letter)
        return found
    if len(run) == 2 and not any(place.line_start or place.wide for place in run):
        doubts.append("Chỉ thấy hai phương án viết liền trong câu.")
    return _taken(pieces, run, doubts)


def _places(pieces: list[Piece], style: str) -> list[Place]:
    found: list[Place] = []
    for index, piece in enumerate(pieces):
        text = piece.line.text[piece.start : piece.end]
        plain = flat(text)
        taken: set[int] = set()
        mark = option_mark(text)
        if mark:
            weight = 10.0 if index else 7.0
            at = plain.index(mark.letter.lower(), len(text) - len(text.lstrip()))
            found.append(_place(index, piece, mark.place, mark.start, mark.letter, mark.style, mark.sign, weight, True))
            taken.add(at)
        for match in _INLINE.finditer(plain):
            at = match.start("letter")
            if at in taken or not text[at].isascii():
                continue
            taken.add(at)
            weight = 6.0 if match["wide"] else 3.0
            found.append(_from_match(index, piece, text, match, weight, match["sign"].strip()))
        for match in _GLUED.finditer(plain):
            at = match.start("letter")
            if at not in taken and text[at].isascii() and text[at].isupper() and not text[at - 1].isupper():
                found.append(_from_match(index, piece, text, match, 1.0, ""))
    if not style:
        return found
    return [Place(**{**vars(place), "weight": place.weight - _mismatch(place.style, style)}) for place in found]


def _place(
    index: int, piece: Piece, at: int, words: int, letter: str, style: str, sign: str, weight: float, start: bool
) -> Place:
    return Place(index, piece.start + at, piece.start + words, letter, style, sign, weight, start)


def _from_match(index: int, piece: Piece, text: str, match: re.Match[str], weight: float, sign: str) -> Place:
    letter = text[match.start("letter")]
    style = ("A" if letter.isupper() else "a") + match["punct"].strip()[:1]
    at = match.start("sign") if "sign" in match.re.groupindex else match.start("letter")
    return Place(index, piece.start + at, piece.start + match.end(), letter.upper(), style, sign, weight, False, weight >= 6)


def _mismatch(style: str, usual: str) -> float:
    if style == usual:
        return 0.0
    return 4.0 if style[:1] != usual[:1] else 2.0


def _best_run(pieces: list[Piece], places: list[Place]) -> list[Place]:
    """The run A, B, C … of the greatest weight."""
    by_letter = [[place for place in places if place.letter == letter] for letter in _LETTERS]
    best: list[Place] = []
    best_score = 0.0
    # ways[i] = best (score, run) that ends with the i-th possible place of the present letter
    ways: list[tuple[float, list[Place]]] = [(place.weight, [place]) for place in by_letter[0]]
    for letter in range(1, len(_LETTERS) + 1):
        for score, run in ways:
            if len(run) >= 2 and score > best_score:
                best, best_score = run, score
        if letter == len(_LETTERS):
            break
        onward: list[tuple[float, list[Place]]] = []
        for place in by_letter[letter]:
            steps = [
                (score + place.weight - (0 if _has_words(pieces, run[-1], place) else 12), run)
                for score, run in ways
                if (run[-1].piece, run[-1].words) <= (place.piece, place.at)
            ]
            if steps:
                score, run = max(steps, key=lambda step: step[0])
                onward.append((score, [*run, place]))
        ways = onward
    return best


def _has_words(pieces: list[Piece], left: Place, right: Place) -> bool:
    """Whether anything but signs stands between two marks."""
    if left.piece == right.piece:
        return any(letter.isalnum() for letter in pieces[left.piece].line.text[left.words : right.at])
    first = pieces[left.piece]
    if any(letter.isalnum() for letter in first.line.text[left.words : first.end]):
        return True
    between = "".join(piece.text for piece in pieces[left.piece + 1 : right.piece])
    last = pieces[right.piece]
    return any(letter.isalnum() for letter in between + last.line.text[last.start : right.at])


def _in_line_order(pieces: list[Piece], places: list[Place], run: list[Place], style: str) -> list[Place] | None:
    """The marks at line starts as they come, where they hold more options than the best run in order."""
    starts = [
        place for place in places if (place.line_start or place.wide) and (not style or _mismatch(place.style, style) < 4)
    ]
    begun = {(place.piece, place.words) for place in starts if place.line_start}
    starts = [place for place in starts if place.line_start or (place.piece, place.at) not in begun]  # "A.⇥C. Mác"
    if len(starts) <= max(len(run), 1):
        return None
    letters = [place.letter for place in starts]
    if letters.count("A") > 1 and letters[0] == "A":  # a second question begins here: not one question's options
        starts = starts[: letters.index("A", 1)]
        if len(starts) <= len(run):
            return None
    known = {(place.piece, place.at) for place in run}
    if run and all((place.piece, place.at) in known for place in starts):
        return None
    if len({place.letter for place in starts}) < 2 or len(starts) > 8:
        return None
    return starts


def _in_other_order(places: list[Place], run: list[Place], style: str) -> list[Place] | None:
    """Letters in the order A C B D, as two columns leave them: each letter once, more of them than in the run."""
    alike = [place for place in places if place.style == (style or run[0].style) and place.weight >= 2]
    letters = [place.letter for place in alike]
    if len(set(letters)) != len(letters) or not len(run) < len(letters) <= 6 or letters[0] != "A":
        return None
    return alike if sorted(letters) == list(_LETTERS[: len(letters)]) else None


def _taken(pieces: list[Piece], run: list[Place], doubts: list[str]) -> FoundOptions:
    first, last = run[0], run[-1]
    stem = [*pieces[: first.piece], Piece(pieces[first.piece].line, pieces[first.piece].start, first.at)]
    found = FoundOptions([piece for piece in stem if piece.text], doubts=doubts)
    for place, following in zip(run, [*run[1:], None], strict=True):
        line = pieces[place.piece].line
        if following is not None and following.piece == place.piece:
            words = [Piece(line, place.words, following.at)]
        else:
            words = [Piece(line, place.words, pieces[place.piece].end)]
            if following is not None:
                words += pieces[place.piece + 1 : following.piece]
                upper = pieces[following.piece]
                words.append(Piece(upper.line, upper.start, following.at))
        words = [piece for piece in words if piece.text]
        unclear = following is not None and not following.line_start and bool(words) and _sign_between(words[-1])
        mark = Piece(line, place.at, place.words)
        found.options.append(FoundOption(place.letter, place.sign, words, mark, unclear))
    found.tail = pieces[last.piece + 1 :]
    return found


def _sign_between(piece: Piece) -> bool:
    """Whether a sign stands between two options with a space on either side: it may belong to either."""
    return bool(_LOOSE_SIGN.search(flat(piece.line.text[piece.start : piece.end])))
