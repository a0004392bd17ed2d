"""Use cases of standings: asking for one, finding versions, and what stands in the way."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from contest.rounds.models import Round
from contest.sittings.deadlines import has_settled, settles_at
from contest.sittings.models import Result, Sitting
from contest.standings.counting import newest_results, source_of
from contest.standings.models import Standing
from core.access import current_actor
from core.database import db
from core.jobs import Job, enqueue
from core.jobs.service import OVER
from core.web.filters import show_moment, show_number

KIND = "standings.prepare"

#: States of versions that staff may look at.
VISIBLE = ("draft", "confirmed", "published", "replaced", "withdrawn")

MAX_REASON = 500


class StandingRefused(Exception):
    """What was asked cannot be done now; ``str()`` says why to people."""


def obstacles(round_: Round) -> list[str]:
    """Why no standing of ``round_`` can be made yet, each a sentence; empty when it can."""
    if round_.state == "draft":
        return [_("Vòng thi còn đang chuẩn bị, chưa có kết quả.")]
    found = []
    if not has_settled(round_):
        due = settles_at(round_)
        if due is None:
            found.append(_("Vòng thi chưa có ca thi nào."))
        else:
            found.append(_("Vòng thi chưa kết thúc hẳn. Sớm nhất lúc %(moment)s mới chốt được bài.", moment=show_moment(due)))
    still_open = db.session.scalar(
        select(func.count()).select_from(Sitting).where(Sitting.round_id == round_.id, Sitting.state == "open")
    )
    if still_open:
        found.append(_("Còn %(count)s bài chưa nộp. Xin chờ hệ thống thu bài.", count=show_number(still_open)))
    waiting = count_waiting(round_)
    if waiting:
        found.append(_("Còn %(count)s bài có câu chưa chấm xong.", count=show_number(waiting)))
    return [str(each) for each in found]


def count_waiting(round_: Round) -> int:
    """How many submitted sittings have no total yet, because an item waits for its mark (or the result is missing)."""
    newest = newest_results(round_.id).subquery()
    unmarked = db.session.scalar(
        select(func.count())
        .select_from(Result)
        .join(newest, (newest.c.sitting_id == Result.sitting_id) & (newest.c.number == Result.number))
        .where(Result.score.is_(None))
    )
    with_result = db.session.scalar(select(func.count()).select_from(newest))
    submitted = db.session.scalar(
        select(func.count()).select_from(Sitting).where(Sitting.round_id == round_.id, Sitting.state == "submitted")
    )
    return (unmarked or 0) + (submitted or 0) - (with_result or 0)


def versions(round_: Round) -> list[Standing]:
    """Every complete version of the round's standing, the newest first."""
    return list(
        db.session.scalars(
            select(Standing)
            .where(Standing.round_id == round_.id, Standing.state.in_(VISIBLE))
            .order_by(Standing.number.desc())
        )
    )


def newest(round_: Round) -> Standing | None:
    """The newest complete version."""
    return next(iter(versions(round_)), None)


def published(round_: Round) -> Standing | None:
    """The version that the public sees, or None."""
    return db.session.scalar(select(Standing).where(Standing.round_id == round_.id, Standing.state == "published"))


def standing_by_public_id(public_id: str) -> Standing | None:
    """The complete version with this id."""
    return db.session.scalar(select(Standing).where(Standing.public_id == public_id, Standing.state.in_(VISIBLE)))


def earlier_public(standing: Standing) -> Standing | None:
    """The last version before ``standing`` that was ever public."""
    return db.session.scalars(
        select(Standing)
        .where(
            Standing.round_id == standing.round_id,
            Standing.number > 0,
            Standing.number < standing.number,
            Standing.published_at.is_not(None),
        )
        .order_by(Standing.number.desc())
    ).first()


def objection_to_annulment(round_: Round) -> str | None:
    """Why sittings of ``round_`` can no longer be annulled or reinstated: its results are confirmed or public.

    A draft does not stand in the way: it no longer fits the sittings then, and nobody can confirm it (``is_stale``).
    """
    decided = select(Standing.id).where(Standing.round_id == round_.id, Standing.state.in_(("confirmed", "published")))
    if round_.published_at is None and db.session.scalar(decided.limit(1)) is None:
        return None
    return str(_("Kết quả vòng thi đã xác nhận hoặc công bố, nên không hủy hay khôi phục lượt thi được."))


def is_stale(standing: Standing) -> bool:
    """True when results, sittings or entries count differently than when ``standing`` was made."""
    return standing.source != source_of(standing.round)


def confirmed_since(round_: Round, since: datetime) -> str | None:
    """Why what counts in results since ``since`` must stay (a version that has it was confirmed), or None."""
    made = db.session.scalars(
        select(Standing)
        .where(
            Standing.round_id == round_.id,
            Standing.confirmed_at >= since,
            or_(Standing.state == "confirmed", Standing.published_at.is_not(None)),
        )
        .order_by(Standing.number.desc())
    ).first()
    if made is None:
        return None
    text: str = _("Kết quả có những câu này đã được xác nhận (bản %(number)s) nên không rút lại được.", number=made.number)
    return text


def running_job(round_: Round) -> Job | None:
    """The job that is making a standing of ``round_`` now, if any."""
    jobs = db.session.scalars(select(Job).where(Job.kind == KIND, Job.state.not_in(OVER)).order_by(Job.id))
    return next((job for job in jobs if job.arguments["round"] == round_.id), None)


def clean_reason(text: str | None) -> str:
    """A reason as it is stored: lines of single spaces."""
    return "\n".join(" ".join(line.split()) for line in (text or "").strip().splitlines())[:MAX_REASON]


def prepare(round_: Round, reason: str = "") -> Job:
    """Ask, inside a unit of work, that a new version be made; the job worker makes it (``core.jobs.run_now`` in tests).

    A round that has a version already needs a reason for the next. Raises StandingRefused.
    """
    why_not = obstacles(round_)
    if why_not:
        raise StandingRefused(" ".join(why_not))
    reason = clean_reason(reason)
    if not reason and newest(round_) is not None:
        raise StandingRefused(_("Đã có bảng kết quả. Xin ghi lý do lập bản mới."))
    if running_job(round_) is not None:
        raise StandingRefused(_("Bảng kết quả của vòng này đang được lập. Xin chờ việc ấy xong."))
    return enqueue(
        KIND,
        {"round": round_.id, "reason": reason},
        title=_("Lập bảng kết quả: %(round)s, %(contest)s", round=round_.name, contest=round_.contest.name),
        unit_path=round_.contest.unit.path,
        account_id=current_actor().account_id,
    )
