"""The card on the page where contestants come in: which round is open, or which comes next."""

from __future__ import annotations

import time

from flask import current_app
from flask_babel import gettext as _

from contest.rounds.timetable import Announced, timetable
from core.accounts.contestants import EntryNotice
from core.database.server_time import now
from core.web.filters import show_moment

#: Seconds for which the card is kept: the page is opened by thousands in the same minutes.
KEPT = 20.0


def next_round() -> EntryNotice | None:
    """The card, at most KEPT seconds old; None when no round is open or announced."""
    kept: tuple[float, EntryNotice | None] | None = current_app.extensions.get("next_round")
    if kept is not None and time.monotonic() - kept[0] < KEPT and not current_app.testing:
        return kept[1]
    notice = _look()
    current_app.extensions["next_round"] = (time.monotonic(), notice)
    return notice


def _look() -> EntryNotice | None:
    running, coming = timetable(now())
    if running:
        one = running[0]
        return _card(_("Vòng thi đang mở"), one, _("đóng lúc %(moment)s", moment=show_moment(one.slots[0].closes)))
    if coming:
        one = coming[0]
        return _card(_("Vòng thi sắp tới"), one, _("mở lúc %(moment)s", moment=show_moment(one.slots[0].opens)))
    return None


def _card(label: str, one: Announced, when: str) -> EntryNotice:
    slot = one.slots[0]
    units = _("%(units)s và %(count)s đơn vị khác", units=slot.named, count=slot.others) if slot.others else slot.named
    text = _("%(questions)s câu · %(minutes)s phút · %(when)s", questions=one.questions, minutes=one.minutes, when=when)
    return EntryNotice(label, f"{one.round.name} · {units}", text)
