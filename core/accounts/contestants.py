"""Contestants: coming in with a slip, who is in, and on which device."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from core.accounts import slips
from core.accounts.attempts import FailureCounter, address_key
from core.accounts.models import Person, SignIn
from core.database import db, from_microseconds, to_microseconds
from core.database.keys import key
from core.database.server_time import now
from core.database.writer import GroupCommitWriter
from core.organisation.models import Unit

P = ParamSpec("P")
R = TypeVar("R")

#: The cookie that tells one device from another; only its hash is stored.
DEVICE_COOKIE = "thiet_bi"
DEVICE_SECONDS = 365 * 24 * 3600
_DEVICE = re.compile(r"[A-Za-z0-9_-]{43}")

#: How long somebody may look at "Is this you?" before the code is asked again.
CONFIRM_WITHIN = timedelta(minutes=10)

#: Where a contestant goes once they are in.
LOBBY = "/thi/phong"

# Made once: a whole city comes in within ten minutes, and making a statement takes as long as running it.
_ADMITTED = select(Person).where(Person.active, Person.visible)
_BY_SLIP = _ADMITTED.where(Person.slip_hash == bindparam("slip"))
_BY_PUBLIC_ID = _ADMITTED.where(Person.public_id == bindparam("public")).options(
    joinedload(Person.unit).joinedload(Unit.parent).lazyload(Unit.parent)
)


@dataclass(frozen=True)
class EntryNotice:
    """A card on the page where contestants come in: what is coming next."""

    label: str
    title: str
    text: str


@dataclass
class SlipFailures:
    """Failures with slips, kept in ``app.extensions["slip_failures"]``. A right code is let in whatever they say.

    With 10^15 numbers and 17,000 slips nobody guesses a code, limited or not; the limit keeps a guesser from tiring the
    server, and tells an honest person to ask for help.
    """

    by_address: FailureCounter = field(default_factory=lambda: FailureCounter(limit=20, total=3000, window=300))


def failures() -> SlipFailures:
    """The counts of the current app."""
    counts: SlipFailures = current_app.extensions["slip_failures"]
    return counts


def add_entry_notice(app: Flask, notice: Callable[[], EntryNotice | None]) -> None:
    """A higher room shows what is coming next where contestants come in; ``notice`` must be cheap (kept in memory)."""
    app.extensions.setdefault("entry_notices", []).append(notice)


def entry_notices() -> list[EntryNotice]:
    """The cards to show now."""
    return [found for notice in current_app.extensions.get("entry_notices", []) if (found := notice()) is not None]


def person_with_code(code: str) -> Person | None:
    """Whose current slip bears ``code`` (clean digits), or None: unknown, replaced by a newer slip, or not active."""
    if not slips.is_well_formed(code):
        return None
    return db.session.scalar(_BY_SLIP, {"slip": slips.slip_hash(code, key("slip"))})


def note_failure() -> int:
    """Count a code that let nobody in; returns the seconds this address should wait (0: it may try again)."""
    address, at = address_key(request.remote_addr), now().timestamp()
    failures().by_address.fail(address, at)
    return failures().by_address.wait(address, at) if current_app.config["SETTINGS"].rate_limits else 0


def ask_to_confirm(person: Person) -> None:
    """Remember whose slip it is until they say "that is me"; who is in stays in until then."""
    session["pending"] = [person.public_id, person.slip_generation, to_microseconds(now())]


def pending_person() -> Person | None:
    """Who has been asked to confirm, or None (nobody, too long ago, or the slip was replaced meanwhile)."""
    waiting = session.get("pending")
    if not isinstance(waiting, list) or len(waiting) != 3:
        return None
    public_id, generation, since = waiting
    if now() - from_microseconds(since) > CONFIRM_WITHIN:
        return None
    return _person(public_id, generation)


def drop_pending() -> None:
    """ "That is not me." """
    session.pop("pending", None)


def enter(person: Person) -> str:
    """Let ``person`` in, in a session of its own, and note it; returns the device's random name for its cookie.

    Raises WriterBusy when the server cannot note it now.
    """
    device_name = device() or secrets.token_urlsafe(32)
    writer: GroupCommitWriter = current_app.extensions["writer"]
    writer.call(_write_sign_ins, _Arrival(person.id, now(), hash_of_device(device_name)))
    session.clear()
    session.permanent = True
    session["person"] = person.public_id
    session["generation"] = person.slip_generation
    g.pop("contestant", None)
    return device_name


@dataclass(frozen=True)
class _Arrival:
    person_id: int
    at: datetime
    device_hash: str


def _write_sign_ins(connection: Connection, arrivals: Sequence[_Arrival]) -> Sequence[None]:
    connection.execute(
        insert(SignIn),
        [{"person_id": a.person_id, "at": a.at, "device_hash": a.device_hash} for a in arrivals],
    )
    return [None] * len(arrivals)


def leave() -> None:
    """The contestant goes; the device keeps its name."""
    session.clear()
    g.pop("contestant", None)


def current_person() -> Person | None:
    """The contestant who is in, or None. A session of a replaced slip is dead."""
    if "contestant" not in g:
        g.contestant = _person(session.get("person"), session.get("generation"))
    person: Person | None = g.contestant
    return person


def _person(public_id: Any, generation: Any) -> Person | None:
    if not isinstance(public_id, str):
        return None
    person: Person | None = db.session.scalar(_BY_PUBLIC_ID, {"public": public_id})
    return person if person is not None and person.slip_generation == generation else None


def contestant_only(view: Callable[P, R]) -> Callable[P, R | Response]:
    """The view is for a contestant who is in; anybody else is asked for the code of their slip."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if current_person() is None:
            if "person" in session:
                leave()
                flash(_("Phiếu đã được thay hoặc lần vào trước đã hết hạn. Xin nhập mã trên phiếu mới nhất."), "warn")
            else:
                flash(_("Xin nhập mã trên phiếu dự thi để vào phòng thi."), "info")
            return redirect(url_for("contestants.enter"), 303)
        return view(*args, **kwargs)

    guarded.access = "contestant"  # type: ignore[attr-defined]
    return guarded


def device() -> str | None:
    """The random name of the browser that asks, or None when it has none yet."""
    name = request.cookies.get(DEVICE_COOKIE, "")
    return name if _DEVICE.fullmatch(name) else None


def hash_of_device(name: str) -> str:
    """Under which name the database and tokens know a device, 64 hexadecimal digits."""
    return hashlib.sha256(b"device\0" + name.encode()).hexdigest()


def device_hash() -> str | None:
    """The hash of the browser that asks, or None when it has no name yet."""
    name = device()
    return hash_of_device(name) if name else None


def keep_device(response: Response, name: str) -> None:
    """Have the browser keep the device's name for a year."""
    response.set_cookie(
        DEVICE_COOKIE,
        name,
        max_age=DEVICE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
