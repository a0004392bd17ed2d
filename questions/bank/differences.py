"""Two versions side by side: which words went and which came. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """Some words: ``changed`` when the other side has others in their place."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Row:
    """One part of a question on both sides."""

    label: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """True when the sides differ."""
        return any(piece.changed for piece in (*self.before, *self.after))


def compare_text(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut into pieces that are the same on both sides and pieces that are not, word by word."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = kind == "equal"
        if a < b:
            left.append(Piece("".join(old[a:b]), not same))
        if c < d:
            right.append(Piece("".join(new[c:d]), not same))
    return tuple(left), tuple(right)


def compare_rows(before: dict[str, str], after: dict[str, str]) -> list[Row]:
    """Parts by their labels, in the order of ``after`` and then those only ``before`` has."""
    labels = list(dict.fromkeys([*after, *before]))
    return [Row(label, *compare_text(before.get(label, ""), after.get(label, ""))) for label in labels]
