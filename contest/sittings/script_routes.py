"""The hot path's routes for scripts: save, heartbeat, paper, epoch, submit. JSON in, JSON out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Response, request
from sqlalchemy import select

from contest.rounds.models import Round
from contest.sittings.hot_path import STATUS, HotPath, answer, browser_name, cause_for, milliseconds
from contest.sittings.journal import Cause, NewRow, Saved
from contest.sittings.lifecycle import NewEpoch, Submit, new_epoch, submit
from contest.sittings.models import Sitting
from contest.sittings.requests import payload_text, read_save
from contest.sittings.sheet import paper_of
from core.database import table_of
from core.database.server_time import now


class ScriptRoutes:
    """The routes, over the hot path's shared parts."""

    def __init__(self, path: HotPath) -> None:
        self.path = path

    def save(self) -> Response:
        """Append rows; the answer comes after the commit."""
        token = self.path.token_from_header()
        rows = read_save(request.get_data(cache=False))
        outcome = self.path.append(token, tuple(_new_row(row) for row in rows))
        return answer(_saved(outcome), STATUS[outcome.cause])

    def heartbeat(self) -> Response:
        """The page lives: what it should know, nothing is journalled."""
        token = self.path.token_from_header()
        moment = now()
        self.path.presence.heard(token.sitting, moment)
        sitting, round_ = table_of(Sitting).c, table_of(Round).c
        with self.path.engine.connect() as connection:
            row = connection.execute(
                select(
                    sitting.state, sitting.epoch, sitting.device_epoch, sitting.device_hash, sitting.deadline,
                    round_.notice_number,
                )
                .join(table_of(Round), round_.id == sitting.round_id)
                .where(sitting.id == token.sitting)
            ).first()
        if row is None:
            return answer({"cause": Cause.UNKNOWN}, 404)
        cause = cause_for(token, row)
        value = {
            "cause": cause,
            "state": row.state,
            "epoch": row.epoch,
            "deadline": milliseconds(row.deadline),
            "now": milliseconds(moment),
            "notice": row.notice_number,
        }
        return answer(value, STATUS[cause])

    def paper(self) -> Response:
        """The sheet and the answers so far, while the sitting lasts. No key, no original order.

        Afterwards questions are shown again only once the round has settled, and not here.
        """
        token = self.path.token_from_header()
        paper = paper_of(self.path.engine, token)
        cause = paper.pop("cause")
        return answer({"cause": cause}, STATUS[cause]) if cause else answer(paper)

    def epoch(self) -> Response:
        """Begin a new epoch on the same device: its storage is gone, or another tab has begun one."""
        token = self.path.token_from_header()
        begun = NewEpoch(token.sitting, token.device, take_over=False, at=now(), agent=browser_name())
        number = self.path.writer.call(new_epoch, begun)
        if number is None:
            c = table_of(Sitting).c
            with self.path.engine.connect() as connection:
                state = connection.execute(select(c.state).where(c.id == token.sitting)).scalar()
            return answer({"cause": Cause.OTHER_DEVICE if state == "open" else Cause.ENDED}, 409)
        return answer({"epoch": number, "token": self.path.signer.sign(replace(token, epoch=number)), "next": 1})

    def submit(self) -> Response:
        """Fold, mark, receipt; pressing it again gives the same receipt."""
        token = self.path.token_from_header()
        outcome = self.path.writer.call(submit, Submit(token.sitting, token.epoch, token.device, now()))
        if outcome.cause is not None:
            return answer({"cause": outcome.cause}, STATUS[outcome.cause])
        return answer({"cause": None, "receipt": outcome.receipt, "url": f"/thi/xong/{token.public_id}"})


def _new_row(row: Any) -> NewRow:
    claimed = None if row.t is None else datetime.fromtimestamp(min(row.t, 4_102_444_800_000) / 1000, UTC)
    return NewRow(row.n, row.k, row.i, row.v, payload_text(row.p), claimed)


def _saved(outcome: Saved) -> dict[str, Any]:
    return {
        "cause": outcome.cause,
        "epoch": outcome.epoch,
        "next": outcome.next,
        "deadline": milliseconds(outcome.deadline),
        "now": milliseconds(now()),
        "notice": outcome.notice,
        "conflicts": outcome.conflicts,
    }
