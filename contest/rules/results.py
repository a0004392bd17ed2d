"""Sittings and what they add up to: which sitting of a round counts, and a person's result over the rounds.

Pure and exact: whole numbers, Decimal and Fraction only; a sum that could not be held exactly raises instead
of rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Inexact, InvalidOperation, localcontext
from fractions import Fraction

from contest.rules.criteria import Criterion, Number
from contest.rules.criteria.moment import Moment
from contest.rules.order import places

EXACT = Context(prec=500, traps=[Inexact, InvalidOperation])
"""Decimal arithmetic that refuses to round."""

_MOMENT = Moment()


@dataclass(frozen=True, slots=True)
class Sitting:
    """One finished sitting. What is not known is None and stands last on its criterion."""

    contestant: str
    unit: tuple[str, ...]
    """The path of the person's unit from the top: names or ids, the cell last; empty where nothing is
    known."""
    round: str
    score: Number
    correct: int | None = None
    seconds: int | None = None
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A person's counted sittings, one a round, and their sums; the moment is that of the latest of them."""

    contestant: str
    unit: tuple[str, ...]
    score: Number
    correct: int | None
    seconds: int | None
    submitted_at: datetime | None
    sittings: tuple[Sitting, ...]


def exact_sum(values: Sequence[Number]) -> Number:
    """The sum, never rounded. Raises decimal.Inexact where 500 digits would not hold it."""
    if any(isinstance(value, Fraction) for value in values):
        return sum((Fraction(value) for value in values), Fraction(0))
    with localcontext(EXACT):
        return sum(values)


def counted(sittings: Iterable[Sitting], criteria: Sequence[Criterion]) -> list[Sitting]:
    """The best sitting of each person in each round, by the criteria.

    Of sittings equal on every criterion the earlier counts: for the ranking it makes no difference, and the
    same one comes out whatever the order of input. Sittings with a status (absent, …) are not to be given.
    """
    groups: dict[tuple[str, str], list[Sitting]] = {}
    for one in sittings:
        groups.setdefault((one.contestant, one.round), []).append(one)
    several = [one for group in groups.values() if len(group) > 1 for one in group]
    place_of = dict(zip(map(id, several), places(several, criteria), strict=True))
    return [group[0] if len(group) == 1 else _best(group, place_of) for group in groups.values()]


def _best(group: list[Sitting], place_of: dict[int, int]) -> Sitting:
    first = min(place_of[id(one)] for one in group)
    equals = [one for one in group if place_of[id(one)] == first]
    return equals[0] if len(equals) == 1 else min(equals, key=_steady)


def results(sittings: Iterable[Sitting]) -> list[Result]:
    """One result a person: the sums over the given sittings, of which there is one a round (see
    `counted`)."""
    people: dict[str, list[Sitting]] = {}
    for one in sittings:
        people.setdefault(one.contestant, []).append(one)
    return [_result(of_person) for of_person in people.values()]


def _result(sittings: list[Sitting]) -> Result:
    if len(sittings) == 1:
        [one] = sittings
        return Result(one.contestant, one.unit, one.score, one.correct, one.seconds, one.submitted_at, (one,))
    ordered = sorted(sittings, key=lambda one: one.round)
    moments = [one.submitted_at for one in ordered if one.submitted_at is not None]
    return Result(
        contestant=ordered[0].contestant,
        unit=_latest_unit(ordered),
        score=exact_sum([one.score for one in ordered]),
        correct=_sum_if_known([one.correct for one in ordered]),
        seconds=_sum_if_known([one.seconds for one in ordered]),
        submitted_at=max(moments) if len(moments) == len(ordered) else None,
        sittings=tuple(ordered),
    )


def _latest_unit(sittings: list[Sitting]) -> tuple[str, ...]:
    """Somebody who moved between rounds stands where the latest sitting was; a known unit before none."""
    with_unit = [one for one in sittings if one.unit] or sittings
    return max(with_unit, key=lambda one: (_MOMENT.key(one) or 0, one.unit)).unit


def _sum_if_known(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _steady(one: Sitting) -> tuple[object, ...]:
    """An order of equal sittings that does not depend on the order of input: every measure takes part in it."""
    moment = _MOMENT.key(one)
    return (
        moment is None, moment or 0,
        -Fraction(one.score),
        one.correct is None, -(one.correct or 0),
        one.seconds is None, one.seconds or 0,
        one.unit,
    )
