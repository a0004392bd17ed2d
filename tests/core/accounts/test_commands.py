"""Commands: the first organiser is made here, and what the pages can do for units and people can be done here too."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from flask import Flask

from core.accounts.models import Account, Person
from core.accounts.passwords import is_right
from core.accounts.staff import active_grants, by_username
from core.audit import AuditEntry
from core.database import db
from core.organisation.models import Unit

FIRST = ["--username", "an.ha", "--name", "Nguyễn Văn An", "--role", "organiser", "--unit", "Thành ủy Hà Nội"]


def run(site: Flask, *arguments: str, **more: str) -> Result:
    result = site.test_cli_runner().invoke(args=arguments, **more)  # type: ignore[arg-type]
    db.session.rollback()
    return result


@pytest.fixture
def first(site: Flask) -> Account:
    """The first organiser, made with the top of the tree."""
    assert run(site, "accounts", "create", *FIRST, "--create-unit").exit_code == 0
    account = by_username("an.ha")
    assert account is not None
    return account


def test_the_first_organiser_comes_with_the_top_of_the_tree(site: Flask) -> None:
    result = run(site, "accounts", "create", *FIRST, "--create-unit")
    account = by_username("an.ha")
    assert account is not None
    assert [(g.role, g.unit.full_name, g.unit.level) for g in active_grants(account)] == [
        ("organiser", "Thành ủy Hà Nội", "city")
    ]
    printed = re.search(r": (\S+)$", result.output.strip())
    assert printed is not None and is_right(account.password_hash, printed.group(1)) and account.must_change_password
    assert {entry.actor for entry in db.session.query(AuditEntry)} == {"dòng lệnh"}


def test_a_missing_unit_is_told_and_nothing_is_made(site: Flask) -> None:
    result = run(site, "accounts", "create", *FIRST)
    assert result.exit_code == 1 and "Không tìm thấy đơn vị" in result.output
    assert db.session.query(Account).count() == db.session.query(Unit).count() == 0


def test_a_user_name_that_is_taken_leaves_no_half_made_unit(site: Flask, first: Account) -> None:
    again = [*FIRST[:-1], "Thành ủy Hà Nội / Huyện ủy Thanh Trì", "--create-unit"]
    result = run(site, "accounts", "create", *again)
    assert result.exit_code == 1 and "đã có người dùng" in result.output
    assert db.session.query(Unit).count() == 1


def test_a_password_of_one_s_own(site: Flask) -> None:
    chosen = "cây đa bến nước sân đình"
    result = run(site, "accounts", "create", *FIRST, "--create-unit", "--ask-password", input=f"{chosen}\n{chosen}\n")
    account = by_username("an.ha")
    assert account is not None and is_right(account.password_hash, chosen) and not account.must_change_password
    assert chosen not in result.output
    weak = run(site, "accounts", "create", *FIRST, "--ask-password", input="12345\n12345\n")
    assert weak.exit_code == 1 and "ít nhất 10 ký tự" in weak.output


def test_accounts_are_listed_reset_and_revoked(site: Flask, first: Account) -> None:
    assert "Ban tổ chức  Thành ủy Hà Nội" in run(site, "accounts", "list").output
    before = first.password_hash
    assert "Mật khẩu mới" in run(site, "accounts", "reset-password", "an.ha").output
    db.session.refresh(first)
    assert first.password_hash != before
    assert "1 vai trò" in run(site, "accounts", "revoke", "an.ha").output
    db.session.refresh(first)
    assert not first.active and active_grants(first) == []
    assert "[đã khóa]" in run(site, "accounts", "list").output
    assert run(site, "accounts", "revoke", "khong.co").exit_code == 1


def test_units_are_made_listed_and_exported(site: Flask, first: Account, tmp_path: Path) -> None:
    for path in ("Thành ủy Hà Nội / Huyện Thanh Trì", "thanh uy ha noi / huyen thanh tri / Xã Đông Mỹ"):
        assert run(site, "units", "create", path).exit_code == 0
    no_level = run(site, "units", "create", "Thành ủy Hà Nội / Công ty Sông Hồng")
    assert no_level.exit_code == 1 and "--level" in no_level.output
    made = run(site, "units", "create", "Thành ủy Hà Nội / Công ty Sông Hồng", "--level", "đảng bộ cơ sở")
    assert made.exit_code == 0
    listed = run(site, "units", "list").output
    assert "    Xã Đông Mỹ · Đảng bộ xã, phường, thị trấn" in listed.splitlines()
    assert run(site, "units", "export", str(tmp_path / "u.xlsx"), "--under", "Thành ủy Hà Nội/Huyện Thanh Trì").exit_code == 0
    rows = list(openpyxl.load_workbook(tmp_path / "u.xlsx").active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert [row[1] for row in rows[-2:]] == ["Huyện Thanh Trì", "Xã Đông Mỹ"]


def test_people_are_exported(site: Flask, lan: Person, tmp_path: Path) -> None:
    assert run(site, "people", "export", str(tmp_path / "p.xlsx")).exit_code == 0
    rows = list(openpyxl.load_workbook(tmp_path / "p.xlsx").active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[-1][0] == "Nguyễn Thị Lan"
