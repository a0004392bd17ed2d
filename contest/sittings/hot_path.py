"""The hot path: a bare Flask app of its own for paper, save, heartbeat, epoch and submit.

No session, no Login, Babel or Limiter: they cost more than the work. What authorises is the sitting token, in the header
``Authorization: Bearer …`` or, without JavaScript, in a form field, together with the device's cookie; a cookie alone never
does. ``run.py`` mounts it under PREFIX.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import msgspec
from flask import Flask, Response, request
from sqlalchemy import Engine, select
from werkzeug.exceptions import HTTPException

from contest.papers.sheets import sheet_item, wordings
from contest.rounds.models import Round
from contest.sittings.finishing import journal_rows
from contest.sittings.folding import fold
from contest.sittings.journal import Cause, NewRow, Save, Saved, save
from contest.sittings.lifecycle import NewEpoch, Submit, new_epoch, submit
from contest.sittings.models import JournalRow, Sitting
from contest.sittings.presence import Presence
from contest.sittings.requests import BadRequest, payload_text, read_save
from contest.sittings.tokens import BadToken, SittingToken, TokenSigner
from core.accounts.contestants import DEVICE_COOKIE
from core.database import table_of
from core.database.server_time import now
from core.database.writer import GroupCommitWriter, WriterBusy
from core.web.security import add_headers

log = logging.getLogger(__name__)

PREFIX = "/s"

#: Bytes of a request: a full batch of rows.
MAX_REQUEST = 256 * 1024

_encoder = msgspec.json.Encoder()

#: HTTP status of each cause. 409 names its cause, so that the page can say what to do.
STATUS = {None: 200, Cause.OTHER_DEVICE: 409, Cause.ENDED: 409, Cause.PAYLOAD: 409, Cause.STEP: 409, Cause.UNKNOWN: 404}


def milliseconds(moment: datetime | None) -> int | None:
    """Milliseconds since 1970, as scripts count time."""
    return None if moment is None else int(moment.timestamp() * 1000)


def answer(value: dict[str, Any], status: int = 200, retry_after: int | None = None) -> Response:
    """A JSON answer."""
    response = Response(_encoder.encode(value), status, content_type="application/json")
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


class HotPath:
    """The routes, over an engine, a writer and the token key."""

    def __init__(self, engine: Engine, writer: GroupCommitWriter, signer: TokenSigner) -> None:
        self.engine = engine
        self.writer = writer
        self.signer = signer
        self.presence = Presence(writer)

    def token_from_header(self) -> SittingToken:
        """The token of this request. Raises BadToken."""
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer":
            raise BadToken("no header")
        return self.signer.read(text, request.cookies.get(DEVICE_COOKIE))

    def token_from_form(self) -> SittingToken:
        """The token of a form. Raises BadToken."""
        return self.signer.read(request.form.get("the", ""), request.cookies.get(DEVICE_COOKIE))

    # ---- scripts ----

    def save(self) -> Response:
        """Append rows; the answer comes after the commit."""
        token = self.token_from_header()
        rows = read_save(request.get_data(cache=False))
        outcome = self._append(token, tuple(_new_row(row) for row in rows))
        return answer(_saved(outcome), STATUS[outcome.cause])

    def heartbeat(self) -> Response:
        """The page lives: what it should know, nothing is journalled."""
        token = self.token_from_header()
        moment = now()
        self.presence.heard(token.sitting, moment)
        sitting, round_ = table_of(Sitting).c, table_of(Round).c
        with self.engine.connect() as connection:
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
        cause = None
        if token.epoch < row.device_epoch or token.device != row.device_hash:
            cause = Cause.OTHER_DEVICE
        elif row.state != "open":
            cause = Cause.ENDED
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
        """The sheet and the answers so far. No key, no original order."""
        token = self.token_from_header()
        return answer(paper_of(self.engine, token))

    def epoch(self) -> Response:
        """Begin a new epoch on the same device: its storage is gone, or another tab has begun one."""
        token = self.token_from_header()
        number = self.writer.call(new_epoch, NewEpoch(token.sitting, token.device, take_over=False))
        if number is None:
            return answer({"cause": Cause.OTHER_DEVICE}, 409)
        return answer({"epoch": number, "token": self.signer.sign(replace(token, epoch=number)), "next": 1})

    def submit(self) -> Response:
        """Fold, mark, receipt; pressing it again gives the same receipt."""
        token = self.token_from_header()
        outcome = self.writer.call(submit, Submit(token.sitting, token.epoch, token.device, now()))
        if outcome.cause is not None:
            return answer({"cause": outcome.cause}, STATUS[outcome.cause])
        return answer({"cause": None, "receipt": outcome.receipt, "url": f"/thi/xong/{token.public_id}"})

    # ---- without JavaScript: forms ----

    def save_form(self) -> Response:
        """Save one question's form and go where its button leads ("den": a position, or "xem-lai")."""
        token = self.token_from_form()
        where = request.form.get("den", "")
        item = request.form.get("cau", type=int)
        rows: list[NewRow] = []
        if item is not None and 0 <= item < token.items:
            chosen = sorted({p for p in request.form.getlist("chon", type=int) if p is not None and 0 <= p < 50})
            rows.append(NewRow(None, "answer", item, None, payload_text(chosen or None)))
            rows.append(NewRow(None, "flag", item, None, payload_text("danh_dau" in request.form)))
        target = f"/thi/bai/{token.public_id}"
        if rows:
            outcome = self._append(token, tuple(rows))
            if outcome.cause is not None:
                return _see_other(target)  # the page there says what happened
        if where == "xem-lai":
            return _see_other(f"{target}/xem-lai")
        return _see_other(f"{target}?cau={int(where) + 1}" if where.isdigit() else target)

    def submit_form(self) -> Response:
        """Submit from the page of confirmation."""
        token = self.token_from_form()
        self.writer.call(submit, Submit(token.sitting, token.epoch, token.device, now()))
        return _see_other(f"/thi/xong/{token.public_id}")

    def _append(self, token: SittingToken, rows: tuple[NewRow, ...]) -> Saved:
        moment = now()
        self.presence.heard(token.sitting, moment)
        return self.writer.call(save, Save(token.sitting, token.epoch, token.device, rows, moment))


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


def _see_other(url: str) -> Response:
    return Response("", 303, {"Location": url})


def paper_of(engine: Engine, token: SittingToken) -> dict[str, Any]:
    """Everything that a page needs to show the sitting or to go on with it."""
    c = table_of(Sitting).c
    with engine.connect() as connection:
        row = connection.execute(
            select(c.paper, c.state, c.epoch, c.deadline, c.public_id).where(c.id == token.sitting)
        ).one()
        texts = wordings.get(connection, [drawn["version"] for drawn in row.paper])
        rows = journal_rows(connection, token.sitting)
    folded = fold(rows)
    last = max((r.sequence for r in rows if r.epoch == token.epoch), default=0)
    return {
        "sitting": row.public_id,
        "state": row.state,
        "items": [sheet_item(texts[drawn["version"]], drawn["order"]) for drawn in row.paper],
        "answers": {str(item): given.answer for item, given in folded.answers.items()},
        **marks_of_progress(engine, token.sitting),
        "epoch": token.epoch,
        "next": last + 1,
        "deadline": milliseconds(row.deadline),
        "now": milliseconds(now()),
    }


def marks_of_progress(engine: Engine, sitting: int) -> dict[str, list[int]]:
    """The positions that the contestant has seen, and those flagged for another look."""
    c = table_of(JournalRow).c
    with engine.connect() as connection:
        rows = connection.execute(
            select(c.item, c.kind, c.payload)
            .where(c.sitting_id == sitting, c.kind.in_(("flag", "display", "answer")), c.item.is_not(None))
            .order_by(c.epoch, c.sequence)
        ).all()
    flagged = {row.item: row.payload == "true" for row in rows if row.kind == "flag"}
    seen = {row.item for row in rows}
    return {"flags": sorted(item for item, on in flagged.items() if on), "seen": sorted(seen)}


def create_hot_path(engine: Engine, writer: GroupCommitWriter, token_key: bytes) -> Flask:
    """The bare app."""
    app = Flask("hoithi.sittings", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    path = HotPath(engine, writer, TokenSigner(token_key))
    app.extensions["hot_path"] = path
    routes: list[tuple[str, str, Callable[[], Response], str]] = [
        ("/luu", "save", path.save, "POST"),
        ("/nhip", "heartbeat", path.heartbeat, "POST"),
        ("/de", "paper", path.paper, "GET"),
        ("/ky", "epoch", path.epoch, "POST"),
        ("/nop", "submit", path.submit, "POST"),
        ("/cau", "save_form", path.save_form, "POST"),
        ("/nop-bai", "submit_form", path.submit_form, "POST"),
    ]
    for rule, name, view, method in routes:
        app.add_url_rule(rule, name, _sitting_only(view), methods=[method])
    app.register_error_handler(BadToken, lambda _e: answer({"cause": "token"}, 401))
    app.register_error_handler(BadRequest, lambda _e: answer({"cause": "request"}, 400))
    app.register_error_handler(WriterBusy, lambda e: answer({"cause": "busy"}, 503, e.retry_after))
    app.register_error_handler(HTTPException, lambda e: answer({"cause": "http"}, e.code or 500))
    app.register_error_handler(Exception, _unexpected)
    app.after_request(add_headers)
    return app


def _sitting_only(view: Callable[[], Response]) -> Callable[[], Response]:
    @wraps(view)
    def guarded() -> Response:
        return view()

    guarded.access = "sitting token"  # type: ignore[attr-defined]
    return guarded


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error on the hot path")
    return answer({"cause": "server"}, 500)
