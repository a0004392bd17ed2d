"""Roles are held for a subtree, given and revoked there, and higher rooms have a say."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from core.access import Role
from core.accounts.grants import GrantError, accounts_within, add_grant_check, grant_role, revoke_role
from core.accounts.models import Account
from core.accounts.people import add_person
from core.accounts.service import AccountError, create_account, tie_to_person
from core.accounts.staff import active_grants
from core.audit import AuditEntry
from core.database import db, unit_of_work
from core.organisation.models import Unit
from core.organisation.service import close, move
from tests.core.accounts.conftest import make_units

Units = dict[str, Unit]


@pytest.fixture
def units(app: Flask) -> Units:
    """On both engines."""
    with unit_of_work():
        return make_units()


@pytest.fixture
def an(units: Units) -> Account:
    with unit_of_work():
        return create_account("an.ha", "Nguyễn Văn An")[0]


def test_giving_twice_is_giving_once(an: Account, units: Units) -> None:
    with unit_of_work():
        first = grant_role(an, Role.CLERK, units["tt"])
        assert grant_role(an, Role.CLERK, units["tt"]) is first
        grant_role(an, Role.REVIEWER, units["tt"])
    assert [grant.role for grant in active_grants(an)] == ["clerk", "reviewer"]


def test_a_revoked_role_can_be_given_again(an: Account, units: Units) -> None:
    with unit_of_work():
        revoke_role(grant_role(an, Role.CLERK, units["tt"]))
        assert active_grants(an) == []
        again = grant_role(an, Role.CLERK, units["tt"])
    assert active_grants(an) == [again] and len(an.grants) == 2


def test_a_role_follows_its_unit_when_that_moves(an: Account, units: Units) -> None:
    with unit_of_work():
        grant_role(an, Role.CLERK, units["tt_cell"])
        move(units["tt_cell"], units["pt"])
    paths = [units["pt"].path]
    assert list(db.session.scalars(accounts_within(paths))) == [an]


def test_no_role_is_given_for_a_unit_that_has_ended(an: Account, units: Units) -> None:
    with unit_of_work():
        close(units["tt_commune"], date(2025, 7, 1))
    with pytest.raises(GrantError), unit_of_work():
        grant_role(an, Role.CLERK, units["tt_cell"])


def test_a_higher_room_may_object_to_a_role(app: Flask, an: Account, units: Units) -> None:
    def no_reviewers(_account: Account, role: Role, unit: Unit) -> str | None:
        return f"Không ở {unit.name}." if role is Role.REVIEWER else None

    add_grant_check(app, no_reviewers)
    with unit_of_work():
        grant_role(an, Role.CLERK, units["tt"])
    with pytest.raises(GrantError, match="Huyện Thanh Trì"), unit_of_work():
        grant_role(an, Role.REVIEWER, units["tt"])
    assert [grant.role for grant in db.session.get_one(Account, an.id).grants] == ["clerk"]


def test_a_higher_room_may_object_to_who_the_holder_is(app: Flask, an: Account, units: Units) -> None:
    add_grant_check(app, lambda account, role, unit: "Đang dự thi." if account.person_id else None)
    with unit_of_work():
        person = add_person(units["tt_cell"], "Nguyễn Văn An")
        tie_to_person(an, person)  # holds no role yet: nothing to object to
    with pytest.raises(GrantError), unit_of_work():
        grant_role(an, Role.ORGANISER, units["tt"])
    with unit_of_work():
        tie_to_person(an, None)
        grant_role(an, Role.ORGANISER, units["tt"])
    with pytest.raises(GrantError), unit_of_work():
        tie_to_person(an, person)
    assert db.session.get_one(Account, an.id).person_id is None


@pytest.mark.parametrize("username", ["", "an", "An.HA ", "a b/c", "có dấu!", "-an", "x" * 61])
def test_a_user_name_that_cannot_be_is_refused(an: Account, username: str) -> None:
    with pytest.raises(AccountError) as caught, unit_of_work():
        create_account(username, "Ai Đó")
    assert caught.value.field == "username"


def test_a_first_password_has_to_be_changed_and_is_kept_nowhere(units: Units) -> None:
    with unit_of_work():
        account, password = create_account("Bình.PhucTho", "Lê  Thị Bình")
    assert (account.username, account.display_name, account.must_change_password) == ("binh.phuctho", "Lê Thị Bình", True)
    assert password not in str(vars(account))
    entries = db.session.scalars(select(AuditEntry)).all()
    assert not any(password in str(entry.details) for entry in entries)


def test_giving_and_revoking_are_in_the_chain(an: Account, units: Units) -> None:
    with unit_of_work():
        revoke_role(grant_role(an, Role.CLERK, units["tt"]))
    actions = list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"account:{an.public_id}")))
    assert actions == ["account.create", "role.grant", "role.revoke"]
