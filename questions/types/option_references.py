"""Options that speak of other options ("Cả a, b, c đều đúng", "Tất cả các phương án trên"), and how to shuffle them.

Pure. ``references`` says which original options an option names; ``movable`` leaves such options at the end, in their original
order; ``reworded`` gives the texts to show, in which they name the letters shown, so that every order names the same
options. Recognition is by exact grammar over known words, so that "Cả nước" or "A. Lênin" stay plain text. Where a text
speaks of others in a way that is not certain (letters that no option has, "a đến c", persons A and B in the stem), the
whole question keeps its author's order: that is always true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from questions.types.choice.data import letter_of
from questions.types.reference_grammar import Draft, has_letters, parse, speaks_of_letters

#: Nothing but a conjunction joins the letters put in where "trên" would not be true any more.
_AND = " và "


@dataclass(frozen=True)
class Reference:
    """What one option says about others: ``indexes`` are the original indexes it names, in ascending order."""

    indexes: tuple[int, ...]
    draft: Draft


@dataclass(frozen=True)
class References:
    """The options' references, one (or None) an option; ``certain`` is False when the order must stay as it is."""

    each: tuple[Reference | None, ...]
    certain: bool

    @property
    def any(self) -> bool:
        """True when some option speaks of others."""
        return any(r is not None for r in self.each)


def references(options: Sequence[str], stem: str = "") -> References:
    """Which options of ``options`` (in their original order) name others, and whether that is certain."""
    return _references(tuple(options), stem)


@lru_cache(maxsize=4096)
def _references(options: tuple[str, ...], stem: str) -> References:
    """The same; kept, as each paper that is drawn or shown asks for it again and reading the grammar is most of that."""
    drafts = [parse(option) for option in options]
    referring = {i for i, draft in enumerate(drafts) if draft is not None}
    each: list[Reference | None] = []
    certain = not speaks_of_letters(stem, len(options))
    for index, draft in enumerate(drafts):
        indexes = None if draft is None else _resolve(draft, index, len(options), referring)
        if draft is None:
            each.append(None)
        elif indexes is None:
            certain = False
            each.append(None)
        else:
            each.append(Reference(indexes, draft))
    if any(r is not None and r.draft.letters for r in each):
        # "A" may then be a person, a statement or a value of the stem or of the options as well as a letter.
        plain_options = [o for i, o in enumerate(options) if i not in referring]
        if has_letters(stem) or any(has_letters(option) for option in plain_options):
            certain = False
    return References(tuple(each), certain)


def _resolve(draft: Draft, own: int, count: int, referring: set[int]) -> tuple[int, ...] | None:
    """The original indexes that the option at ``own`` names, or None when they are not certain."""
    if draft.unclear:
        return None
    others = [i for i in range(count) if i != own and i not in referring]
    above = list(range(own))
    if draft.letters:
        indexes = [letter.index for letter in draft.letters]
        allowed = all(i < count and i != own and (i not in referring or i < own) for i in indexes)
        if not allowed or len(set(indexes)) != len(indexes):
            return None
        if draft.count is not None and draft.count != len(indexes):
            return None
        return tuple(sorted(indexes))
    candidates = [above, [i for i in above if i not in referring]]
    if not draft.above:
        candidates.insert(0, others)
    if draft.count is None:
        found = candidates[0]
        return tuple(found) if len(found) >= 2 else None
    for candidate in candidates:
        if len(candidate) == draft.count and draft.count >= 2:
            return tuple(candidate)
    return None


def keeps_order(options: Sequence[str], stem: str = "") -> bool:
    """True when these options must be shown in their author's order."""
    return not references(options, stem).certain


def movable(options: Sequence[str], stem: str = "") -> list[int]:
    """The original indexes of the options that may be shown in any order: those that speak of no others. Referring ones come
    after them, in original order. Where the references are not certain none may move."""
    found = references(options, stem)
    return [i for i, reference in enumerate(found.each) if reference is None] if found.certain else []


def reworded(options: Sequence[str], order: Sequence[int], stem: str = "") -> list[str]:
    """The texts of ``options`` in ``order``, references naming the letters under which their options are shown."""
    found = references(options, stem)
    position = {original: shown for shown, original in enumerate(order)}
    texts = []
    for shown, original in enumerate(order):
        reference = found.each[original]
        if reference is None or not found.certain:
            texts.append(options[original])
        else:
            texts.append(_reword(reference, shown, order, position, found))
    return texts


def _reword(reference: Reference, shown: int, order: Sequence[int], position: dict[int, int], found: References) -> str:
    draft = reference.draft
    if draft.letters:
        return draft.with_letters([position[letter.index] for letter in draft.letters])
    if not draft.above and draft.count is None:
        return draft.text
    above = {order[i] for i in range(shown)}
    plain_above = {i for i in above if found.each[i] is None}
    others = {i for i in order if i != order[shown] and found.each[i] is None}
    named = set(reference.indexes)
    if named in (above, plain_above) or (not draft.above and named == others):
        return draft.text
    letters = [letter_of(p) for p in sorted(position[i] for i in named)]
    listed = ", ".join(letters[:-1]) + _AND + letters[-1]
    return draft.with_explicit(listed)
