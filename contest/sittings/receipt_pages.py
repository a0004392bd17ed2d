"""The receipt's page, ``/thi/xong/…``: a bare page, for a city hands in within two minutes.

Nothing is kept of it but whether a round's marks may be shown, for a moment: that is asked of the full app's services, and only
once a sitting itself has settled.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Connection, Select, select

from contest.rounds.clock import settled_at, standing
from contest.rounds.models import Entry, Round, Window
from contest.sittings.hot_path import HotPath, font_size, html_page, see_other
from contest.sittings.models import Sitting
from contest.sittings.received import received_columns, received_from
from contest.sittings.review import may_show
from contest.sittings.start_routes import LOBBY
from core.accounts.models import Person
from core.database import db, table_of
from core.database.among import among, listed
from core.database.server_time import now
from core.organisation.models import Unit
from core.web.bare_pages import environment, error_page


def _rows_statement() -> Select[Any]:
    """The sittings "sittings" with all that their pages show. Made once: building it costs more than running it."""
    sitting, person, unit, round_ = table_of(Sitting).c, table_of(Person).c, table_of(Unit).c, table_of(Round).c
    return (
        select(
            sitting.public_id, sitting.round_id, sitting.paper, sitting.state, sitting.deadline, sitting.late_bound_seconds,
            sitting.submitted_at, sitting.submitted_by, sitting.seconds_used, sitting.receipt,
            person.public_id.label("person"), person.full_name, person.slip_generation, person.active, person.visible,
            unit.name.label("unit_name"), round_.name.label("round_name"), round_.published_at,
            table_of(Window).c.paused_at, *received_columns(),
        )
        .join(table_of(Entry), table_of(Entry).c.id == sitting.entry_id)
        .join(table_of(Person), person.id == table_of(Entry).c.person_id)
        .join(table_of(Unit), unit.id == person.unit_id)
        .join(table_of(Round), round_.id == sitting.round_id)
        .join(table_of(Window), table_of(Window).c.id == sitting.window_id)
        .where(among(sitting.public_id, "sittings"))
    )  # fmt: skip


_ROWS = _rows_statement()


def _read(connection: Connection, public_ids: Sequence[str]) -> dict[str, Any]:
    """The rows of sittings by their public ids."""
    return {row.public_id: row for row in connection.execute(_ROWS, {"sittings": listed(public_ids)})}


class ReceiptPages:
    """The page, over the hot path's shared parts. What a round shows is asked of the ``full`` app at most every ``refresh``
    seconds."""

    def __init__(self, path: HotPath, full: Flask, refresh: float) -> None:
        self._full = full
        self._refresh = refresh
        self._hotline = full.config["SETTINGS"].hotline
        self._found = path.reader(_read)
        self._template = environment().get_template("sittings/done.html")
        self._shows: dict[int, tuple[float, bool]] = {}
        with full.test_request_context():
            styles = full.extensions["bootstrap"].load_css()
        self._bootstrap = SimpleNamespace(load_css=lambda: styles)

    def done(self, public_id: str) -> Response:
        """The receipt, when results come, and the next person."""
        person = session.get("person")
        if not isinstance(person, str):
            return see_other("/thi")
        row = self._found.get(public_id)
        if row is None or row.person != person:
            return html_page(error_page(404, self._hotline), 404)
        if row.slip_generation != session.get("generation") or not (row.active and row.visible):
            return see_other(LOBBY)  # it says why
        moment = now()
        if row.state == "open" and standing(moment, row.paused_at) <= row.deadline:
            return see_other(f"/thi/bai/{public_id}")
        received = received_from(row)
        shows = moment > settled_at(row.deadline, row.late_bound_seconds) and self._shows_marks(row.round_id)
        return html_page(
            self._template.render(
                sitting=row,
                received=received,
                late=received.late,
                published=row.published_at is not None,
                shows_marks=shows,
                hotline=self._hotline,
                help_url="/tro-giup",
                font_size=font_size(),
                bootstrap=self._bootstrap,
                csrf_token=generate_csrf,
                leave_url="/thi/roi-may",
            )
        )

    def _shows_marks(self, round_id: int) -> bool:
        """Whether the rules let the contestants of a round see their marks now."""
        asked_at, shown = self._shows.get(round_id, (-self._refresh, False))
        if time.monotonic() - asked_at < self._refresh:
            return shown
        with self._full.app_context():
            shown = may_show(db.session.get_one(Round, round_id)).marks
        self._shows[round_id] = (time.monotonic(), shown)
        return shown
