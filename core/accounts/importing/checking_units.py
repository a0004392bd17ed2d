"""Rows of units: their cells become values and doubts, all of a batch together, for rows name each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from core.accounts.importing.cells import Doubt, Raw
from core.accounts.importing.checking import unit_doubt
from core.database.text import canonical, fold
from core.organisation.importing.lines import PlacedUnit, UnitLine, place_units
from core.organisation.importing.matching import UnitIndex
from core.organisation.levels import is_level, level_of, levels_under
from core.organisation.service import MAX_ELIGIBLE, MAX_NAME

#: The columns of a row of units, in the order in which they are shown.
UNIT_FIELDS = ("unit_name", "level", "parent", "eligible")


@dataclass(frozen=True)
class UnitRow:
    """A row as staged: its effective cells and the doubts that were waved through."""

    position: int
    sheet: str
    number: int
    cells: Mapping[str, Raw]
    kept: Collection[str] = ()
    dropped: bool = False


@dataclass
class CheckedUnit:
    """What a row says. ``ref`` as in ``PlacedUnit``; ``eligible`` None: not told."""

    name: str = ""
    folded: str = ""
    level: str = ""
    parent_ref: int | None = None
    ref: int | None = None
    eligible: int | None = None
    repeats: int | None = None
    doubts: list[Doubt] = field(default_factory=list)
    tidied: int = 0


def check_units(rows: Collection[UnitRow], index: UnitIndex, top: int | None) -> dict[int, CheckedUnit]:
    """Read every row and add what is new to ``index``; the results by position."""
    checked = {row.position: _own_cells(row) for row in rows}
    lines = [
        UnitLine(row.position, checked[row.position].name, _text(row, "level"), _text(row, "parent"))
        for row in rows
        if checked[row.position].name and not row.dropped
    ]
    numbers = {row.position: str(row.number) for row in rows}
    for position, placed in place_units(lines, index, top).items():
        _apply(checked[position], placed, index, top, numbers)
    for row in rows:
        unit = checked[row.position]
        unit.doubts = [doubt for doubt in unit.doubts if doubt.code not in row.kept]
    return checked


def broken_refs(
    rows: Collection[UnitRow], checked: Mapping[int, CheckedUnit], errors: Collection[str]
) -> dict[int, tuple[str, str]]:
    """Refs of new units whose row has one of ``errors``, or whose parent is such: (sheet, row) of the culprit."""
    broken: dict[int, tuple[str, str]] = {}
    for row in rows:
        unit = checked[row.position]
        if unit.ref is not None and unit.ref < 0 and any(doubt.code in errors for doubt in unit.doubts):
            broken[unit.ref] = (row.sheet, str(row.number))
    grown = True
    while grown:
        grown = False
        for unit in checked.values():
            if unit.ref is not None and unit.ref < 0 and unit.ref not in broken and unit.parent_ref in broken:
                broken[unit.ref] = broken[unit.parent_ref]
                grown = True
    return broken


def _text(row: UnitRow, name: str) -> str:
    return canonical(row.cells.get(name, Raw()).text)


def _own_cells(row: UnitRow) -> CheckedUnit:
    unit = CheckedUnit()
    name = _text(row, "unit_name")
    if not fold(name):
        unit.doubts.append(Doubt("unit_name", "unit_name_missing"))
    elif len(name) > MAX_NAME:
        unit.doubts.append(Doubt("unit_name", "unit_name_long", {"most": str(MAX_NAME)}))
    elif "/" in name:
        unit.doubts.append(Doubt("unit_name", "unit_name_slash", proposal=canonical(name.replace("/", "-"))))
    else:
        unit.name, unit.folded = name, fold(name)
    unit.tidied = sum(
        1 for key in ("unit_name", "parent") if key in row.cells and canonical(row.cells[key].text) != row.cells[key].text
    )
    unit.eligible, doubt = _eligible(row.cells.get("eligible", Raw()))
    if doubt:
        unit.doubts.append(doubt)
    return unit


def _eligible(raw: Raw) -> tuple[int | None, Doubt | None]:
    text = raw.text.strip()
    if not text:
        return None, None
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", text) and raw.number is None:
        text = text.replace(".", "")
    if re.fullmatch(r"\d{1,6}", text) and int(text) <= MAX_ELIGIBLE:
        return int(text), None
    return None, Doubt("eligible", "eligible_wrong")


def _apply(unit: CheckedUnit, placed: PlacedUnit, index: UnitIndex, top: int | None, numbers: Mapping[int, str]) -> None:
    unit.level, unit.ref, unit.parent_ref = placed.level, placed.ref, placed.parent_ref
    if placed.parent_missing and top is not None:
        proposal, shown = index.full_name(top), index.short_name(top)
        unit.doubts.append(Doubt("parent", "parent_missing", {"shown": shown}, proposal))
        return
    if placed.parent is not None:
        doubt = unit_doubt("parent", placed.parent, index, "parent")
        if doubt is not None:
            unit.doubts.append(doubt)
            return
    if placed.ref is None:
        return
    if placed.repeats is not None:
        unit.repeats = placed.repeats
        unit.doubts.append(Doubt("unit_name", "unit_repeated", {"row": numbers[placed.repeats]}))
    elif placed.ref > 0:
        _compare_level(unit, index.entries[placed.ref].level)
    else:
        _check_level(unit, placed, index)


def _compare_level(unit: CheckedUnit, level: str) -> None:
    if unit.level != level and is_level(level):
        unit.doubts.append(Doubt("level", "level_differs", {"level": str(level_of(level).label)}))
        unit.level = level


def _check_level(unit: CheckedUnit, placed: PlacedUnit, index: UnitIndex) -> None:
    parent = index.entries[placed.parent_ref].level if placed.parent_ref is not None else ""
    above = level_of(parent) if is_level(parent) else None
    if not placed.level:
        labels = [str(level.label) for level in levels_under(above)]
        unit.doubts.append(Doubt("level", "level_unknown", choices=tuple((label, label) for label in labels)))
    elif placed.level_misplaced:
        params = {"level": str(level_of(placed.level).label), "above": str(above.label) if above else ""}
        labels = [str(level.label) for level in levels_under(above)]
        unit.doubts.append(Doubt("level", "level_misplaced", params, choices=tuple((name, name) for name in labels)))
