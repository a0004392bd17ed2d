"""The sheet of a sitting as JSON: its paper as shown, with what was answered, flagged and seen so far.

Seventeen thousand pages ask for it in the minute after the bell. A paper never changes, and its questions are few: each
question in each order of its options is written once, and an answer is put together from what was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from contest.papers.sheets import sheet_item, wordings
from contest.rounds import clock
from contest.sittings.finishing import journals_of
from contest.sittings.folding import Row, fold
from contest.sittings.hot_path import HotPath, milliseconds
from contest.sittings.journal import Cause
from contest.sittings.models import Sitting
from contest.sittings.standing import SittingState
from contest.sittings.tokens import SittingToken
from core.database import EngineCache, table_of
from core.database.among import among, listed
from core.database.reading import GroupReader
from core.database.server_time import now
from questions.types.base import QuestionType
from questions.types.registry import type_of


@dataclass(frozen=True, slots=True)
class _Shown:
    """A question in one order of its options; ``text`` is its JSON."""

    kind: QuestionType
    order: tuple[int, ...]
    text: bytes


_encoder = msgspec.json.Encoder()
_shown: EngineCache[tuple[int, tuple[int, ...]], _Shown] = EngineCache(50_000)
_sheets: EngineCache[int, tuple[_Shown, ...]] = EngineCache(50_000)
_PAPERS = select(table_of(Sitting).c.id, table_of(Sitting).c.paper).where(among(table_of(Sitting).c.id, "sittings"))

#: The journal of a sitting and its paper.
Written = tuple[Sequence[Row], tuple[_Shown, ...]]


def sheet_of(path: HotPath, reader: GroupReader[int, Written], token: SittingToken) -> tuple[Cause | None, bytes]:
    """Everything that a page needs to go on with the sitting, or why it may not."""
    moment = now()
    standing, cause = path.standing_of(token, moment)
    if standing is None:
        return cause, b""
    if cause is None and clock.may_be_folded(
        clock.standing(moment, standing.paused_at), standing.deadline, standing.grace
    ):
        cause = Cause.ENDED
    if cause is not None:
        return cause, b""
    found = reader.get(token.sitting)
    if found is None:
        return Cause.UNKNOWN, b""
    return None, _written(_progress(token, standing, moment, *found), found[1])


def read_sheets(connection: Connection, sittings: Sequence[int]) -> dict[int, Written]:
    """The journals of ``sittings`` and their papers as shown; papers from memory if they were asked for before."""
    journals, known = journals_of(connection, sittings), _sheets.store(connection.engine, len(sittings))
    new = [sitting for sitting in sittings if sitting not in known]
    if new:
        for sitting, paper in connection.execute(_PAPERS, {"sittings": listed(new)}).all():
            known[sitting] = _write(connection, paper)
    return {sitting: (journals.get(sitting, ()), known[sitting]) for sitting in sittings if sitting in known}


def _written(progress: dict[str, Any], paper: Sequence[_Shown]) -> bytes:
    items = b",".join([shown.text for shown in paper])
    return b"".join((_encoder.encode(progress)[:-1], b',"items":[', items, b"]}"))


def _progress(
    token: SittingToken, standing: SittingState, moment: datetime, rows: Sequence[Row], paper: Sequence[_Shown]
) -> dict[str, Any]:
    return {
        "sitting": token.public_id,
        "state": standing.state,
        "answers": {
            str(item): given.answer
            for item, given in fold(rows).answers.items()
            if paper[item].kind.original(given.answer, paper[item].order) is not None
        },
        "flags": sorted(flagged_in(rows)),
        "seen": sorted({r.item for r in rows if r.item is not None}),
        "epoch": token.epoch,
        "next": max((r.sequence for r in rows if r.epoch == token.epoch), default=0) + 1,
        "deadline": milliseconds(standing.deadline),
        "paused_at": milliseconds(standing.paused_at) if standing.is_paused(moment) else None,
        "now": milliseconds(moment),
    }


def _write(connection: Connection, paper: Sequence[dict[str, Any]]) -> tuple[_Shown, ...]:
    keys = [(drawn["version"], tuple(drawn["order"])) for drawn in paper]
    known = _shown.store(connection.engine, len(keys))
    missing = {key for key in keys if key not in known}
    texts = wordings.get(connection, [version for version, _order in missing])
    for version, order in missing:
        text = _encoder.encode(sheet_item(texts[version], order))
        known[(version, order)] = _Shown(type_of(texts[version].type), order, text)
    return tuple(known[key] for key in keys)


def flagged_in(rows: Iterable[Row]) -> set[int]:
    """The positions flagged for another look: the last flag of each counts."""
    flags = sorted((r.epoch, r.sequence, r.item, r.answer is True) for r in rows if r.kind == "flag" and r.item is not None)
    on = {item: is_on for _epoch, _sequence, item, is_on in flags}
    return {item for item, is_on in on.items() if is_on}
