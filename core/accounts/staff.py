"""Staff: signing in with a password, who is signed in, and what they hold roles for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import current_app, has_request_context, request, session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy import select

from config import Settings
from core.access import Actor, Grant, Role, label_of_role
from core.accounts import passwords
from core.accounts.attempts import FailureCounter, address_key
from core.accounts.models import Account, RoleGrant
from core.audit import record
from core.database import db, fold
from core.database.server_time import now

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


class StaffUser(UserMixin):
    """The signed-in member of staff, as templates and Flask-Login see them."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        """Account and session epoch: raising the epoch ends every session."""
        return f"{self.account.public_id}.{self.account.session_epoch}"

    @property
    def display_name(self) -> str:
        """The name on the page."""
        return self.account.display_name

    @property
    def role_label(self) -> str:
        """The roles held, each once."""
        return ", ".join(dict.fromkeys(str(label_of_role(Role(g.role))) for g in active_grants(self.account)))

    @property
    def unit_label(self) -> str:
        """The units they are held for, each once."""
        return ", ".join(dict.fromkeys(grant.unit.name for grant in active_grants(self.account)))


@dataclass
class StaffFailures:
    """Failures at the staff sign-in, kept in ``app.extensions["staff_failures"]``.

    ``by_name`` counts one name from one address, so that nobody can lock another out from elsewhere.
    """

    by_address: FailureCounter = field(default_factory=lambda: FailureCounter(limit=30, total=300, window=300))
    by_name: FailureCounter = field(default_factory=lambda: FailureCounter(limit=5, total=100_000, window=300))


def failures() -> StaffFailures:
    """The counts of the current app."""
    counts: StaffFailures = current_app.extensions["staff_failures"]
    return counts


def active_grants(account: Account) -> list[RoleGrant]:
    """The roles that ``account`` holds now."""
    return [grant for grant in account.grants if grant.revoked_at is None]


def clean_username(text: str) -> str:
    """A user name as it is stored: phones begin with a capital and add spaces."""
    return fold(text).replace(" ", "")


def by_username(username: str) -> Account | None:
    """The account with this user name, however it is typed."""
    return db.session.scalar(select(Account).where(Account.username == clean_username(username)))


def is_admitted(account: Account) -> bool:
    """True when ``account`` may be used on this server: demo accounts only where nobody else can reach it."""
    settings: Settings = current_app.config["SETTINGS"]
    return account.active and (settings.listens_on_loopback or not account.is_demo)


def wait_before_trying(username: str) -> int:
    """Seconds that this address has to wait before its next try with ``username`` (0: none)."""
    if not current_app.config["SETTINGS"].rate_limits:
        return 0
    address, at = address_key(request.remote_addr), now().timestamp()
    counts = failures()
    return max(counts.by_address.wait(address, at), counts.by_name.wait(f"{address} {clean_username(username)}", at))


def authenticate(username: str, password: str) -> Account | None:
    """The account that fits, or None; failures are counted. Takes as long for an unknown name as for a known one."""
    account = by_username(username)
    right = passwords.is_right(account.password_hash if account else None, password)
    address = address_key(request.remote_addr)
    pair = f"{address} {clean_username(username)}"
    if account is not None and right and is_admitted(account):
        failures().by_name.forget(pair)
        return account
    at = now().timestamp()
    failures().by_address.fail(address, at)
    failures().by_name.fail(pair, at)
    return None


def begin_session(account: Account, password: str) -> None:
    """Sign ``account`` in, in a session of its own; call inside a unit of work."""
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hash_password(password)
    account.last_sign_in_at = now()
    record("account.sign_in", f"account:{account.public_id}", {}, actor=label_of(account))
    enter(account)


def enter(account: Account) -> None:
    """Begin a new session for ``account``: nothing of the old one stays, so that a planted one is worth nothing."""
    session.clear()
    session.permanent = True
    login_user(StaffUser(account))


def end_session() -> None:
    """Sign out."""
    logout_user()
    session.clear()


def load_user(identity: str) -> StaffUser | None:
    """Flask-Login's question: who is behind this session? None when it has ended."""
    public_id, _dot, epoch = identity.rpartition(".")
    account = db.session.scalar(select(Account).where(Account.public_id == public_id))
    if account is None or str(account.session_epoch) != epoch or not is_admitted(account):
        return None
    return StaffUser(account)


def label_of(account: Account) -> str:
    """How the audit chain names who did something."""
    return f"{account.display_name} ({account.username})"


def current_account() -> Account | None:
    """The account of who is signed in, or None."""
    return current_user.account if current_user and current_user.is_authenticated else None


def load_actor() -> Actor:
    """Who asks, for ``core.access``: the account with its grants; a contestant has a name but no grants."""
    if not has_request_context():
        return Actor(None, "")
    account = current_account()
    if account is None:
        person = session.get("person")
        return Actor(None, f"person:{person}" if person else "")
    grants = tuple(Grant(Role(grant.role), grant.unit.path) for grant in active_grants(account))
    return Actor(account.id, label_of(account), grants)


def local_target(target: str | None) -> str | None:
    """``target`` when it is a page of ours, else None: a sign-in link must lead nobody elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(c) < 32 or c == "\\" for c in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target
