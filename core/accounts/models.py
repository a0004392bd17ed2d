"""Tables of people, staff accounts and the roles they hold."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Model, UtcDateTime, public_id, sort_key_column
from core.organisation.models import Unit


class Person(Model):
    """Somebody on a unit's list, who may sit when a contest enters them.

    Unit, folded name and birth date together say who a person is. ``slip_generation`` counts the slips: a lost slip is
    one new generation. The database holds no code, only the keyed hash of the current one.
    ``visible`` is false while the import that brings the person is not complete.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    full_name: Mapped[str] = mapped_column(String(120))
    folded: Mapped[str] = mapped_column(String(120), index=True)
    sort_key: Mapped[str] = mapped_column(sort_key_column(500))
    birth_date: Mapped[date | None] = mapped_column()
    phone: Mapped[str] = mapped_column(String(20), default="", index=True, comment="digits only")
    position: Mapped[str] = mapped_column(String(120), default="")
    slip_generation: Mapped[int] = mapped_column(default=1)
    slip_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    visible: Mapped[bool] = mapped_column(default=True)
    import_batch_id: Mapped[int | None] = mapped_column(index=True)

    unit: Mapped[Unit] = relationship()

    __table_args__ = (UniqueConstraint("unit_id", "folded", "birth_date", name="uq_person_identity"),)


class Account(Model):
    """A member of staff who signs in with a password.

    ``session_epoch`` is in every session: raising it signs the account out everywhere. ``person_id`` says that the
    account's holder is also on a unit's list; it keeps them from sitting what they can see.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    session_epoch: Mapped[int] = mapped_column(default=1)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person | None] = relationship()
    grants: Mapped[list[RoleGrant]] = relationship(
        back_populates="account", foreign_keys="RoleGrant.account_id", order_by="RoleGrant.id"
    )


class RoleGrant(Model):
    """``role`` for the subtree of a unit, until it is revoked."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(back_populates="grants", foreign_keys=[account_id])
    unit: Mapped[Unit] = relationship(lazy="joined")


class SignIn(Model):
    """A contestant came in with a slip: when, and on which device (hash of its random cookie)."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    device_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index("ix_sign_in_person_at", "person_id", "at"),)
