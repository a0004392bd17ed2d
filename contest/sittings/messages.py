"""What organisers tell the open sittings of a round: messages of their own, and why a pause or extra time came.

Each is a numbered notice; the answer to a device's next save or heartbeat carries the newest number, and the page asks for
what is new.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from contest.rounds.models import Round, RoundNotice, Window
from contest.rounds.service import add_notice
from contest.sittings.control import announce
from core.access import current_actor
from core.audit import record
from core.database import canonical, db

#: Letters of a message's title, of its text, and of a reason.
MAX_TITLE, MAX_TEXT, MAX_REASON = 80, 500, 200


def notify(round_: Round, kind: str, body: dict[str, object]) -> RoundNotice:
    """Number a notice, with who gave it, and let every process learn of it. Inside a unit of work."""
    notice = add_notice(round_, kind, {**body, "by": current_actor().label})
    db.session.flush()
    announce(db.session.connection(), at=notice.at, round_=round_.id)
    return notice


def send_message(round_: Round, window: Window | None, title: str, text: str, after: int) -> RoundNotice | None:
    """Tell the open sittings of ``round_``, or of one window of it, something. Inside a unit of work.

    ``after`` is the round's newest notice when the form was made: the same message from the same form once more is a button
    pressed twice, and is not sent again (None).
    """
    body: dict[str, object] = {"title": canonical(title), "text": tidy(text)}
    if window is not None:
        body["window"] = window.public_id
    db.session.execute(select(Round.id).where(Round.id == round_.id).with_for_update(key_share=True))
    newer = select(RoundNotice).where(
        RoundNotice.round_id == round_.id, RoundNotice.number > after, RoundNotice.kind == "message"
    )
    if any({**notice.body, "by": ""} == {**body, "by": ""} for notice in db.session.scalars(newer)):
        return None
    sent = notify(round_, "message", body)
    record("round.message", f"round:{round_.public_id}", {"number": sent.number, **body})
    return sent


def notices_of(round_: Round, most: int | None = None) -> Sequence[RoundNotice]:
    """What the round's sittings were told, the newest first."""
    statement = select(RoundNotice).where(RoundNotice.round_id == round_.id).order_by(RoundNotice.number.desc())
    return db.session.scalars(statement.limit(most)).all()


def newest_number(round_: Round) -> int:
    """The number of the round's newest notice (0: none yet)."""
    return db.session.scalar(select(Round.notice_number).where(Round.id == round_.id)) or 0


def tidy(text: str) -> str:
    """A message's lines in one spelling, without empty ones."""
    return "\n".join(line for line in map(canonical, text.splitlines()) if line)
