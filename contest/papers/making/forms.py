"""The form that asks for a set of forms."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, FieldList, FormField, RadioField, TextAreaField
from wtforms.validators import Length

from contest.papers.allotment import Cell
from contest.papers.forms import MOST_CELLS, CellForm
from contest.papers.making.asking import MOST_FORMS, Wish
from contest.papers.making.models import FormSet
from contest.rounds.form_fields import Given, WholeField
from contest.rules.parts.quiz import MOST_QUESTIONS
from core.database import db
from questions.bank.models import Question

_STATISTICS = (
    ("measured", _l("Kết quả các vòng đã thi; câu có dưới 30 người làm thì theo mức độ")),
    ("level", _l("Mức độ do người ra đề ghi")),
)


class AskForm(FlaskForm):
    """What is asked for; ``kind`` fixed has one form and nothing to share."""

    forms = WholeField(_l("Số mã đề"), [Given(_l("Xin ghi số mã đề."))])
    max_shared = WholeField(
        _l("Hai mã đề được chung nhiều nhất (câu)"), [Given(_l("Xin ghi một số, 0 là không chung câu nào."))]
    )
    cells = FieldList(FormField(CellForm), _l("Ma trận đề"), max_entries=MOST_CELLS)
    statistics = RadioField(_l("Độ khó của câu lấy theo"), choices=list(_STATISTICS), default="measured")
    alike = BooleanField(_l("Hai câu gần giống nhau không cùng một đề"))
    apart = TextAreaField(
        _l("Các câu khác không được cùng một đề"), [Length(max=10_000, message=_l("Dài quá 10.000 chữ."))]
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.groups: tuple[tuple[int, ...], ...] = ()
        if kind == "fixed":
            del self.forms, self.max_shared

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields, then what they say together; every fault at its field."""
        sound = bool(super().validate(extra_validators))
        return all([self._sound_cells(), self._sound_numbers(), self._sound_groups()]) and sound

    def _sound_cells(self) -> bool:
        before = len(self.cells.errors)
        cells = self.typed_cells()
        for entry, cell in zip(self.cells.entries, cells, strict=True):
            if not 1 <= cell.count <= MOST_QUESTIONS and not entry.form.count.errors:
                entry.form.count.errors = [_("Từ 1 đến %(most)s câu.", most=MOST_QUESTIONS)]
                before = -1
        if not cells:
            self.cells.errors = [_("Ma trận đề còn trống. Xin thêm dòng.")]
        elif sum(cell.count for cell in cells) > MOST_QUESTIONS:
            self.cells.errors = [_("Một đề được tối đa %(most)s câu.", most=MOST_QUESTIONS)]
        return before == len(self.cells.errors)

    def _sound_numbers(self) -> bool:
        if self.kind == "fixed":
            return True
        if self.forms.data is not None and not 2 <= self.forms.data <= MOST_FORMS:
            self.forms.errors = [_("Từ 2 đến %(most)s mã đề.", most=MOST_FORMS)]
        if self.max_shared.data is not None and self.max_shared.data > MOST_QUESTIONS:
            self.max_shared.errors = [_("Nhiều nhất %(most)s câu.", most=MOST_QUESTIONS)]
        return not self.forms.errors and not self.max_shared.errors

    def _sound_groups(self) -> bool:
        """Lines of codes to groups of question ids; a code that no question has is told with its line."""
        lines = [line.replace(",", " ").replace(";", " ").split() for line in (self.apart.data or "").splitlines()]
        codes = sorted({code for line in lines for code in line})
        rows = db.session.execute(select(Question.public_id, Question.id).where(Question.public_id.in_(codes)))
        known = {row[0]: row[1] for row in rows}
        faults = [
            _("Dòng %(line)s: không có câu nào mang mã %(code)s.", line=number, code=code)
            for number, line in enumerate(lines, 1)
            for code in line
            if code not in known
        ]
        if faults:
            self.apart.errors = faults[:5]
        self.groups = tuple(tuple(sorted({known[code] for code in line if code in known})) for line in lines if line)
        return not faults

    def typed_cells(self) -> list[Cell]:
        """The rows as they stand on the screen."""
        cells = [entry.form.cell() for entry in self.cells.entries]
        return [Cell(c.topic, c.level, c.type, c.count) for c in cells]

    def wish(self) -> Wish:
        """What was asked for beside the cells."""
        fixed = self.kind == "fixed"
        return Wish(
            forms=1 if fixed else self.forms.data,
            max_shared=0 if fixed else self.max_shared.data,
            statistics=self.statistics.data,
            alike=self.alike.data,
            apart=self.groups,
        )


def first_values(cells: list[Cell]) -> dict[str, Any]:
    """The form before anybody has touched it: the round's own blueprint, two forms, nothing shared."""
    return {"cells": _rows(cells), "forms": 2, "max_shared": 0, "statistics": "measured", "alike": True}


def values_again(form_set: FormSet) -> dict[str, Any]:
    """The form as it asked for ``form_set``."""
    wish = Wish(**form_set.wanted)
    cells = [Cell(c["topic"], c["level"], c["type"], c["count"]) for c in form_set.blueprint]
    numbers = {number for group in wish.apart for number in group}
    rows = db.session.execute(select(Question.id, Question.public_id).where(Question.id.in_(numbers)))
    codes = {row[0]: row[1] for row in rows}
    apart = "\n".join(" ".join(codes[n] for n in group if n in codes) for group in wish.apart)
    return {
        "cells": _rows(cells), "forms": wish.forms, "max_shared": wish.max_shared, "statistics": wish.statistics,
        "alike": wish.alike, "apart": apart,
    }  # fmt: skip


def _rows(cells: list[Cell]) -> list[dict[str, Any]]:
    return [{"topic": c.topic or "", "level": c.level or "", "type": c.type or "", "count": c.count} for c in cells]


def tell_shortages(form: AskForm, form_set: FormSet) -> None:
    """Put what was short for ``form_set`` at the cells of ``form``, which asks for the same again."""
    for one in form_set.outcome.get("short", ()):
        if one["cell"] < len(form.cells.entries):
            said = _(
                "Thiếu %(count)s câu: cần %(needed)s, chỉ xếp được %(got)s.",
                count=one["needed"] - one["available"], needed=one["needed"], got=one["available"],
            )
            form.cells.entries[one["cell"]].form.count.errors = [said]
