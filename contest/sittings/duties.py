"""What an organiser had better do next while a round runs and after it, for the list beside the figures."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from contest.papers.opening import people_without_window
from contest.papers.pool import count_pool
from contest.rounds.links import url_if
from contest.rounds.models import Round
from contest.sittings.deadlines import settles_at
from contest.sittings.late_listing import count_waiting
from contest.sittings.overview import LOST, Counts
from core.access import Action, roles_allowing
from core.accounts.models import Account, RoleGrant
from core.database import db
from core.database.server_time import now
from core.organisation.models import Unit
from core.organisation.tree import ids_on
from core.web.filters import show_clock, show_number


def duties_of(round_: Round, counts: Counts, whole: bool) -> list[dict[str, Any]]:
    """The list, for the macro ``checklist``; ``whole``: who asks sees the whole contest."""
    duties = []
    if counts.lost:
        people = url_for("monitor.people", public_id=round_.public_id, tinh_trang=LOST)
        duties.append(
            _duty(
                _("%(count)s đồng chí mất liên lạc", count=show_number(counts.lost)),
                _("Những câu đã lưu vẫn còn; có mạng lại là làm tiếp được."),
                people,
                _("Xem từng người"),
            )
        )
    if whole:
        duties += _for_the_whole(round_)
    return duties


def _for_the_whole(round_: Round) -> list[dict[str, Any]]:
    duties = []
    outside = people_without_window(round_)
    if outside:
        text = _("%(count)s thí sinh không thuộc ca thi nào", count=show_number(outside))
        windows = url_for("rounds.show", public_id=round_.public_id)
        duties.append(_duty(text, _("Họ không vào thi được."), windows, _("Xem ca thi")))
    if confirmers(round_) < 2:
        duties.append(
            _duty(
                _("Chưa có người kiểm tra kết quả"),
                _("Cần người thứ hai trước khi công bố."),
                url_if("staff_accounts.create"),
                _("Mời"),
            )
        )
    settles = settles_at(round_)
    if round_.state == "open" and settles is not None and all(w.closes_at <= now() for w in round_.windows):
        until = _("Đến %(clock)s thì chốt vòng thi.", clock=show_clock(settles))
        duties.append(_duty(_("Đang chờ bài nộp muộn"), until, None, ""))
    late = count_waiting(round_)
    if late and round_.published_at is None:
        page = url_for("monitor.late", public_id=round_.public_id)
        how = _("Máy giữ riêng, chỉ tính khi ban tổ chức quyết định.")
        duties.append(_duty(_("%(count)s bài có câu đến muộn", count=show_number(late)), how, page, _("Xem và quyết định")))
    if round_.state == "closed" and round_.published_at is None:
        standing = url_if("standings.round_standing", public_id=round_.public_id)
        how = _("Xem trước, nhờ người thứ hai kiểm tra, rồi công bố.")
        duties.append(_duty(_("Kết quả chưa công bố"), how, standing, _("Xem kết quả")))
    text = _("Đề thi đủ câu cho mọi ô ma trận")
    duties.append({"done": True, "text": text, "reason": _("%(count)s câu đã chốt.", count=show_number(count_pool(round_)))})
    if not outside:
        duties.append({"done": True, "text": _("Mọi thí sinh đều có ca thi")})
    return duties


def confirmers(round_: Round) -> int:
    """How many accounts may confirm this round's results."""
    roles = [role.value for role in roles_allowing(Action.STANDING_CONFIRM)]
    above = ids_on(round_.contest.unit.path)
    return (
        db.session.scalar(
            select(func.count(func.distinct(Account.id)))
            .join(RoleGrant, RoleGrant.account_id == Account.id)
            .join(Unit, Unit.id == RoleGrant.unit_id)
            .where(Account.active, RoleGrant.revoked_at.is_(None), RoleGrant.role.in_(roles), Unit.id.in_(above))
        )
        or 0
    )


def _duty(text: str, reason: str, url: str | None, link_text: str) -> dict[str, Any]:
    return {"done": False, "text": text, "reason": reason, "url": url, "link_text": link_text if url else None}
