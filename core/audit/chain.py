"""Appending to the audit chain, and finding the first entry that does not fit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.access import current_actor
from core.audit.canonical import sha256_hex
from core.audit.models import AuditEntry, AuditHead
from core.database import db, to_microseconds
from core.database.server_time import now

#: What stands before the first entry.
GENESIS = "0" * 64


def entry_hash(
    previous: str, at: datetime, actor: str, action: str, subject: str, details: dict[str, Any]
) -> str:
    """The hash of an entry: SHA-256 of its canonical JSON, the hash before it included."""
    return sha256_hex(
        {
            "previous": previous,
            "at": to_microseconds(at),
            "actor": actor,
            "action": action,
            "subject": subject,
            "details": details,
        }
    )


def record(action: str, subject: str, details: dict[str, Any] | None = None, actor: str | None = None) -> AuditEntry:
    """Append what is being changed to the chain, inside the caller's unit of work.

    ``subject`` names the thing ("person:ab12…"); ``details`` holds text, whole numbers, booleans, lists and dicts.
    A bulk change is one entry with its count and the Merkle root of its rows. Raises TypeError for floats.
    """
    head = db.session.get(AuditHead, 1, with_for_update=True)
    if head is None:
        head = AuditHead(id=1, count=0, hash=GENESIS)
        db.session.add(head)
    who = actor if actor is not None else (current_actor().label or "hệ thống")
    at = now()
    details = details or {}
    entry = AuditEntry(
        at=at,
        actor=who,
        action=action,
        subject=subject,
        details=details,
        previous_hash=head.hash,
        hash=entry_hash(head.hash, at, who, action, subject, details),
    )
    db.session.add(entry)
    head.hash = entry.hash
    head.count += 1
    db.session.flush()
    return entry


def first_break() -> int | None:
    """The id of the first entry whose hash or link does not fit (0: the head disagrees), or None for a sound chain."""
    previous, count = GENESIS, 0
    for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).yield_per(1000):
        expected = entry_hash(previous, entry.at, entry.actor, entry.action, entry.subject, entry.details)
        if entry.previous_hash != previous or entry.hash != expected:
            return entry.id
        previous, count = entry.hash, count + 1
    head = db.session.get(AuditHead, 1)
    if (head.hash if head else GENESIS) != previous or (head.count if head else 0) != count:
        return 0
    return None
