"""The audit chain on a page: who changed what and when, and whether the chain is sound. For the top of the tree only: an
entry may be about any unit."""

from __future__ import annotations

import json

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core.access import Action, Forbidden, current_actor, permits
from core.accounts.audit_wording import words_for
from core.audit import AuditEntry
from core.audit.models import AuditHead
from core.database import db
from core.organisation.models import Unit
from core.web.tables import Listing

blueprint = Blueprint("audit", __name__, url_prefix="/quan-tri/nhat-ky")

SORTS = {"luc": AuditEntry.id, "nguoi": (AuditEntry.actor, AuditEntry.id), "viec": (AuditEntry.action, AuditEntry.id)}


def may_read() -> bool:
    """True for somebody who may read the chain: at every top of the tree."""
    tops = db.session.scalars(select(Unit.path).where(Unit.parent_id.is_(None), Unit.visible)).all()
    return bool(tops) and all(current_actor().may(Action.AUDIT_VIEW, path) for path in tops)


@blueprint.get("")
@permits(Action.AUDIT_VIEW)
def index() -> ResponseReturnValue:
    """The entries, newest first; search in who, what and the thing's id."""
    if not may_read():
        raise Forbidden(Action.AUDIT_VIEW)
    listing = Listing.from_request(SORTS, default="-luc", size=100)
    wanted = select(AuditEntry)
    if listing.query:
        like = f"%{listing.query}%"
        wanted = wanted.where(AuditEntry.actor.ilike(like) | AuditEntry.action.ilike(like) | AuditEntry.subject.ilike(like))
    head = db.session.get(AuditHead, 1)
    return render_template(
        "accounts/audit.html", listing=listing, page=listing.page(wanted), head=head, words_for=words_for, shown=_shown
    )


def _shown(entry: AuditEntry) -> str:
    """An entry's details on one line."""
    return json.dumps(entry.details, ensure_ascii=False) if entry.details else ""
