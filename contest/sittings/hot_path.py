"""The hot path: a bare Flask app of its own for paper, save, heartbeat, epoch and submit.

No session, no Login, Babel or Limiter: they cost more than the work. What authorises is the sitting token, in the header
``Authorization: Bearer …`` or, without JavaScript, in a form field, together with the device's cookie; a cookie alone never
does. ``run.py`` mounts it under PREFIX.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import msgspec
from flask import Flask, Response, request
from sqlalchemy import Engine, select
from werkzeug.exceptions import HTTPException

from contest.papers.sheets import sheet_item, wordings
from contest.rounds.clock import may_be_folded
from contest.rounds.models import Round
from contest.sittings.finishing import journal_rows
from contest.sittings.folding import Row, fold, original_answer
from contest.sittings.journal import Cause, NewRow, Save, Saved, save
from contest.sittings.lifecycle import NewEpoch, Submit, new_epoch, submit
from contest.sittings.models import Sitting
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

#: The routes for pages without scripts.
FORMS = frozenset({"save_form", "submit_form"})

_encoder = msgspec.json.Encoder()

#: HTTP status of each cause. 409 names its cause, so that the page can say what to do.
STATUS = {None: 200, Cause.OTHER_DEVICE: 409, Cause.ENDED: 409, Cause.PAYLOAD: 409, Cause.STEP: 409, Cause.UNKNOWN: 404}


def browser_name() -> str:
    """What the browser that asks calls itself, shortened: evidence for the organiser."""
    return request.headers.get("User-Agent", "")[:200]


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
        cause = _cause(token, row)
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
        token = self.token_from_header()
        paper = paper_of(self.engine, token)
        cause = paper.pop("cause")
        return answer({"cause": cause}, STATUS[cause]) if cause else answer(paper)

    def epoch(self) -> Response:
        """Begin a new epoch on the same device: its storage is gone, or another tab has begun one."""
        token = self.token_from_header()
        begun = NewEpoch(token.sitting, token.device, take_over=False, at=now(), agent=browser_name())
        number = self.writer.call(new_epoch, begun)
        if number is None:
            c = table_of(Sitting).c
            with self.engine.connect() as connection:
                state = connection.execute(select(c.state).where(c.id == token.sitting)).scalar()
            return answer({"cause": Cause.OTHER_DEVICE if state == "open" else Cause.ENDED}, 409)
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
        rows = self._changes(token, item) if item is not None and 0 <= item < token.items else []
        target = f"/thi/bai/{token.public_id}"
        if rows:
            outcome = self._append(token, tuple(rows))
            if outcome.cause is not None:
                return _see_other(target)  # the page there says what happened
        if where == "xem-lai":
            return _see_other(f"{target}/xem-lai")
        return _see_other(f"{target}?cau={int(where) + 1}" if where.isdigit() else target)

    def _changes(self, token: SittingToken, item: int) -> list[NewRow]:
        """What the form of a question changes. Merely leafing through is no change: it would lengthen the time used."""
        chosen = sorted({p for p in request.form.getlist("chon", type=int) if p is not None and 0 <= p < 50})
        flag = "danh_dau" in request.form
        with self.engine.connect() as connection:
            journal = journal_rows(connection, token.sitting)
        before = fold(journal).answers.get(item)
        rows = []
        if (chosen or None) != (None if before is None else before.answer):
            rows.append(NewRow(None, "answer", item, None, payload_text(chosen or None)))
        if flag != (item in flagged_in(journal)):
            rows.append(NewRow(None, "flag", item, None, payload_text(flag)))
        return rows

    def submit_form(self) -> Response:
        """Submit from the page of confirmation."""
        token = self.token_from_form()
        self.writer.call(submit, Submit(token.sitting, token.epoch, token.device, now()))
        return _see_other(f"/thi/xong/{token.public_id}")

    def busy(self, error: WriterBusy) -> Response:
        """Nothing was saved: scripts try again by themselves, a form's page says so."""
        response = answer({"cause": "busy"}, 503, error.retry_after)
        if request.endpoint in FORMS:
            page = f"/thi/bai/{self.token_from_form().public_id}"
            item = request.form.get("cau", type=int)
            where = f"{page}/xem-lai?" if item is None else f"{page}?cau={item + 1}&"
            response.headers["Refresh"] = f"{error.retry_after};url={where}chua-luu=1"
        return response

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


def _cause(token: SittingToken, sitting: Any) -> Cause | None:
    """Why the device of ``token`` may not go on with the sitting, or None."""
    if token.epoch < sitting.device_epoch or token.device != sitting.device_hash:
        return Cause.OTHER_DEVICE
    return Cause.ENDED if sitting.state != "open" else None


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
        "cause": _cause(token, row) or (Cause.ENDED if ended else None),
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
    app.register_error_handler(BadToken, _bad_token)
    app.register_error_handler(BadRequest, lambda _e: answer({"cause": "request"}, 400))
    app.register_error_handler(WriterBusy, path.busy)
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


def _bad_token(_error: BadToken) -> Response:
    """Scripts explain it; a form's page has none and goes back to where somebody comes in."""
    response = answer({"cause": "token"}, 401)
    if request.endpoint in FORMS:
        response.headers["Refresh"] = "0;url=/thi/phong"
    return response


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error on the hot path")
    return answer({"cause": "server"}, 500)
