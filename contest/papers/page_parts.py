"""What the pages of rounds show, ready for templates: cells beside the bank, checks and steps with their links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from contest.papers.opening import Check
from contest.papers.pool import CellSupply
from contest.papers.wizard import TARGETS, Stage, current_round
from contest.rounds.links import url_if
from contest.rounds.models import Contest, Round
from contest.rounds.reach import reach_in
from core.access import Action, current_actor
from questions.types.registry import all_types


def cell_rows(supplies: Sequence[CellSupply]) -> list[dict[str, Any]]:
    """Each cell of a blueprint beside what the bank has."""
    kinds = all_types()
    rows = []
    for one in supplies:
        cell = one.cell
        level = cell.level[:1].upper() + cell.level[1:] if cell.level else _("Mọi mức độ")
        kind = kinds.get(cell.type or "")
        rows.append(
            {
                "topic": cell.topic or _("Mọi chủ đề"),
                "under": " · ".join([level, str(kind.label)] if kind else [level]),
                "count": cell.count,
                "needed": one.needed,
                "available": one.available,
                "matching": one.matching,
                "short": one.short,
            }
        )
    return rows


def target_url(target: str, contest: Contest, round_: Round | None = None) -> str | None:
    """The page where something is done, or None when it is not there or not for who asks."""
    actor, path = current_actor(), contest.unit.path
    of_contest: dict[str, Any] = {"public_id": contest.public_id}
    if target == "slips":
        return url_if("slips.ask", **of_contest) if reach_in(actor, contest, Action.SLIPS_PRINT) else None
    if target == "import":
        return url_if("people_import.index") if reach_in(actor, contest, Action.PEOPLE_IMPORT) else None
    if target == "entries":
        return url_for("contests.entries", **of_contest)
    if not actor.may(Action.CONTEST_EDIT, path):
        return None
    if target in ("edit", "new_round"):
        return url_for(f"contests.{target}", **of_contest)
    if round_ is None:
        return None
    of_this: dict[str, Any] = {"public_id": round_.public_id}
    if target in ("settings", "windows") and round_.state != "draft":
        return url_for("rounds.show", **of_this)
    endpoints_of = {
        "settings": ("rounds.settings",),
        "windows": ("contests.windows",),
        "open": ("rounds.open_",),
        "monitor": ("monitor.show", "rounds.show"),
        "standing": ("standings.round_standing",),
    }
    if target == "standing" and round_.state == "draft":
        return None
    return url_if(*endpoints_of[target], **of_this)


def check_items(round_: Round, checks: Sequence[Check]) -> list[dict[str, Any]]:
    """The list of what must be in order, for the macro ``checklist``."""
    return [
        {
            "done": check.done,
            "text": check.text,
            "reason": check.detail,
            "blocking": check.blocks and not check.done,
            "url": None if check.done else target_url(TARGETS[check.step], round_.contest, round_),
            "link_text": _("Sửa"),
        }
        for check in checks
    ]


def stage_links(contest: Contest, stages: Sequence[Stage]) -> list[tuple[Stage, str | None, list[dict[str, Any]]]]:
    """Each step with its address and the list of what is missing."""
    round_ = current_round(contest)
    linked = []
    for stage in stages:
        items = [
            {
                "done": False,
                "text": one.text,
                "reason": one.detail,
                "blocking": one.blocks,
                "url": target_url(one.target, contest, round_),
                "link_text": _("Làm ngay"),
            }
            for one in stage.missing
        ]
        linked.append((stage, target_url(stage.target, contest, round_), items))
    return linked
