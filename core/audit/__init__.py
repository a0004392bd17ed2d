"""The append-only hash chain: every change of people, questions, rounds and results, and who made it."""

from core.audit.chain import first_break, record
from core.audit.models import AuditEntry

__all__ = ["AuditEntry", "first_break", "record"]
