"""The hot path's routes for pages without scripts: one form a question, answers that lead back to pages."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from werkzeug.datastructures import MultiDict

from contest.sittings.finishing import journal_rows
from contest.sittings.folding import fold
from contest.sittings.hot_path import HotPath, answer, see_other
from contest.sittings.journal import NewRow
from contest.sittings.lifecycle import Submit, submit
from contest.sittings.requests import payload_text
from contest.sittings.sheet import flagged_in
from contest.sittings.tokens import BadToken, SittingToken
from core.database.server_time import now
from core.database.writer import WriterBusy

#: As many rows as a question's form may have.
MOST_FIELDS = 50

#: The routes for pages without scripts.
FORMS = frozenset({"save_form", "submit_form"})


class FormRoutes:
    """The routes, over the hot path's shared parts."""

    def __init__(self, path: HotPath) -> None:
        self.path = path

    def save_form(self) -> Response:
        """Save one question's form and go where its button leads ("den": a position, or "xem-lai")."""
        token = self.path.token_from_form()
        where = request.form.get("den", "")
        item = request.form.get("cau", type=int)
        rows = self._changes(token, item) if item is not None and 0 <= item < token.items else []
        target = f"/thi/bai/{token.public_id}"
        if rows:
            outcome = self.path.append(token, tuple(rows))
            if outcome.cause is not None:
                return see_other(target)  # the page there says what happened
        if where == "xem-lai":
            return see_other(f"{target}/xem-lai")
        return see_other(f"{target}?cau={int(where) + 1}" if where.isdigit() else target)

    def _changes(self, token: SittingToken, item: int) -> list[NewRow]:
        """What the form of a question changes. Merely leafing through is no change: it would lengthen the time used."""
        given = form_answer(request.form)
        flag = "danh_dau" in request.form
        with self.path.engine.connect() as connection:
            journal = journal_rows(connection, token.sitting)
        before = fold(journal).answers.get(item)
        rows = []
        if given != (None if before is None else before.answer):
            rows.append(NewRow(None, "answer", item, None, payload_text(given)))
        if flag != (item in flagged_in(journal)):
            rows.append(NewRow(None, "flag", item, None, payload_text(flag)))
        return rows

    def submit_form(self) -> Response:
        """Submit from the page of confirmation."""
        token = self.path.token_from_form()
        self.path.writer.call(submit, Submit(token.sitting, token.epoch, token.device, now()))
        return see_other(f"/thi/xong/{token.public_id}")

    def busy(self, error: WriterBusy) -> Response:
        """Nothing was saved: scripts try again by themselves, a form's page says so."""
        response = answer({"cause": "busy"}, 503, error.retry_after)
        if request.endpoint in FORMS:
            page = f"/thi/bai/{self.path.token_from_form().public_id}"
            item = request.form.get("cau", type=int)
            where = f"{page}/xem-lai?" if item is None else f"{page}?cau={item + 1}&"
            response.headers["Refresh"] = f"{error.retry_after};url={where}chua-luu=1"
        return response


def form_answer(form: MultiDict[str, str]) -> Any:
    """What a question's form answers: the positions of options ("chon"), or for each of its rows ("so_dong": how many) the
    choice ("chon-0", …) or the words ("chu-0", …) given; None for nothing. Whether it can be an answer its type judges."""
    positions = sorted({p for p in form.getlist("chon", type=int) if 0 <= p < 50})
    if positions:
        return positions
    rows = range(min(max(form.get("so_dong", 0, type=int), 0), MOST_FIELDS))
    given = [_number(form.get(f"chon-{row}", "")) if f"chu-{row}" not in form else _words(form[f"chu-{row}"]) for row in rows]
    return given if any(value is not None for value in given) else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None


def _words(text: str) -> str | None:
    return text.strip() or None


def bad_token(_error: BadToken) -> Response:
    """Scripts explain it; a form's page has none and goes back to where somebody comes in."""
    response = answer({"cause": "token"}, 401)
    if request.endpoint in FORMS:
        response.headers["Refresh"] = "0;url=/thi/phong"
    return response
