"""Rows of a list of units, put into the tree: parents may stand in the same list, in any order. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.organisation.importing.matching import Match, UnitEntry, UnitIndex, ways_of
from core.organisation.levels import Level, all_levels, guess_level, is_level, level_by_label, level_of


@dataclass(frozen=True)
class UnitLine:
    """One row: its place in the batch, and what it says; ``name`` is canonical and not empty."""

    position: int
    name: str
    level: str
    parent: str


@dataclass(frozen=True)
class PlacedUnit:
    """Where a row belongs.

    ``ref`` is the id of the unit that is there already, or minus the row's position; ``repeats`` is the position of an
    earlier row of the same unit. ``parent`` is what was found for its parent (None: it stands at the top, or under the
    scope's unit where ``parent_ref`` says so). ``level`` is "" where it is not known.
    """

    line: UnitLine
    ref: int | None = None
    parent_ref: int | None = None
    parent: Match | None = None
    parent_missing: bool = False
    level: str = ""
    level_misplaced: bool = False
    repeats: int | None = None


def place_units(lines: Sequence[UnitLine], index: UnitIndex, top: int | None) -> dict[int, PlacedUnit]:
    """Place every line and add the new units to ``index``.

    ``top`` is the unit of the importer's scope (None: the whole tree). A line without a parent is that unit itself, or
    may be its child, which is asked. Higher levels go first, so that a path means the same in any order of rows.
    """
    placed: dict[int, PlacedUnit] = {}
    waiting = sorted(lines, key=lambda line: (_level_order(line), line.position))
    while waiting:
        left = []
        for line in waiting:
            result = _try(line, index, top)
            if result is None:
                left.append(line)
            else:
                placed[line.position] = result
        if len(left) == len(waiting):
            break
        waiting = left
    for line in waiting:
        match = index.find(ways_of(line.parent))
        placed[line.position] = PlacedUnit(line, parent=match, level=_own_level(line))
    return placed


def _try(line: UnitLine, index: UnitIndex, top: int | None) -> PlacedUnit | None:
    """Where ``line`` belongs, None while its parent is not known."""
    if not line.parent:
        return _without_parent(line, index, top)
    match = index.find(ways_of(line.parent), nearest=False)
    if match.status == "unknown":
        return None
    if match.ref is None:
        return PlacedUnit(line, parent=match, level=_own_level(line))
    return _under(line, match.ref, match, index)


def _without_parent(line: UnitLine, index: UnitIndex, top: int | None) -> PlacedUnit:
    if top is None:
        return _under(line, None, None, index)
    itself = index.find([[line.name]], nearest=False)
    if itself.ref is not None and itself.ref > 0:
        return _existing(line, itself.ref, index.entries[itself.ref].parent, None, index)
    return PlacedUnit(line, parent_missing=True, level=_own_level(line))


def _under(line: UnitLine, parent: int | None, match: Match | None, index: UnitIndex) -> PlacedUnit:
    known = index.child(parent, line.name)
    if known is not None and known > 0:
        return _existing(line, known, parent, match, index)
    above = _level(index.entries[parent].level) if parent is not None else None
    level = _told_level(line) or guess_level(line.name, above)
    misplaced = level is not None and not level.may_stand_under(above)
    if known is not None:
        return PlacedUnit(line, known, parent, match, level=level.key if level else "", repeats=-known)
    index.add(UnitEntry(-line.position, parent, line.name, level.key if level else ""))
    return PlacedUnit(line, -line.position, parent, match, level=level.key if level else "", level_misplaced=misplaced)


def _existing(line: UnitLine, ref: int, parent: int | None, match: Match | None, index: UnitIndex) -> PlacedUnit:
    told = _told_level(line)
    return PlacedUnit(line, ref, parent, match, level=told.key if told else index.entries[ref].level)


def _level(key: str) -> Level | None:
    return level_of(key) if is_level(key) else None


def _told_level(line: UnitLine) -> Level | None:
    """The level that the row's own cell names, by its label or by the first words of units of that level."""
    if not line.level:
        return None
    by_label = level_by_label(line.level)
    if by_label is not None:
        return by_label
    for above in (None, *all_levels()):
        guessed = guess_level(line.level, above)
        if guessed is not None:
            return guessed
    return None


def _own_level(line: UnitLine) -> str:
    told = _told_level(line)
    return told.key if told else ""


def _level_order(line: UnitLine) -> int:
    level = _told_level(line)
    if level is None:
        guesses = [guess_level(line.name, above) for above in (None, *all_levels())]
        level = next((guess for guess in guesses if guess is not None), None)
    return level.order if level else 45
