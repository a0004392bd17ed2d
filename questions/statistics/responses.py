"""Answers of people to the items of one paper, marked right or wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Score = int | None
"""1 right, 0 wrong, None not reached."""

Choice = frozenset[str] | None
"""The options that a person chose (one, or several where several are right); None: not reached."""

_LETTERS = "ABCDEFGH"
_TRUE_FALSE = ("Đ", "S")


@dataclass(frozen=True, slots=True)
class ItemResponses:
    """One item's answers, a place for each person, in the same order in every item of a paper."""

    id: str
    scores: Sequence[Score]
    choices: Sequence[Choice] | None = None
    """What was chosen; None where only right or wrong is known."""
    key: frozenset[str] = frozenset()
    options: tuple[str, ...] = ()
    """All options of the item, chosen by anybody or not."""


@dataclass(frozen=True, slots=True)
class Responses:
    """A whole paper's answers: `people` persons, each with a place in every item."""

    people: int
    items: Sequence[ItemResponses]
    notes: Sequence[str] = field(default=())
    """What a reader should know about the table, in Vietnamese; nothing that changes a figure."""


def marked(item_id: str, choices: Sequence[Choice], key: frozenset[str], options: Iterable[str] = ()) -> ItemResponses:
    """An item of options marked by its key: right is exactly the key.

    ``options`` are those that the item has; without them they are told from what was chosen, see `options_seen`.
    """
    scores = {choice: None if choice is None else int(choice == key) for choice in set(choices)}
    known = tuple(options)
    seen = options_seen(choices, key) if not known else sorted(key.union(*filter(None, scores)) - set(known))
    return ItemResponses(item_id, [scores[choice] for choice in choices], choices, key, (*known, *seen))


def options_seen(choices: Iterable[Choice], key: frozenset[str]) -> tuple[str, ...]:
    """The options that an item must have: what was chosen, the key, and what stands before them in the alphabet.

    An option after the last one chosen (a D that nobody took) cannot be known from answers alone.
    """
    seen = set(key).union(*(choice for choice in set(choices) if choice))
    if seen <= set(_TRUE_FALSE):
        return _TRUE_FALSE
    if seen <= set(_LETTERS):
        return tuple(_LETTERS[: _LETTERS.index(max(seen)) + 1])
    if all(one.isdigit() for one in seen):
        first = min(1, *(int(one) for one in seen))
        return tuple(str(number) for number in range(first, max(int(one) for one in seen) + 1))
    return tuple(sorted(seen))
