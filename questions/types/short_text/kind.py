"""A few typed words, as the registry finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from questions.types.base import AnswerRow
from questions.types.choice.form import tidy
from questions.types.marks import Mark, Problem
from questions.types.printing import Printed
from questions.types.short_text import marking
from questions.types.short_text.form import ShortTextFields
from questions.types.typed.kind_base import TypedType
from questions.types.typed.words import LONGEST_WORDS


class ShortText(TypedType):
    """A few words that are typed; right when they are accepted."""

    key = "short_text"
    folder = "short_text"
    label = _l("Trả lời ngắn")
    instruction = _l("Gõ câu trả lời ngắn.")
    order = 80
    control = "typed"
    fields = ShortTextFields

    def check(self, data: Mapping[str, Any]) -> list[Problem]:
        return marking.check(data)

    def mark(self, data: Mapping[str, Any], answer: Any) -> Mark:
        return marking.mark(data, answer)

    def normalise_answer(self, raw: Any, data: Mapping[str, Any]) -> str | None:
        return marking.answer_from(raw)

    def sheet(self, data: Mapping[str, Any], order: Sequence[int], stem: str = "") -> dict[str, Any]:
        return {"options": [], "control": self.control, "mode": "", "unit": ""}

    def answer_rows(self, data: Mapping[str, Any], answer: Any) -> list[AnswerRow]:
        given = answer if isinstance(answer, str) else ""
        return [AnswerRow(_("Câu trả lời"), given, "; ".join(marking.accepted_of(data)), self.mark(data, answer).correct)]

    def key_lines(self, data: Mapping[str, Any]) -> list[str]:
        return ["; ".join(marking.accepted_of(data)), folds_words(data)]

    def printed(self, data: Mapping[str, Any], order: Sequence[int] | None = None, stem: str = "") -> Printed:
        return Printed(stem, lines=1, note=_("Ghi câu trả lời ngắn."), key=self._printed_key(data))

    def explain(self, problem: Problem) -> str:
        return accepted_words(problem)

    def data_from(self, form: Any) -> dict[str, Any]:
        lines = [" ".join(line.split()) for line in tidy(form.accepted.data or "").splitlines()]
        return {"accepted": [line for line in lines if line], **folds_from(form)}

    def values_for(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"accepted": "\n".join(marking.accepted_of(data)), **folds_values(data)}

    def texts(self, data: Mapping[str, Any]) -> list[str]:
        return marking.accepted_of(data)


def accepted_words(problem: Problem) -> str:
    """A problem with accepted answers in words, for whoever writes the question."""
    line = (problem.row or 0) + 1
    words = {
        "no_accepted": lambda: _("Chưa có câu trả lời nào được chấp nhận."),
        "too_many_accepted": lambda: _("Nhiều nhất %(number)s câu trả lời.", number=marking.MOST_ACCEPTED),
        "accepted_too_long": lambda: _("Dòng %(line)s dài quá %(number)s ký tự.", line=line, number=LONGEST_WORDS),
        "empty_accepted": lambda: _("Dòng %(line)s không có chữ hay số nào để so.", line=line),
        "repeated_accepted": lambda: _("Dòng %(line)s giống một dòng ở trên.", line=line),
        "fold_unknown": lambda: _("Cách so chữ hoa và dấu không rõ."),
    }
    return str(words[problem.code]())


def folds_from(form: Any) -> dict[str, bool]:
    """What a filled-in form says does not count."""
    return {"fold_case": bool(form.fold_case.data), "fold_accents": bool(form.fold_accents.data)}


def folds_values(data: Mapping[str, Any]) -> dict[str, bool]:
    """Values of the fields of ``folds_from``."""
    return dict(zip(("fold_case", "fold_accents"), marking.folds_of(data), strict=True))


def folds_words(data: Mapping[str, Any]) -> str:
    """What counts when words are compared, for staff."""
    fold_case, fold_accents = marking.folds_of(data)
    case = _("chữ hoa, chữ thường như nhau") if fold_case else _("phân biệt chữ hoa, chữ thường")
    accents = _("không dấu cũng được") if fold_accents else _("phải đúng dấu")
    return f"{case[:1].upper()}{case[1:]}; {accents}."


TYPE = ShortText()
