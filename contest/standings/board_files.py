"""The Excel file that a public board offers: what is public and nothing else, in the words of the board."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from contest.standings.board_memory import Board, ScopeView
from contest.standings.spreadsheet import Sheets
from core.web import filters

#: A file of so many people is made at once, some 0.4 s; a longer one by the job worker, when it is published.
DIRECT = 1_000

Words = Callable[[str], str]


def public_token(standing: str) -> str:
    """Under which token the public file of a standing is kept."""
    return sha256(f"board:{standing}".encode()).hexdigest()[:32]


def lead(board: Board, view: ScopeView, _: Words) -> str:
    """ "312 đồng chí dự thi · công bố 16:00, 24/11/2026 · xếp theo tổng điểm, rồi thời gian làm bài" """
    facts = board.facts
    whole = view.scope is None or view.scope is board.top
    sat = facts.sat if whole or view.scope is None else view.scope.sat
    parts = []
    if whole or facts.publication.unit_totals:
        parts.append(_("%(sat)s đồng chí dự thi") % {"sat": filters.show_number(sat)})
    parts.append(_("công bố %(moment)s") % {"moment": filters.show_moment(facts.published_at)})
    parts.append(_("xếp theo %(criteria)s") % {"criteria": _(", rồi ").join(facts.criteria)})
    return " · ".join(parts)


def content_of(board: Board, unit: str | None, _: Words) -> Sheets:
    """What the file of a unit (None: of all) holds. Raises LookupError for an empty board."""
    view = board.view(unit)
    scope = view.scope
    if scope is None:
        raise LookupError(unit)
    facts = board.facts
    notes = [lead(board, view, _), _("Bản %(number)s") % {"number": facts.number}]
    if facts.is_sample:
        notes.append(_("Dữ liệu mẫu, không phải kết quả thật."))
    return Sheets(
        title=(facts.contest_name, f"{facts.round_name} · {scope.name}"),
        notes=notes,
        scope=scope,
        lines=[board.people[at] for at in view.chosen],
        scopes=board.units,
        with_totals=facts.publication.unit_totals,
        public=True,
    )
