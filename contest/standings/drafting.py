"""From what was counted to the rows of a standing: ranks overall and within every unit above the cells, units' totals,
the digest. The one place where a standing's order is made; pages, boards and files only read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contest.rules.criteria import Criterion
from contest.rules.ranking import Ranked, rank, rank_in_scopes
from contest.rules.unit_totals import unit_totals
from contest.standings.counting import Candidate, Counted, names_of
from core.audit.canonical import merkle_root
from core.database import fold
from core.organisation.tree import ids_on

#: The mean of a unit is stored to so many decimals, rounded half up.
MEAN_DECIMALS = 2

#: Lengths of the columns that hold joined names.
_NAME, _FOLDED, _SORT = 600, 400, 500


@dataclass(frozen=True)
class Draft:
    """A standing before it is stored: values of its rows and units, in order, without ``standing_id``."""

    rows: list[dict[str, Any]]
    units: list[dict[str, Any]]
    summary: dict[str, Any]
    digest: str


def draft(counted: Counted, criteria: Sequence[Criterion], ties: str) -> Draft:
    """Rank everybody who counts, overall and in each unit, equals listed by name."""
    above = {number: _above(number, counted) for number in counted.units}
    order = rank(counted.sat, criteria, ties, among_equals=_by_name)
    within = rank_in_scopes(counted.sat, lambda one: above[one.unit_id], criteria, ties, among_equals=_by_name)
    ranks: dict[int, dict[str, int]] = {one.entry_id: {} for one in counted.sat}
    for unit_id, ranked in within.items():
        for place in ranked:
            ranks[place.row.entry_id][str(unit_id)] = place.rank
    labels = {number: names_of(counted.units[number], counted.units, counted.top) for number in
              {one.unit_id for one in counted.sat}}  # fmt: skip
    rows = [
        _row(position, place, counted, labels[place.row.unit_id], ranks[place.row.entry_id])
        for position, place in enumerate(order, start=1)
    ]
    leaves = [leaf(values, place.row.entry, place.row.sitting) for values, place in zip(rows, order, strict=True)]
    return Draft(rows, _units(counted, above), _summary(counted), merkle_root(leaves))


def leaf(values: dict[str, Any], entry: str, sitting: str) -> dict[str, Any]:
    """What the digest covers of one row: public ids and plain values; marks as decimal text."""
    return {
        "position": values["position"],
        "rank": values["rank"],
        "entry": entry,
        "sitting": sitting,
        "name": values["name"],
        "unit": values["unit_name"],
        "score": format(values["score"], "f"),
        "max": format(values["max_score"], "f"),
        "correct": values["correct"],
        "seconds": values["seconds"],
    }


def _by_name(one: Candidate) -> tuple[str, str]:
    return one.sort_key, one.entry


def _above(unit_id: int, counted: Counted) -> tuple[int, ...]:
    """The units in which somebody of this unit is ranked: from the contest's unit down, cells left out."""
    path = counted.units[unit_id].path
    return tuple(
        number
        for number in ids_on(path[len(counted.top.path) - len(str(counted.top.id)) - 1 :])
        if not counted.units[number].is_cell
    )


def _row(
    position: int, place: Ranked[Candidate], counted: Counted, label: str, unit_ranks: dict[str, int]
) -> dict[str, Any]:
    one = place.row
    return {
        "position": position,
        "rank": place.rank,
        "entry_id": one.entry_id,
        "sitting_id": one.sitting_id,
        "name": one.name,
        "folded": fold(f"{one.name} {label}")[:_FOLDED],
        "sort_key": one.sort_key[:_SORT],
        "unit_path": counted.units[one.unit_id].path,
        "unit_name": label[:_NAME],
        "unit_ranks": unit_ranks,
        "score": one.score,
        "max_score": one.max_score,
        "correct": one.correct,
        "seconds": one.seconds,
    }


def _units(counted: Counted, above: dict[int, tuple[int, ...]]) -> list[dict[str, Any]]:
    totals = unit_totals(counted.sat, lambda one: above[one.unit_id])
    entries: Counter[int] = Counter()
    for unit_id, number in counted.could_sit.items():
        for each in above[unit_id]:
            entries[each] += number
    facts = sorted((counted.units[number] for number in entries), key=lambda unit: (unit.depth, unit.sort_key, unit.id))
    zero = Decimal(0)
    rows = []
    for unit in facts:
        total = totals.get(unit.id)
        rows.append(
            {
                "unit_id": unit.id,
                "parent_id": unit.parent_id,
                "depth": unit.depth,
                "level": unit.level,
                "name": unit.name,
                "full_name": unit.full_name,
                "sort_key": unit.sort_key,
                "path": unit.path,
                "entries": entries[unit.id],
                "sat": total.people if total else 0,
                "total": total.total if total else zero,
                "mean": total.mean_to(MEAN_DECIMALS) if total else zero,
                "best": total.best if total else zero,
            }
        )
    return rows


def _summary(counted: Counted) -> dict[str, Any]:
    entries, sat = counted.could_sit.total(), len(counted.sat)
    return {
        "entries": entries,
        "sat": sat,
        "absent": max(0, entries - sat - counted.annulled),
        "annulled": counted.annulled,
        "outside": counted.outside,
    }
