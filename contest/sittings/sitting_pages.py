"""The sitting's own pages, ``/thi/bai/…``: a bare app that knows nothing but the contestant's session.

Seventeen thousand ask for this page in one minute. What is the same for everybody in a round is rendered once and kept in
pieces; a page that nobody has written on yet is these pieces with the person's own put between. Any other one (a reload, a
page without scripts) is rendered whole.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Response, request, session
from markupsafe import Markup, escape
from sqlalchemy import Connection, Select, exists, select

from contest.papers.sheets import Wording, sheet_item, wordings
from contest.rounds.clock import standing
from contest.rounds.models import Entry, Round, Window
from contest.sittings.finishing import journals_of
from contest.sittings.folding import Row, fold
from contest.sittings.hot_path import HotPath, font_size, html_page, see_other
from contest.sittings.models import JournalRow, Sitting
from contest.sittings.sheet import ShownItem, flagged_in, sheet_text, shown_items
from contest.sittings.start_routes import LOBBY
from contest.sittings.tokens import SittingToken
from contest.sittings.words import script_words
from core.accounts.contestants import DEVICE_COOKIE, hash_of_device
from core.accounts.models import Person
from core.database import table_of
from core.database.among import among, listed
from core.database.server_time import now
from core.organisation.models import Unit
from core.web.bare_pages import environment, error_page
from core.web.filters import show_clock, show_duration
from questions.types.registry import all_types, type_of


@dataclass(frozen=True)
class _Shell:
    """The pieces of a page, and the names of what goes between them."""

    pieces: tuple[str, ...]
    names: tuple[str, ...]

    def filled(self, values: Mapping[str, str]) -> str:
        """The page with ``values``, which are HTML."""
        parts = [self.pieces[0]]
        for name, piece in zip(self.names, self.pieces[1:], strict=True):
            parts += (values[name], piece)
        return "".join(parts)


def _row_statement() -> Select[Any]:
    """The sittings "sittings" with all that their pages show. Made once: building it costs more than running it."""
    sitting, person, unit, round_ = table_of(Sitting).c, table_of(Person).c, table_of(Unit).c, table_of(Round).c
    entry, window, written = table_of(Entry).c, table_of(Window).c, table_of(JournalRow).c
    return (
        select(
            sitting.id, sitting.public_id, sitting.round_id, sitting.paper, sitting.state, sitting.epoch,
            sitting.device_hash, sitting.deadline, person.full_name, person.slip_generation, person.active,
            person.visible, person.public_id.label("person"), unit.name.label("unit_name"), round_.name.label("round_name"),
            window.paused_at, exists().where(written.sitting_id == sitting.id).label("touched"),
        )
        .join(table_of(Entry), entry.id == sitting.entry_id)
        .join(table_of(Person), person.id == entry.person_id)
        .join(table_of(Unit), unit.id == person.unit_id)
        .join(table_of(Round), round_.id == sitting.round_id)
        .join(table_of(Window), window.id == sitting.window_id)
        .where(among(sitting.public_id, "sittings"))
    )  # fmt: skip


_ROWS = _row_statement()


@dataclass(frozen=True, slots=True)
class _Open:
    """A sitting's row, its journal, the wordings on its paper; and this as scripts get it, where nobody has written yet."""

    row: Any
    journal: list[Row]
    texts: Mapping[int, Wording]
    shown: Sequence[ShownItem]


def _read(connection: Connection, public_ids: Sequence[str]) -> dict[str, _Open]:
    """What the pages of sittings show, by their public ids."""
    rows = connection.execute(_ROWS, {"sittings": listed(public_ids)}).all()
    touched = [row.id for row in rows if row.touched]
    journals = journals_of(connection, touched) if touched else {}
    texts = wordings.get(connection, [drawn["version"] for row in rows for drawn in row.paper])
    return {
        row.public_id: _Open(
            row, journals.get(row.id, []), texts, () if row.touched else shown_items(connection, row.paper)
        )
        for row in rows
    }


class SittingPages:
    """The pages, over the hot path's shared parts. ``hotline`` is for pages of errors."""

    def __init__(self, path: HotPath, hotline: str) -> None:
        self.path = path
        self.hotline = hotline
        self._opened = path.reader(_read)
        self._sit = environment().get_template("sittings/sit.html")
        self._look_over = environment().get_template("sittings/look_over.html")
        self._macros: Any = environment().get_template("sittings/_question.html").module
        # Read here, where the full app's translations are at hand.
        self._words = script_words()
        self._kinds = {key: str(kind.instruction) for key, kind in all_types().items()}
        self._shell = lru_cache(maxsize=256)(self._render_shell)

    def sit(self, public_id: str) -> Response:
        """The sitting. With scripts the page goes on by itself; without, it shows one question as a form."""
        asked = self._asked_for(public_id)
        if isinstance(asked, Response):
            return asked
        number = min(max(1, request.args.get("cau", 1, type=int) or 1), len(asked.row.paper))
        if not asked.journal and number == 1 and not request.args:
            return html_page(self._fresh(asked))
        return html_page(self._sit.render(self._context(asked, number)))

    def look_over(self, public_id: str) -> Response:
        """Before submitting, without scripts: what is unanswered, what submitting means."""
        asked = self._asked_for(public_id)
        if isinstance(asked, Response):
            return asked
        return html_page(self._look_over.render(self._context(asked, 1)))

    def missing(self) -> Response:
        """There is no such page, or it is somebody else's."""
        return self.failed(404)

    def failed(self, code: int, retry_after: int | None = None) -> Response:
        """The page for an error; a busy server's asks again by itself after ``retry_after`` seconds."""
        response = html_page(error_page(code, self.hotline, retry_seconds=retry_after), code)
        if retry_after is not None:
            response.headers["Retry-After"] = str(retry_after)
        return response

    def _asked_for(self, public_id: str) -> _Open | Response:
        """The sitting that the contestant may go on with, or where to go instead."""
        person = session.get("person")
        if not isinstance(person, str):
            return see_other("/thi")
        found = self._opened.get(public_id)
        if found is None or found.row.person != person:
            return self.missing()
        row = found.row
        if row.slip_generation != session.get("generation") or not (row.active and row.visible):
            return see_other(LOBBY)  # it says why
        if row.state != "open" or standing(now(), row.paused_at) > row.deadline:
            return see_other(f"/thi/xong/{public_id}")
        device = request.cookies.get(DEVICE_COOKIE, "")
        if not device or hash_of_device(device) != row.device_hash:
            return see_other(f"/thi/tiep-quan/{public_id}")
        return found

    def _token(self, row: Any) -> str:
        return self.path.signer.sign(
            SittingToken(row.id, row.public_id, row.round_id, row.epoch, row.device_hash, len(row.paper))
        )

    def _context(self, asked: _Open, number: int) -> dict[str, Any]:
        """What the templates show of a sitting with question ``number`` (from 1) open."""
        row, journal = asked.row, asked.journal
        items = [sheet_item(asked.texts[drawn["version"]], drawn["order"]) for drawn in row.paper]
        folded = fold(journal)
        answers = {
            item: given.answer
            for item, given in folded.answers.items()
            if self._can_be(asked, item, given.answer)
        }
        context: dict[str, Any] = {
            "chosen": answers.get(number - 1) or [],
            "answered": set(answers),
            "unanswered": [n + 1 for n in range(len(items)) if n not in answers],
            "flagged": {n + 1 for n in flagged_in(journal)},
            "unsaved": "chua-luu" in request.args,
            "number": number,
        }
        shared = self._shared(row.round_name, len(items), font_size())
        question = self._question(items[number - 1], context["chosen"], context["flagged"], number)
        return {**shared, **context, **self._own(row), "question": question}

    def _can_be(self, asked: _Open, item: int, answer: Any) -> bool:
        """Whether a page can have sent ``answer`` to the question at ``item`` (nobody forged it)."""
        drawn = asked.row.paper[item]
        kind = type_of(asked.texts[drawn["version"]].type)
        return kind.original(answer, drawn["order"]) is not None

    def _shared(self, round_name: str, total: int, font_size: str) -> dict[str, Any]:
        """What the page shows to everybody in a round."""
        return {
            "round_name": round_name,
            "total": total,
            "words": self._words,
            "kinds": self._kinds,
            "font_size": font_size,
        }

    def _own(self, row: Any) -> dict[str, Any]:
        """What it shows to one person, but for the question."""
        return {
            "sitting": {"public_id": row.public_id, "epoch": row.epoch},
            "person_name": row.full_name,
            "unit_name": row.unit_name,
            "token": self._token(row),
            "left": show_duration(max(0, int((row.deadline - standing(now(), row.paused_at)).total_seconds()))),
            "ends": show_clock(row.deadline),
        }

    def _question(self, item: Mapping[str, Any], chosen: Sequence[int], flagged: Collection[int], number: int) -> str:
        """A question as HTML."""
        fragment = None if "control" not in item else type_of(item["type"]).template("sit")
        made: Markup = self._macros.question(item, self._kinds[item["type"]], chosen, flagged, number, fragment)
        return made

    # ---- the page that nobody has written on yet ----

    def _fresh(self, asked: _Open) -> str:
        """The first question of an untouched sitting, out of prepared pieces. Its whole sheet comes along: who begins need
        not ask for it, which on a poor network is what one waits for."""
        row, drawn = asked.row, asked.row.paper[0]
        own = self._own(row)
        sitting = own.pop("sitting")
        values = {name: str(escape(value)) for name, value in {**own, **sitting}.items()}
        values["question"] = self._question(sheet_item(asked.texts[drawn["version"]], drawn["order"]), (), (), 1)
        moment = now()
        paused_at = row.paused_at if row.paused_at is not None and moment > row.paused_at else None
        values["sheet"] = sheet_text(row.public_id, row.epoch, row.deadline, paused_at, moment, (), asked.shown).decode()
        return self._shell(row.round_name, len(row.paper), font_size()).filled(values)

    def _render_shell(self, round_name: str, total: int, font_size: str) -> _Shell:
        """The page of a round rendered once, with marks that nobody can have in their name where a person's own goes."""
        mark = secrets.token_hex(16)
        marks = {name: f"{mark}-{name}-" for name in _OWN}
        page = self._sit.render(
            {
                **self._shared(round_name, total, font_size),
                **_UNTOUCHED,
                **marks,
                "sitting": {"public_id": marks["public_id"], "epoch": marks["epoch"]},
                "unanswered": range(1, total + 1),
            }
        )
        first, *others = page.split(f"{mark}-")
        named = [part.partition("-") for part in others]
        return _Shell((first, *(rest for _name, _dash, rest in named)), tuple(name for name, _dash, _rest in named))


#: What of a page is one person's own.
_OWN = ("public_id", "epoch", "person_name", "unit_name", "token", "left", "ends", "question", "sheet")

#: A sitting in which nothing has been done yet.
_UNTOUCHED: dict[str, Any] = {"chosen": (), "answered": (), "flagged": (), "unsaved": False, "number": 1}
