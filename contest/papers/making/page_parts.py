"""What the pages of forms show, ready for templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.papers.allotment import Cell
from contest.papers.making.figures import Fairness, Placed, fairness
from contest.papers.making.models import FormPlace, FormSet
from contest.papers.making.service import cells_asked
from contest.rounds.models import Round
from contest.rounds.reach import reach_in
from contest.rules.plain import vietnamese_number
from core.access import Action, current_actor
from questions.bank.models import Question
from questions.types.registry import all_types


@dataclass(frozen=True)
class SetState:
    """How a state looks: a tone of the design and what it is called."""

    tone: str
    label: LazyString


SET_STATES = {
    "asked": SetState("info", _l("Đang ghép")),
    "made": SetState("warn", _l("Chờ chốt")),
    "impossible": SetState("danger", _l("Không đủ câu")),
    "failed": SetState("danger", _l("Không ghép được")),
    "confirmed": SetState("ok", _l("Đã chốt")),
    "discarded": SetState("neutral", _l("Đã bỏ")),
}


def state_of(form_set: FormSet) -> SetState:
    """What screens say of the set's state."""
    return SET_STATES[form_set.state]


def crumbs_of(round_: Round, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way here: through the contest for those who see it, else through the list of rounds to make papers for."""
    contest = round_.contest
    of_round: tuple[str, str | None] = (_("Đề thi"), url_for("making.papers", public_id=round_.public_id) if more else None)
    if reach_in(current_actor(), contest, Action.CONTEST_VIEW) is None:
        label = f"{contest.name}: {round_.name}"
        here = url_for("making.papers", public_id=round_.public_id) if more else None
        return [(_("Đề thi"), url_for("making.index")), (label, here), *more]
    return [
        (contest.name, url_for("rounds.overview", public_id=contest.public_id)),
        (round_.name, url_for("rounds.show", public_id=round_.public_id)),
        of_round,
        *more,
    ]


def cell_name(cell: Cell) -> str:
    """A cell in words: topic, level, type."""
    kind = all_types().get(cell.type or "")
    parts = [cell.topic or _("Mọi chủ đề"), cell.level or _("mọi mức độ"), str(kind.label) if kind else ""]
    return " · ".join(part for part in parts if part)


def readable(question: Question) -> bool:
    """May who asks read the question? A paper not yet open is read by nobody else."""
    return current_actor().may(Action.QUESTION_VIEW, question.unit.path)


def fairness_of(form_set: FormSet) -> Fairness:
    """The set's forms side by side."""
    forms = [(form.code, [_placed(place) for place in form.places]) for form in form_set.forms]
    return fairness(forms, len(form_set.blueprint))


def _placed(place: FormPlace) -> Placed:
    return Placed(place.question_id, place.cell, place.difficulty, place.exposure)


def short_cells(form_set: FormSet) -> list[dict[str, Any]]:
    """What is missing in which cell, for a set that could not be made."""
    cells = cells_asked(form_set)
    return [
        {
            "name": cell_name(cells[one["cell"]]),
            "needed": one["needed"],
            "available": one["available"],
            "short": one["needed"] - one["available"],
        }
        for one in form_set.outcome.get("short", ())
    ]


def number_text(value: Decimal) -> str:
    """17.400 as "17,4"."""
    return vietnamese_number(value)


@dataclass(frozen=True)
class Curve:
    """A form's line in the plot of expected shares: ``points`` in a box 100 × 100, ``style`` the number of its dashes."""

    code: str
    points: str
    style: int


def curves(forms: Fairness) -> list[Curve]:
    """One line a form: its questions from what most answer right to what fewest do; height is the expected share."""
    lines = []
    for number, form in enumerate(forms.forms):
        count = len(form.sorted)
        points = [
            f"{100 * (at + 0.5) / count:.2f},{100 - 100 * float(share):.2f}" for at, share in enumerate(form.sorted)
        ]
        lines.append(Curve(form.code, " ".join(points), number % 6))
    return lines


def changes_said(form_set: FormSet) -> Sequence[str]:
    """The changes made by hand, newest first, in words."""
    said = {
        "replace": _("thay bằng câu khác của ngân hàng"),
        "exchange": _("đổi chéo hai mã đề"),
        "move": _("đổi thứ tự"),
    }
    names = {place.id: f"{form.code}, " + _("câu %(number)s", number=place.number)
             for form in form_set.forms for place in form.places}  # fmt: skip
    lines = []
    for change in reversed(form_set.changes):
        where = " ↔ ".join(names.get(one["place"], "?") for one in change["places"])
        lines.append(f"{where}: {said[change['what']]} ({change['by']})")
    return lines
