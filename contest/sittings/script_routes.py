"""The hot path's routes for scripts: save, heartbeat, notices, paper, epoch, submit. JSON in, JSON out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Response, request
from sqlalchemy import select

from contest.rounds.models import RoundNotice, Window
from contest.sittings.hot_path import STATUS, HotPath, answer, browser_name, cause_for, milliseconds
from contest.sittings.journal import Cause, NewRow, Saved
from contest.sittings.lifecycle import NewEpoch, Submit, new_epoch, submit
from contest.sittings.models import Sitting
from contest.sittings.requests import MAX_REQUEST, payload_text, read_save
from contest.sittings.sheet import read_sheets, sheet_of
from contest.sittings.standing import SittingState, read_states
from core.database import table_of
from core.database.server_time import now
from core.web.bare import Answer, whole_body

#: Notices in one answer; the page asks again after the last of them.
MOST_NOTICES = 50


class ScriptRoutes:
    """The routes, over the hot path's shared parts."""

    def __init__(self, path: HotPath) -> None:
        self.path = path
        self.sheets = path.reader(read_sheets)

    def save(self) -> Response:
        """Append rows; the answer comes after the commit."""
        token = self.path.token_from_header()
        rows = read_save(whole_body(MAX_REQUEST))
        outcome = self.path.append(token, tuple(_new_row(row) for row in rows))
        return answer(_saved(outcome), STATUS[outcome.cause])

    def heartbeat(self) -> Response:
        """The page lives: what it should know, nothing is journalled."""
        token = self.path.token_from_header()
        moment = now()
        self.path.presence.heard(token.sitting, moment)
        standing, cause = self.path.standing_of(token, moment)
        if standing is None:
            return answer({"cause": cause}, STATUS[cause])
        value = {"cause": cause, "state": standing.state, **_standing(standing, moment)}
        return answer(value, STATUS[cause])

    def paper(self) -> Response:
        """The sheet and the answers so far, while the sitting lasts. No key, no original order.

        Afterwards questions are shown again only once the round has settled, and not here.
        """
        token = self.path.token_from_header()
        cause, sheet = sheet_of(self.path, self.sheets, token)
        return answer({"cause": cause}, STATUS[cause]) if cause else Answer(sheet, content_type="application/json")

    def epoch(self) -> Response:
        """Begin a new epoch on the same device: its storage is gone, or another tab has begun one."""
        token = self.path.token_from_header()
        begun = NewEpoch(token.sitting, token.device, take_over=False, at=now(), agent=browser_name())
        number = self.path.writer.call(new_epoch, begun)
        if number is None:
            with self.path.engine.connect() as connection:
                standing = read_states(connection, [token.sitting]).get(token.sitting)
            cause = Cause.UNKNOWN if standing is None else cause_for(token, standing) or Cause.FULL
            return answer({"cause": cause}, STATUS[cause])
        return answer({"epoch": number, "token": self.path.signer.sign(replace(token, epoch=number)), "next": 1})

    def submit(self) -> Response:
        """Fold, mark, receipt; pressing it again gives the same receipt."""
        token = self.path.token_from_header()
        outcome = self.path.writer.call(submit, Submit(token.sitting, token.epoch, token.device, now()))
        if outcome.cause is not None:
            return answer({"cause": outcome.cause}, STATUS[outcome.cause])
        return answer({"cause": None, "receipt": outcome.receipt, "url": f"/thi/xong/{token.public_id}"})

    def notices(self) -> Response:
        """What the organiser has told this round since notice number "sau", oldest first. What concerns another window has
        its number alone: the page learns that it is no news."""
        token = self.path.token_from_header()
        after = request.args.get("sau", 0, type=int)
        c, sitting, window = table_of(RoundNotice).c, table_of(Sitting).c, table_of(Window).c
        with self.path.engine.connect() as connection:
            own = connection.scalar(
                select(window.public_id)
                .join(table_of(Sitting), sitting.window_id == window.id)
                .where(sitting.id == token.sitting)
            )
            rows = connection.execute(
                select(c.number, c.kind, c.body, c.at)
                .where(c.round_id == token.round, c.number > min(max(after, 0), 2**31 - 1))
                .order_by(c.number)
                .limit(MOST_NOTICES)
            ).all()
        return answer({"notices": [_notice(row, own) for row in rows]})


def _notice(row: Any, window: str | None) -> dict[str, Any]:
    concerned = row.body.get("window", window) == window
    return {
        "number": row.number,
        "kind": row.kind,
        "title": row.body.get("title", "") if concerned else "",
        "text": row.body.get("text", "") if concerned else "",
        "at": milliseconds(row.at),
    }


def _new_row(row: Any) -> NewRow:
    claimed = None if row.t is None else datetime.fromtimestamp(min(row.t, 4_102_444_800_000) / 1000, UTC)
    return NewRow(row.n, row.k, row.i, row.v, payload_text(row.p), claimed)


def _saved(outcome: Saved) -> dict[str, Any]:
    value = {"cause": outcome.cause, "next": outcome.next, "conflicts": outcome.conflicts}
    return value if outcome.standing is None else {**value, **_standing(outcome.standing, now())}


def _standing(state: SittingState, moment: datetime) -> dict[str, Any]:
    """What every answer tells the page of its sitting."""
    return {
        "epoch": state.epoch,
        "deadline": milliseconds(state.deadline),
        "now": milliseconds(moment),
        "notice": state.notice,
        "paused": state.is_paused(moment),
        "paused_at": milliseconds(state.paused_at) if state.is_paused(moment) else None,
    }
