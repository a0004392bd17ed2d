"""What an organiser does to one sitting: hand it in for somebody, annul it, take the annulment back. Each for a reason that
the audit chain keeps, under the same lock as the writer's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import select

from contest.rounds.clock import may_be_folded, standing
from contest.rounds.models import Entry, Round
from contest.rounds.service import round_rules
from contest.sittings.control import announce
from contest.sittings.finishing import End, finish
from contest.sittings.models import Sitting
from contest.sittings.standing import sitting_states
from core.audit import record
from core.database import db
from core.database.server_time import now

#: Says why the sittings of a round can no longer be annulled or reinstated (a sentence for people), or None.
AnnulmentCheck = Callable[[Round], str | None]


class SittingRefused(Exception):
    """What was asked cannot be done with this sitting now; ``str()`` says why to people."""


def add_annulment_check(app: Flask, check: AnnulmentCheck) -> None:
    """A higher room has a say: ``check`` is asked before a sitting is annulled or reinstated."""
    app.extensions.setdefault("annulment_checks", []).append(check)


def why_not_annulled(round_: Round) -> str | None:
    """Why no sitting of ``round_`` can be annulled or reinstated any more, or None."""
    checks: Sequence[AnnulmentCheck] = current_app.extensions.get("annulment_checks", [])
    return next((reason for check in checks if (reason := check(round_))), None)


def hand_in(sitting: Sitting, reason: str) -> str:
    """Finish an open sitting as it stands, as its deadline would; returns its receipt. Inside a unit of work.

    Where its time is over it ends by the deadline. Raises SittingRefused for one that is not open.
    """
    connection = db.session.connection()
    state = sitting_states(connection, [sitting.id], exclusive=True)[sitting.id]
    if state.state != "open":
        raise SittingRefused(_("Bài này không còn mở nên không nộp thay được."))
    moment = now()
    over = may_be_folded(standing(moment, state.paused_at), state.deadline, state.grace)
    receipt = finish(connection, {sitting.id: End(moment, "deadline" if over else "organiser")})[sitting.id]
    announce(connection, at=moment, sittings=[sitting.id])
    record("sitting.handed_in", f"sitting:{sitting.public_id}", {"reason": reason, "receipt": receipt})
    db.session.expire(sitting)
    return receipt


def annul(sitting: Sitting, reason: str) -> None:
    """A sitting that counts for nothing any more: it keeps its number, its answers and its result. Inside a unit of work.

    Its person may start anew while the window is open. Raises SittingRefused.
    """
    _require_undecided(sitting.round)
    _lock_entry(sitting)
    was = _locked_state(sitting)
    if was == "annulled":
        raise SittingRefused(_("Lượt thi này đã hủy rồi."))
    sitting.state = "annulled"
    db.session.flush()
    announce(db.session.connection(), at=now(), sittings=[sitting.id])
    record("sitting.annulled", f"sitting:{sitting.public_id}", {"reason": reason, "state": was})


def reinstate(sitting: Sitting, reason: str) -> None:
    """Take an annulment back: the sitting is what it was before, and goes on where its time is not over. Inside a unit of work.

    Raises SittingRefused where its person has meanwhile started as many sittings as the rules allow, or a later one.
    """
    _require_undecided(sitting.round)
    _lock_entry(sitting)
    if _locked_state(sitting) != "annulled":
        raise SittingRefused(_("Lượt thi này không bị hủy."))
    others = db.session.scalars(
        select(Sitting.attempt).where(
            Sitting.entry_id == sitting.entry_id, Sitting.round_id == sitting.round_id, Sitting.state != "annulled"
        )
    ).all()
    if len(others) >= round_rules(sitting.round).attempts.limit or any(number > sitting.attempt for number in others):
        raise SittingRefused(_("Thí sinh đã thi lượt khác, nên không khôi phục lượt này được."))
    sitting.state = "open" if sitting.submitted_at is None else "submitted"
    db.session.flush()
    announce(db.session.connection(), at=now(), sittings=[sitting.id])
    record("sitting.reinstated", f"sitting:{sitting.public_id}", {"reason": reason})


def _require_undecided(round_: Round) -> None:
    reason = why_not_annulled(round_)
    if reason:
        raise SittingRefused(reason)


def _lock_entry(sitting: Sitting) -> None:
    """As Start locks it: nobody begins another sitting of this person meanwhile (PostgreSQL)."""
    db.session.execute(select(Entry.id).where(Entry.id == sitting.entry_id).with_for_update(key_share=True))


def _locked_state(sitting: Sitting) -> str:
    state = sitting_states(db.session.connection(), [sitting.id], exclusive=True)[sitting.id].state
    db.session.refresh(sitting)
    return state
