"""What contests have to say when somebody is given a role: whoever is ranked must not see the bank or marks."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from contest.rounds.entries import paths_touch
from contest.rounds.jobs import is_live
from contest.rounds.models import Contest, Entry
from core.access import Role
from core.access.actions import reveals
from core.accounts.models import Account
from core.database import db
from core.organisation.models import Unit


def objection_to_role(account: Account, role: Role, unit: Unit) -> str | None:
    """Why ``account`` may not hold ``role`` for ``unit``: its person is ranked in a contest that the role would show.

    A contest whose rounds have all been published no longer counts; what was published may be seen.
    """
    if account.person_id is None or not reveals(role):
        return None
    contests = db.session.scalars(
        select(Contest)
        .join(Entry, Entry.contest_id == Contest.id)
        .where(Entry.person_id == account.person_id, Entry.ranked)
        .order_by(Contest.id)
    )
    for contest in contests:
        published = all(round_.published_at is not None for round_ in contest.rounds)
        if paths_touch(contest.unit.path, unit.path) and (is_live(contest) or not published):
            return str(
                _(
                    "Người này đang dự thi có xếp hạng trong “%(contest)s”, nên không được giữ việc xem ngân hàng câu hỏi "
                    "hoặc điểm ở đơn vị này. Muốn giao việc, xin chuyển sang thi không xếp hạng trước.",
                    contest=contest.name,
                )
            )
    return None
