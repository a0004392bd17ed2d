"""The sheet of a sitting: its paper as shown, with what was answered, flagged and seen so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, select

from contest.papers.sheets import sheet_item, wordings
from contest.rounds.clock import may_be_folded
from contest.sittings.finishing import journal_rows
from contest.sittings.folding import Row, fold, original_answer
from contest.sittings.hot_path import cause_for, milliseconds
from contest.sittings.journal import Cause
from contest.sittings.models import Sitting
from contest.sittings.tokens import SittingToken
from core.database import table_of
from core.database.server_time import now


def paper_of(engine: Engine, token: SittingToken) -> dict[str, Any]:
    """Everything that a page needs to show the sitting or to go on with it; "cause" says why it may not (None: it may)."""
    c = table_of(Sitting).c
    moment = now()
    with engine.connect() as connection:
        row = connection.execute(
            select(
                c.paper, c.state, c.device_epoch, c.device_hash, c.deadline, c.grace_seconds, c.public_id
            ).where(c.id == token.sitting)
        ).one()
        texts = wordings.get(connection, [drawn["version"] for drawn in row.paper])
        rows = journal_rows(connection, token.sitting)
    folded = fold(rows)
    last = max((r.sequence for r in rows if r.epoch == token.epoch), default=0)
    ended = may_be_folded(moment, row.deadline, row.grace_seconds)
    return {
        "cause": cause_for(token, row) or (Cause.ENDED if ended else None),
        "sitting": row.public_id,
        "state": row.state,
        "items": [sheet_item(texts[drawn["version"]], drawn["order"]) for drawn in row.paper],
        "answers": {
            str(item): given.answer
            for item, given in folded.answers.items()
            if original_answer(given.answer, row.paper[item]["order"]) is not None
        },
        "flags": sorted(flagged_in(rows)),
        "seen": sorted({r.item for r in rows if r.item is not None}),
        "epoch": token.epoch,
        "next": last + 1,
        "deadline": milliseconds(row.deadline),
        "now": milliseconds(moment),
    }


def flagged_in(rows: Iterable[Row]) -> set[int]:
    """The positions flagged for another look: the last flag of each counts."""
    flags = sorted((r.epoch, r.sequence, r.item, r.answer is True) for r in rows if r.kind == "flag" and r.item is not None)
    on = {item: is_on for _epoch, _sequence, item, is_on in flags}
    return {item for item, is_on in on.items() if is_on}
