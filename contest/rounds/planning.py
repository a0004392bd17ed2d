"""What is wrong with the windows an organiser enters, and what they had better look at again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from contest.rounds.models import Window
from contest.rounds.service import WindowPlan
from contest.rules.document import RoundRules

#: A window further ahead than this is taken for a mistyped year.
FAR_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class RowFault:
    """A fault of row ``row`` (from 0) at ``field``, a name of the form's fields."""

    row: int
    field: str
    message: str


def faults_of(plans: Sequence[WindowPlan]) -> list[RowFault]:
    """What keeps ``plans`` from being stored: an end before the beginning, one unit twice."""
    found = []
    first: dict[int, int] = {}
    for row, plan in enumerate(plans):
        if plan.closes_at <= plan.opens_at:
            found.append(RowFault(row, "closes", _("Giờ đóng phải sau giờ mở.")))
        same = first.setdefault(plan.unit.id, row)
        if same != row:
            message = _("%(unit)s đã có ca thi ở dòng %(row)s. Mỗi đơn vị chỉ có một ca.", unit=plan.unit.name, row=same + 1)
            found.append(RowFault(row, "unit", message))
    return found


def remarks_on(windows: Sequence[Window | WindowPlan], rules: RoundRules, moment: datetime) -> list[str]:
    """What is allowed but worth a second look: too short, past, far ahead, one unit inside another."""
    said = []
    for window in windows:
        name = window.unit.name
        length = (window.closes_at - window.opens_at) // timedelta(minutes=1)
        if 0 < length < rules.minutes and not rules.finish_after_window:
            said.append(
                _("Ca thi của %(unit)s chỉ dài %(length)s phút, ngắn hơn thời gian làm bài %(minutes)s phút.",
                  unit=name, length=length, minutes=rules.minutes)
            )  # fmt: skip
        if window.closes_at <= moment:
            said.append(_("Ca thi của %(unit)s đã qua.", unit=name))
        elif window.opens_at - moment > FAR_AHEAD:
            said.append(_("Ca thi của %(unit)s còn hơn một năm nữa mới mở; xin xem lại năm.", unit=name))
    return said + nested(windows)


def nested(windows: Sequence[Window | WindowPlan]) -> list[str]:
    """Says, for each unit inside another one with a window, which of the two counts."""
    said = []
    for inner in windows:
        above = [w for w in windows if inner.unit.path != w.unit.path and inner.unit.path.startswith(w.unit.path)]
        if above:
            outer = max(above, key=lambda w: len(w.unit.path))
            said.append(
                _("%(inner)s nằm trong %(outer)s: thí sinh của %(inner)s thi theo ca của chính %(inner)s.",
                  inner=inner.unit.name, outer=outer.unit.name)
            )  # fmt: skip
    return said
