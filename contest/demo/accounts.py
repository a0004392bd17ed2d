"""Demo accounts: random passwords in a file that only its owner can read; refused beyond loopback (``core.accounts``)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import current_app, g

from config import Settings
from contest.demo.places import found_top
from contest.demo.reading import SampleAccount, read_plan
from core.access import Actor, Grant, Role
from core.accounts.grants import grant_role
from core.accounts.models import Account
from core.accounts.passwords import is_right, new_password
from core.accounts.service import change_password, create_account
from core.accounts.staff import active_grants, by_username, label_of
from core.database import unit_of_work

FILE = "demo-accounts.txt"

_HEAD = (
    "# Tài khoản mẫu: tên đăng nhập và mật khẩu. Chỉ dùng được khi máy chủ chỉ mở cho chính máy này.\n"
    "# Xóa tệp này rồi chạy lại máy chủ thì các tài khoản mẫu có mật khẩu mới.\n"
)


@dataclass(frozen=True)
class SignInDetails:
    """How to come in as one of the staff; ``password`` is None when it is no longer the one in the file."""

    label: str
    username: str
    password: str | None


def passwords_file() -> Path:
    """Where the passwords are kept."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.instance / FILE


def load_accounts() -> None:
    """Open the demo accounts that are not there yet, each with its role for the unit at the top, which is founded
    with them: from this one unit of work on the database is known to be a demo's.

    The file is written first: a password that nobody knows would be worth nothing.
    """
    plan = read_plan()
    known = kept_passwords()
    wanted = {a.username: known.get(a.username) or new_password() for a in plan.accounts.values()}
    if wanted != known:
        keep_passwords(wanted)
    with unit_of_work():
        unit = found_top()
        for sample in plan.accounts.values():
            account = by_username(sample.username)
            if account is None:
                account, _password = create_account(
                    sample.username, sample.name, password=wanted[sample.username], is_demo=True, must_change=False
                )
            grant_role(account, Role(sample.role), unit)


def sign_in_details() -> list[SignInDetails]:
    """The demo accounts and their passwords. A lost file means new passwords for all of them."""
    known = kept_passwords()
    if not known:
        known = _renew()
    details = []
    for sample in read_plan().accounts.values():
        account = by_username(sample.username)
        if account is None or not account.active:
            continue
        password = known.get(sample.username)
        fits = password is not None and is_right(account.password_hash, password)
        details.append(SignInDetails(sample.label, sample.username, password if fits else None))
    return details


def _renew() -> dict[str, str]:
    present = [a for s in read_plan().accounts.values() if (a := by_username(s.username)) is not None and a.is_demo]
    wanted = {account.username: new_password() for account in present}
    keep_passwords(wanted)
    for username, password in wanted.items():
        with unit_of_work():
            account = by_username(username)
            if account is not None:
                change_password(account, password)
    return wanted


def kept_passwords() -> dict[str, str]:
    """User names and passwords as the file has them; nothing when there is no file."""
    try:
        lines = passwords_file().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.split() for line in lines if not line.startswith("#"))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def keep_passwords(passwords: dict[str, str]) -> None:
    """Write the file, whole or not at all, readable by its owner only."""
    target = passwords_file()
    new = target.with_name(f".{FILE}.{os.getpid()}")
    with suppress(FileNotFoundError):
        new.unlink()
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(_HEAD)
        file.writelines(f"{username} {password}\n" for username, password in passwords.items())
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, target)


def staff(role: str) -> Account:
    """The demo account that holds ``role``. Raises LookupError when it is gone."""
    sample: SampleAccount = read_plan().accounts[role]
    account = by_username(sample.username)
    if account is None:
        raise LookupError(sample.username)
    return account


@contextmanager
def acting_as(role: str) -> Iterator[Account]:
    """Inside the block the audit chain names the demo account of ``role`` as who acts."""
    account = staff(role)
    grants = tuple(Grant(Role(grant.role), grant.unit.path) for grant in active_grants(account))
    previous = g.get("actor")
    g.actor = Actor(account.id, label_of(account), grants)
    try:
        yield account
    finally:
        g.actor = previous
