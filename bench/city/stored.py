"""What the platform's database holds after the round: read with plain SQL, not with the platform's models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, text

from bench.city.ranking import Line

#: (epoch, sequence) → (kind, item, payload, received: microseconds since 1970)
Journal = dict[tuple[int, int], tuple[str, int | None, str, int]]


@dataclass(frozen=True, slots=True)
class StoredSitting:
    """A sitting with its newest result; times in microseconds since 1970."""

    id: int
    public_id: str
    entry: str
    name: str
    sort_key: str
    unit: str
    state: str
    started: int
    submitted_by: str
    receipt: str
    deadline: int
    paper: list[dict[str, Any]]
    correct: int | None
    score: Decimal | None
    seconds: int | None


def sittings(connection: Connection) -> dict[str, StoredSitting]:
    """Every sitting, by its public id."""
    rows = connection.execute(text(
        "SELECT s.id, s.public_id, e.public_id, p.full_name, p.sort_key, u.full_name, t.full_name, s.state, s.started_at, "
        "s.submitted_by, s.receipt, s.deadline, s.paper, r.correct, r.score, r.seconds_used "
        "FROM sitting s JOIN entry e ON e.id = s.entry_id JOIN person p ON p.id = e.person_id JOIN unit u ON u.id = p.unit_id "
        "JOIN contest c ON c.id = e.contest_id JOIN unit t ON t.id = c.unit_id "
        "LEFT JOIN result r ON r.sitting_id = s.id AND r.number = "
        "(SELECT max(x.number) FROM result x WHERE x.sitting_id = s.id)"
    ))  # fmt: skip
    found = {}
    for number, public, entry, name, key, unit, top, state, started, by, receipt, ends, paper, correct, score, seconds in rows:
        found[public] = StoredSitting(
            number, public, entry, name, key, unit_line(unit, top), state, started, by, receipt or "", ends,
            json.loads(paper), correct, None if score is None else Decimal(score), seconds,
        )  # fmt: skip
    return found


def unit_line(full_name: str, top: str) -> str:
    """A unit's names below the contest's unit, nearest first, as leaderboards show them."""
    below = full_name.removeprefix(top).split(" / ")[1:]
    return " · ".join(reversed(below)) or top.split(" / ")[-1]


def journals(connection: Connection) -> Iterator[tuple[int, Journal, int]]:
    """Sitting id, its journal, and how many rows that is, sitting by sitting."""
    rows = connection.execution_options(stream_results=True).execute(text(
        "SELECT sitting_id, epoch, sequence, kind, item, payload, received_at FROM journal ORDER BY sitting_id"
    ))  # fmt: skip
    for sitting, group in groupby(rows, key=lambda row: row[0]):
        listed = list(group)
        yield sitting, {(r[1], r[2]): (r[3], r[4], r[5], r[6]) for r in listed}, len(listed)


def responses(connection: Connection) -> dict[int, dict[int, frozenset[int]]]:
    """The final answers by sitting and item, as original options."""
    found: dict[int, dict[int, frozenset[int]]] = {}
    for sitting, item, answer in connection.execute(text("SELECT sitting_id, item, answer FROM response")):
        found.setdefault(sitting, {})[item] = frozenset(json.loads(answer))
    return found


def right_options(connection: Connection) -> dict[int, frozenset[int]]:
    """The key of each question version."""
    rows = connection.execute(text("SELECT id, data FROM question_version"))
    return {number: frozenset(json.loads(data)["correct"]) for number, data in rows}


def published(connection: Connection) -> list[Line]:
    """The rows of the published leaderboard."""
    rows = connection.execute(text(
        "SELECT r.position, r.rank, e.public_id, r.name, r.unit_name, r.score, r.correct, r.seconds FROM standing_row r "
        "JOIN standing s ON s.id = r.standing_id JOIN entry e ON e.id = r.entry_id WHERE s.state = 'published' "
        "ORDER BY r.position"
    ))  # fmt: skip
    return [
        Line(position, rank, entry, name, unit, _whole(score), correct, seconds)
        for position, rank, entry, name, unit, score, correct, seconds in rows
    ]


def _whole(score: str) -> int:
    """Points of a contest that gives one a question. Raises ValueError for anything else."""
    value = Decimal(score)
    if value != int(value):
        raise ValueError(f"not whole: {score}")
    return int(value)
