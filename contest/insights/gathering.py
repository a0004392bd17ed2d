"""A round's answers as a table for the statistics, read some hundreds of sittings at a time and kept in a few bytes each.

Each entry counts once, with its first submitted sitting (at a second try questions are known already), marked by its newest
result. Those who sit out of competition are left out: they may know the keys. Void items and items that wait for a judge are
left out of everybody's paper.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Connection, Engine, Text, select, type_coerce

from contest.papers.models import PoolItem
from contest.papers.sheets import wordings
from contest.rounds.models import Entry
from contest.sittings.frozen_rules import marking_of
from contest.sittings.models import ItemMark, JournalRow, Response, Result, Sitting
from contest.standings.counting import newest_results
from core.database import table_of
from core.database.among import among, listed
from questions.statistics.incomplete import NOT_REACHED, Held, Item, Table
from questions.types.choice.data import correct_of, letter_of
from questions.types.registry import type_of

#: Sittings read together.
CHUNK = 200

#: A claim beyond this is a device's clock that was put right, or a phone that slept. Milliseconds.
_LONGEST = 3_600_000

_M, _R, _J = table_of(ItemMark).c, table_of(Response).c, table_of(JournalRow).c
_MARKS = (
    select(_M.result_id, _M.item, _M.version_id, _M.state, _M.correct)
    .where(among(_M.result_id, "results"))
    .order_by(_M.result_id, _M.item)
)
_ANSWERS = select(_R.sitting_id, _R.item, type_coerce(_R.answer, Text)).where(among(_R.sitting_id, "sittings"))
_ROWS = (
    select(_J.sitting_id, _J.epoch, _J.kind, _J.item, type_coerce(_J.client_at, BigInteger))
    .where(among(_J.sitting_id, "sittings"), _J.kind.in_(("display", "answer", "focus")))
    .order_by(_J.sitting_id, _J.epoch, _J.sequence)
)


@dataclass
class Gathered:
    """The table; ``versions`` are the question versions by their number in it, ``times`` the milliseconds from the first
    display to the first answer of each. ``void`` counts versions that were left out, ``left_out`` sittings."""

    table: Table = field(default_factory=Table)
    versions: dict[int, int] = field(default_factory=dict)
    times: list[array[int]] = field(default_factory=list)
    void: set[int] = field(default_factory=set)
    left_out: int = 0

    def number_of(self, version: int) -> int:
        """The number of ``version`` in the table."""
        number = self.versions.setdefault(version, len(self.times))
        if number == len(self.times):
            self.times.append(array("I"))
        return number

    def seconds(self, number: int) -> float | None:
        """The median time to the first answer; None where no device told any."""
        return round(median(self.times[number]) / 1000, 1) if self.times[number] else None


@dataclass(slots=True)
class _Seen:
    """What a sitting's journal tells: the last position shown or answered, and milliseconds to first answers by position."""

    last: int = -1
    took: dict[int, int] = field(default_factory=dict)


def gather(engine: Engine, round_id: int) -> Gathered:
    """The table of a round. Each chunk is read over a connection of its own: no snapshot is held for long."""
    found = Gathered()
    with engine.connect() as connection:
        chosen, found.left_out = _chosen(connection, round_id)
    for start in range(0, len(chosen), CHUNK):
        with engine.connect() as connection:
            _read(connection, chosen[start : start + CHUNK], found)
    return found


def _chosen(connection: Connection, round_id: int) -> tuple[list[tuple[int, int]], int]:
    """(sitting, newest result) of those that count, and how many submitted sittings do not."""
    newest = newest_results(round_id).subquery()
    rows = connection.execute(
        select(Sitting.entry_id, Sitting.id, Result.id, Entry.ranked)
        .select_from(Result)
        .join(newest, (newest.c.sitting_id == Result.sitting_id) & (newest.c.number == Result.number))
        .join(Sitting, Sitting.id == Result.sitting_id)
        .join(Entry, Entry.id == Sitting.entry_id)
        .order_by(Sitting.entry_id, Sitting.attempt)
    ).all()
    first: dict[int, tuple[int, int]] = {}
    for entry, sitting, result, ranked in rows:
        if ranked:
            first.setdefault(entry, (sitting, result))
    return sorted(first.values()), len(rows) - len(first)


def _read(connection: Connection, chosen: Sequence[tuple[int, int]], found: Gathered) -> None:
    sittings = {"sittings": listed(sitting for sitting, _result in chosen)}
    answers: dict[int, dict[int, int]] = {}
    for sitting, item, text in connection.execute(_ANSWERS, sittings):
        answers.setdefault(sitting, {})[item] = _bits(text)
    rows = connection.execute(_ROWS, sittings)
    seen = {sitting: _journal(own) for sitting, own in groupby(rows, key=lambda row: row[0])}
    of_result = {result: sitting for sitting, result in chosen}
    marks = connection.execute(_MARKS, {"results": listed(of_result)})
    for result, own in groupby(marks, key=lambda row: row[0]):
        sitting = of_result[result]
        found.table.add(_paper(own, answers.get(sitting, {}), seen.get(sitting, _Seen()), found))


def _paper(marks: Iterable[Any], answers: Mapping[int, int], seen: _Seen, found: Gathered) -> Iterator[Held]:
    """Not reached is what stands behind the last question that was shown or answered; what was passed over is wrong."""
    last = max((seen.last, *answers))
    for _result, position, version, state, correct in marks:
        if state != "marked":
            if state == "void":
                found.void.add(version)
            continue
        number = found.number_of(version)
        if position in seen.took:
            found.times[number].append(seen.took[position])
        yield Held(number, NOT_REACHED if position > last else int(bool(correct)), answers.get(position, 0))


def _journal(rows: Iterable[Any]) -> _Seen:
    """A time counts only where nothing came between: the question was shown, the same question was answered, both by one
    device's clock, and the page was not left. Only differences of a device's own claims are made use of."""
    seen = _Seen()
    shown: tuple[int, int, int] | None = None
    answered: set[int] = set()
    for _sitting, epoch, kind, item, claimed in rows:
        if kind == "focus" or item is None:
            shown = None
            continue
        seen.last = max(seen.last, item)
        if kind == "display":
            shown = (epoch, item, claimed) if claimed is not None and item not in answered else None
            continue
        if shown is not None and shown[:2] == (epoch, item) and claimed is not None and item not in answered:
            took = (claimed - shown[2]) // 1000
            if 0 <= took <= _LONGEST:
                seen.took[item] = took
        answered.add(item)
        shown = None
    return seen


def _bits(text: str) -> int:
    """An answer's options as bits; 0 for none."""
    answer = msgspec.json.decode(text)
    if not isinstance(answer, list):
        return 0
    return sum(1 << index for index in answer if isinstance(index, int) and 0 <= index < 16)


def items_of(connection: Connection, round_id: int, versions: Sequence[int]) -> list[Item]:
    """What the statistics must know of each version: its options and the key that counts (a correction's, if there is one)."""
    marking = marking_of(connection, round_id)
    pool = table_of(PoolItem).c
    owners = dict(connection.execute(select(pool.version_id, pool.id).where(pool.round_id == round_id)).tuples().all())
    key_of = {version: marking.corrected.get(owners.get(version, 0), version) for version in versions}
    texts = wordings.get(connection, [*versions, *key_of.values()])
    items = []
    for version in versions:
        options = type_of(texts[version].type).options(texts[version].data)
        names = tuple(letter_of(index) for index in range(len(options)))
        right = correct_of(texts[key_of[version]].data) if names else []
        items.append(Item(texts[version].public_id, names, frozenset(names[i] for i in right if i < len(names))))
    return items
