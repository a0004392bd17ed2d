"""From draft to the public: a second person confirms, an organiser publishes; withdrawing with a reason.

Published versions never change: what follows is a later number.
"""

from __future__ import annotations

from flask_babel import gettext as _

from contest.standings.exporting import ask_for_public_file
from contest.standings.models import Standing
from contest.standings.service import StandingRefused, clean_reason, is_stale, newest, published
from core.accounts.models import Account
from core.audit import record
from core.database import db
from core.database.server_time import now


def is_second_person(standing: Standing, account: Account) -> bool:
    """True when ``account`` belongs to somebody else than who had ``standing`` made."""
    maker = standing.prepared_by
    if maker is None:
        return True
    return account.id != maker.id and (account.person_id is None or account.person_id != maker.person_id)


def confirm(standing: Standing, account: Account) -> None:
    """``account`` has checked the draft, inside a unit of work. Raises StandingRefused: own draft, outdated, not a draft."""
    standing = _locked(standing)
    _require(standing, "draft", _("Bản này không còn chờ xác nhận."))
    if not is_second_person(standing, account):
        raise StandingRefused(_("Người lập bảng không tự xác nhận. Xin nhờ người thứ hai kiểm tra."))
    standing.state = "confirmed"
    standing.confirmed_by_id = account.id
    standing.confirmed_at = now()
    _record("standing.confirmed", standing)


def publish(standing: Standing, account: Account) -> None:
    """Make a confirmed version public, inside a unit of work; the one before it gives way. Raises StandingRefused."""
    standing = _locked(standing)
    _require(standing, "confirmed", _("Phải có người thứ hai xác nhận trước khi công bố."))
    round_ = standing.round
    before = published(round_)
    if before is not None:
        before.state = "replaced"
    moment = now()
    standing.state = "published"
    standing.published_by_id = account.id
    standing.published_at = moment
    if round_.published_at is None:
        round_.published_at = moment
    _record("standing.published", standing, publication=standing.publication)
    ask_for_public_file(standing)


def withdraw(standing: Standing, account: Account, reason: str) -> None:
    """Take the public version back for ``reason``, inside a unit of work. Raises StandingRefused."""
    standing = _locked(standing)
    reason = clean_reason(reason)
    if standing.state != "published":
        raise StandingRefused(_("Bản này không đang được công bố."))
    if not reason:
        raise StandingRefused(_("Xin ghi lý do thu hồi."))
    standing.state = "withdrawn"
    standing.withdrawn_by_id = account.id
    standing.withdrawn_at = now()
    standing.withdrawn_reason = reason
    standing.round.published_at = None
    _record("standing.withdrawn", standing, reason=reason)


def _locked(standing: Standing) -> Standing:
    return db.session.get_one(Standing, standing.id, with_for_update=True, populate_existing=True)


def _require(standing: Standing, state: str, otherwise: str) -> None:
    latest = newest(standing.round)
    if standing.state != state or latest is None or latest.id != standing.id:
        raise StandingRefused(otherwise)
    if is_stale(standing):
        raise StandingRefused(_("Kết quả thi đã thay đổi sau khi lập bản này. Xin lập bản mới."))


def _record(action: str, standing: Standing, **more: object) -> None:
    record(
        action,
        f"standing:{standing.public_id}",
        {"round": standing.round.public_id, "number": standing.number, "digest": standing.digest, **more},
    )
    db.session.flush()
