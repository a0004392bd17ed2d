"""Staff accounts: opening, passwords, closing."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from core.access import Role
from core.accounts import passwords
from core.accounts.grants import GrantError, objection
from core.accounts.models import Account, Person
from core.accounts.staff import USERNAME, active_grants, by_username, clean_username
from core.audit import record
from core.database import canonical, db, public_id
from core.database.server_time import now


class AccountError(ValueError):
    """A change of accounts that cannot be; ``field`` names what is wrong, the text says it to people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def subject(account: Account) -> str:
    """How the audit chain names ``account``."""
    return f"account:{account.public_id}"


def account_by_public_id(public_id: str) -> Account | None:
    """The account with this id."""
    return db.session.scalar(select(Account).where(Account.public_id == public_id))


def create_account(
    username: str,
    display_name: str,
    *,
    password: str | None = None,
    is_demo: bool = False,
    must_change: bool = True,
) -> tuple[Account, str]:
    """A new account and its first password (made here unless given), which its holder has to change.

    Raises AccountError for a user name that is taken or cannot be, or a missing name.
    """
    cleaned = clean_username(username)
    if not USERNAME.fullmatch(cleaned):
        raise AccountError(
            "username",
            _("Tên đăng nhập dài từ 3 đến 60 ký tự, chỉ gồm chữ không dấu, số, dấu chấm và gạch nối."),
        )
    if by_username(cleaned) is not None:
        raise AccountError("username", _("Tên đăng nhập này đã có người dùng. Xin chọn tên khác."))
    initial = password or passwords.new_password()
    account = Account(
        public_id=public_id(),
        username=cleaned,
        display_name=check_display_name(display_name),
        password_hash=passwords.hash_password(initial),
        must_change_password=must_change,
        is_demo=is_demo,
        created_at=now(),
    )
    db.session.add(account)
    db.session.flush()
    record("account.create", subject(account), {"username": cleaned, "name": account.display_name})
    return account, initial


def check_display_name(text: str) -> str:
    """The name in its official spelling. Raises AccountError when it is empty or too long."""
    name = canonical(text)
    if not name:
        raise AccountError("display_name", _("Xin ghi họ và tên."))
    if len(name) > 120:
        raise AccountError("display_name", _("Họ và tên dài quá 120 chữ."))
    return name


def rename_account(account: Account, display_name: str) -> None:
    """Another name on the pages. Raises AccountError."""
    name = check_display_name(display_name)
    if name != account.display_name:
        record("account.rename", subject(account), {"from": account.display_name, "to": name})
        account.display_name = name


def change_password(account: Account, password: str) -> None:
    """The holder's own new password; every session of the account ends (raise it again for this one)."""
    account.password_hash = passwords.hash_password(password)
    account.must_change_password = False
    account.session_epoch += 1
    record("account.password", subject(account), {})


def reset_password(account: Account) -> str:
    """A new first password, returned once; every session of the account ends."""
    initial = passwords.new_password()
    account.password_hash = passwords.hash_password(initial)
    account.must_change_password = True
    account.session_epoch += 1
    record("account.reset_password", subject(account), {})
    return initial


def deactivate(account: Account) -> None:
    """Nobody signs in with ``account`` any more, and its sessions end. Doing so twice changes nothing."""
    if account.active:
        account.active = False
        account.session_epoch += 1
        record("account.close", subject(account), {})


def activate(account: Account) -> None:
    """``account`` may be used again. Doing so twice changes nothing."""
    if not account.active:
        account.active = True
        record("account.open", subject(account), {})


def tie_to_person(account: Account, person: Person | None) -> None:
    """Note that the holder of ``account`` is also on a unit's list (None: is not).

    Raises GrantError where a higher room objects: whoever sees a contest's questions or marks sits no ranked round in it.
    """
    if person is not None and person.id == account.person_id:
        return
    before = account.person_id
    account.person_id = person.id if person else None
    for grant in active_grants(account):
        reason = objection(account, Role(grant.role), grant.unit)
        if reason:
            account.person_id = before
            raise GrantError(reason)
    if before != account.person_id:
        record("account.person", subject(account), {"person": person.public_id if person else None})
