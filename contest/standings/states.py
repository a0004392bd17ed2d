"""What screens call the states of a standing."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from contest.standings.models import Standing


@dataclass(frozen=True)
class State:
    """How a state looks: a tone of the design, and its words."""

    tone: str
    label: LazyString


STATES = {
    "draft": State("info", _l("Dự thảo, chờ xác nhận")),
    "confirmed": State("info", _l("Đã xác nhận, chờ công bố")),
    "published": State("ok", _l("Đã công bố")),
    "replaced": State("neutral", _l("Đã có bản thay")),
    "withdrawn": State("warn", _l("Đã thu hồi")),
}
NONE_YET = State("neutral", _l("Chưa lập bảng"))


def state_of(standing: Standing | None) -> State:
    """The state as shown; None: there is no version yet."""
    return NONE_YET if standing is None else STATES[standing.state]
