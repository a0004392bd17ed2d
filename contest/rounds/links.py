"""Links to pages of other rooms, where those are part of the platform, and the tabs that a round's pages share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _

from contest.rounds.models import Round
from contest.rounds.reach import reach_in
from core.access import Action, current_actor


def url_if(*endpoints: str, **values: Any) -> str | None:
    """The address of the first of ``endpoints`` that exists, or None."""
    for endpoint in endpoints:
        if endpoint in current_app.view_functions:
            return url_for(endpoint, **values)
    return None


@dataclass(frozen=True)
class Tab:
    """One of the pages of a round."""

    label: str
    url: str
    active: bool


#: Endpoint, action needed, whether it is there only once the round has been opened.
_TABS = (
    ("monitor.show", Action.SITTING_VIEW, True),
    ("monitor.people", Action.SITTING_VIEW, True),
    ("rounds.show", Action.CONTEST_VIEW, False),
    ("rounds.settings", Action.CONTEST_EDIT, False),
    ("contests.windows", Action.CONTEST_EDIT, False),
    ("making.papers", Action.PAPERS_MAKE, False),
    ("printing.ask", Action.QUESTION_VIEW, False),
    ("standings.round_standing", Action.STANDING_VIEW, True),
    ("insights.of_round", Action.STATISTICS_VIEW, True),
)


def round_tabs(round_: Round) -> list[Tab]:
    """The pages of ``round_`` that who asks may open."""
    labels = {
        "monitor.show": _("Tình hình"),
        "monitor.people": _("Từng thí sinh"),
        "rounds.show": _("Chuẩn bị") if round_.state == "draft" else _("Vòng thi"),
        "rounds.settings": _("Nội dung và thể lệ"),
        "contests.windows": _("Ca thi"),
        "making.papers": _("Đề thi"),
        "printing.ask": _("In đề thi"),
        "standings.round_standing": _("Kết quả"),
        "insights.of_round": _("Thống kê câu hỏi"),
    }
    actor = current_actor()
    tabs = []
    for endpoint, action, once_open in _TABS:
        reach = reach_in(actor, round_.contest, action)
        if reach is None or (once_open and round_.state == "draft"):
            continue
        if action in (Action.PAPERS_MAKE, Action.STATISTICS_VIEW) and not reach.whole:
            continue
        if action is Action.QUESTION_VIEW and not (reach.whole and actor.may(action, round_.contest.bank_unit.path)):
            continue
        if action is Action.CONTEST_EDIT and (not reach.whole or round_.state != "draft"):
            continue
        url = url_if(endpoint, public_id=round_.public_id)
        if url:
            tabs.append(Tab(str(labels[endpoint]), url, request.endpoint == endpoint))
    return tabs
