"""Figures of units for lists: what is below each. Higher rooms add theirs (people, sittings) by the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from core.database import db
from core.organisation.levels import level_of
from core.organisation.models import Unit
from core.organisation.tree import exists_on, ids_on, today, under


@dataclass(frozen=True)
class Figure:
    """A column in lists of units: ``count(path)`` gives (path of a unit, how many it has itself) for a subtree."""

    label: Any
    count: Callable[[str], Iterable[tuple[str, int]]]


def add_figure(app: Flask, figure: Figure) -> None:
    """Show ``figure`` beside each unit."""
    app.extensions.setdefault("unit_figures", []).append(figure)


def figures() -> Sequence[Figure]:
    """The columns that higher rooms have added."""
    found: Sequence[Figure] = current_app.extensions.get("unit_figures", [])
    return found


def rolled_up(rows: Iterable[tuple[str, int]]) -> dict[int, int]:
    """For each unit the sum over its subtree, by id. Pure."""
    sums: dict[int, int] = {}
    for path, number in rows:
        for unit_id in ids_on(path):
            sums[unit_id] = sums.get(unit_id, 0) + number
    return sums


def told_or_summed(rows: Iterable[tuple[str, int | None]]) -> dict[int, int]:
    """For each unit what it tells of itself, else the sum over those below it, by id; nothing where nobody tells. Pure."""
    told: dict[int, int] = {}
    for path, number in sorted(rows, key=lambda row: -row[0].count("/")):
        *_, unit_id = ids_on(path)
        if number is not None:
            told[unit_id] = number
        parents = ids_on(path)[:-1]
        if unit_id in told and parents:
            told[parents[-1]] = told.get(parents[-1], 0) + told[unit_id]
    return told


@dataclass(frozen=True)
class Below:
    """What lies below units, by unit id."""

    cells: dict[int, int]
    eligible: dict[int, int]
    others: list[tuple[Any, dict[int, int]]]


def below(path: str) -> Below:
    """The figures of the unit at ``path`` and of all below it that exist today."""
    rows = db.session.execute(select(Unit.path, Unit.level, Unit.eligible).where(under(path), exists_on(today()))).all()
    return Below(
        cells=rolled_up((row.path, 1) for row in rows if level_of(row.level).is_cell),
        eligible=told_or_summed((row.path, row.eligible) for row in rows),
        others=[(figure.label, rolled_up(figure.count(path))) for figure in figures()],
    )
