"""Makes the kinds of jobs of this room known."""

from __future__ import annotations

from core.accounts.importing.bringing import BringIn
from core.accounts.importing.staging import CheckAgain, ReadFile
from core.accounts.importing.taking_back import TakeBack
from core.jobs import register


def register_kinds() -> None:
    """people.read, people.recheck, people.import, people.discard"""
    for kind in (ReadFile(), CheckAgain(), BringIn(), TakeBack()):
        register(kind)
