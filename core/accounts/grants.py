"""Who holds which role where: giving and revoking, with a say for higher rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, select

from core.access import Action, Actor, Role, scopes_for
from core.accounts.models import Account, RoleGrant
from core.accounts.staff import active_grants
from core.audit import record
from core.database import db, fold
from core.database.server_time import now
from core.organisation.models import Unit
from core.organisation.tree import exists as unit_exists
from core.organisation.tree import within

#: Says why ``account`` may not hold the role in the unit's subtree (a sentence for people), or None.
GrantCheck = Callable[[Account, Role, Unit], str | None]


class GrantError(ValueError):
    """A role that cannot be given or revoked; the text says why to people."""


def add_grant_check(app: Flask, check: GrantCheck) -> None:
    """A higher room has a say: ``check`` is asked before a role is given, and when an account is tied to a person."""
    app.extensions.setdefault("grant_checks", []).append(check)


def objection(account: Account, role: Role, unit: Unit) -> str | None:
    """The first reason why ``account`` may not hold ``role`` for ``unit``, or None."""
    checks: Sequence[GrantCheck] = current_app.extensions.get("grant_checks", [])
    return next((reason for check in checks if (reason := check(account, role, unit))), None)


def grant_role(account: Account, role: Role, unit: Unit) -> RoleGrant:
    """Give ``role`` for the unit's subtree. Giving it twice changes nothing.

    Raises GrantError where a higher room objects, or the unit no longer exists. Who may give it is the caller's question.
    """
    for held in active_grants(account):
        if held.role == role and held.unit_id == unit.id:
            return held
    if not unit_exists(unit):
        raise GrantError(_("%(unit)s đã kết thúc hoạt động.", unit=unit.name))
    reason = objection(account, role, unit)
    if reason:
        raise GrantError(reason)
    grant = RoleGrant(account_id=account.id, role=role.value, unit_id=unit.id, granted_at=now())
    account.grants.append(grant)
    db.session.flush()
    record("role.grant", f"account:{account.public_id}", {"role": role.value, "unit": unit.public_id, "name": unit.full_name})
    return grant


def revoke_role(grant: RoleGrant) -> None:
    """Take a role away from this moment on; the row stays. Doing so twice changes nothing."""
    if grant.revoked_at is not None:
        return
    grant.revoked_at = now()
    record(
        "role.revoke",
        f"account:{grant.account.public_id}",
        {"role": grant.role, "unit": grant.unit.public_id, "name": grant.unit.full_name},
    )


def grant_by_public_id(public_id: str) -> RoleGrant | None:
    """The grant with this id."""
    return db.session.scalar(select(RoleGrant).where(RoleGrant.public_id == public_id))


def accounts_within(paths: Sequence[str], query: str = "") -> Select[Account]:
    """The accounts that hold, or held, a role in one of the subtrees, with every word of ``query`` in name or user name."""
    statement = select(Account).where(_holds(within(paths)))
    words = fold(query).split()
    if not words:
        return statement
    # Accounts are few, and their names are stored as written: they are compared here, without accents.
    found = [
        account.id
        for account in db.session.scalars(statement)
        if all(word in f"{fold(account.display_name)} {account.username}" for word in words)
    ]
    return statement.where(Account.id.in_(found))


def _holds(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(RoleGrant.account_id == Account.id, RoleGrant.unit_id == Unit.id, condition)


def is_within(account: Account, paths: Sequence[str]) -> bool:
    """True when every role of ``account`` lies in these subtrees (of one without roles: every role it ever had).

    Only then may its password be set and it be closed: an organiser below must not take over one above.
    """
    grants = active_grants(account) or account.grants
    return bool(grants) and all(any(g.unit.path.startswith(p) for p in paths) for g in grants)


def may_manage(actor: Actor, account: Account) -> bool:
    """True when ``actor`` may set the password of ``account``, close it and open it again."""
    return is_within(account, scopes_for(actor.grants, Action.ACCOUNTS_MANAGE))
