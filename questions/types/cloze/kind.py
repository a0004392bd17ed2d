"""A text with blanks, as the registry finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.database import sort_key
from questions.types.base import AnswerRow
from questions.types.choice.form import tidy
from questions.types.cloze import marking, markup
from questions.types.cloze.form import CREDITS, ClozeFields
from questions.types.marks import Mark, Problem
from questions.types.printing import Printed
from questions.types.short_text.kind import folds_from, folds_values, folds_words
from questions.types.typed.kind_base import TypedType, typing_mode
from questions.types.typed.words import LONGEST_WORDS

_GAP = "……"
#: Characters of the text around a blank by which a review names it.
_AROUND = 40


class Cloze(TypedType):
    """A text with blanks for words, numbers and choices."""

    key = "cloze"
    folder = "cloze"
    label = _l("Điền chỗ trống")
    instruction = _l("Điền vào các chỗ trống.")
    order = 90
    control = "cloze"
    fields = ClozeFields

    def check(self, data: Mapping[str, Any]) -> list[Problem]:
        return marking.check(data)

    def mark(self, data: Mapping[str, Any], answer: Any) -> Mark:
        return marking.mark(data, answer)

    def normalise_answer(self, raw: Any, data: Mapping[str, Any]) -> list[str | None] | None:
        return marking.answer_from(raw, data)

    def sheet(self, data: Mapping[str, Any], order: Sequence[int], stem: str = "") -> dict[str, Any]:
        pieces: list[Any] = []
        blanks = 0
        mode = typing_mode([blank["value"] for blank in marking.blanks_of(data) if blank["kind"] == "number"])
        for piece in marking.pieces_of(data):
            if isinstance(piece, str):
                pieces.append(piece)
                continue
            # Sorted, so that their order tells nothing: setters write the right one first.
            options = sorted(piece.get("options", ()), key=sort_key)
            pieces.append({"blank": blanks, "mode": mode if piece["kind"] == "number" else "", "options": options})
            blanks += 1
        return {"options": [], "control": self.control, "pieces": pieces, "blanks": blanks}

    def answer_rows(self, data: Mapping[str, Any], answer: Any) -> list[AnswerRow]:
        blanks = marking.blanks_of(data)
        given = answer if isinstance(answer, (list, tuple)) and len(answer) == len(blanks) else [None] * len(blanks)
        verdicts = marking.verdicts(data, given)
        return [
            AnswerRow(self._around(data, number), text or "", key_words(blank), right)
            for number, (blank, text, right) in enumerate(zip(blanks, given, verdicts, strict=True))
        ]

    def key_lines(self, data: Mapping[str, Any]) -> list[str]:
        return [str(CREDITS[data.get("credit", marking.ALL)]), folds_words(data)]

    def shown_pieces(self, data: Mapping[str, Any]) -> list[tuple[int, str, str]]:
        """The text for staff, piece by piece: the number of the blank from 1 (0: plain text), its words (of a blank: what is
        right), and what is wrong with it (empty: nothing)."""
        faults: dict[int, str] = {}
        for problem in marking.check(data):
            if problem.row is not None:
                faults.setdefault(problem.row, self.explain(problem))
        pieces, number = [], 0
        for piece in marking.pieces_of(data):
            if isinstance(piece, str):
                pieces.append((0, piece, ""))
            else:
                number += 1
                pieces.append((number, key_words(piece), faults.get(number - 1, "")))
        return pieces

    def printed(self, data: Mapping[str, Any], order: Sequence[int] | None = None, stem: str = "") -> Printed:
        """The text below the stem, each blank with its number and room, and what may be chosen for it."""
        words = []
        for piece in self.sheet(data, ())["pieces"]:
            if isinstance(piece, str):
                words.append(piece)
                continue
            choices = f" [{' / '.join(piece['options'])}]" if piece["options"] else ""
            words.append(f"({piece['blank'] + 1}) {_GAP}{_GAP}{choices}")
        whole = "\n".join(part for part in (stem, "".join(words)) if part)
        return Printed(whole, note=str(self.instruction), key=self._printed_key(data))

    def explain(self, problem: Problem) -> str:
        words = {
            "no_blank": lambda: _("Đoạn văn chưa có chỗ trống nào. Viết đáp án trong hai ngoặc vuông: [[đáp án]]."),
            "too_many_blanks": lambda: _("Nhiều nhất %(number)s chỗ trống.", number=marking.MOST_BLANKS),
            "credit_unknown": lambda: _("Chưa rõ cách cho điểm."),
            "unclosed": lambda: _("thiếu hai ngoặc vuông đóng ]]"),
            "number_unread": lambda: _("không đọc được số. Thí dụ: %(example)s", example="[[#=13±1]], [[#=200±5%]]"),
            "choice_stars": lambda: _("có hơn một lựa chọn mang dấu sao; chỉ lựa chọn đúng mang dấu sao"),
            "choice_alone": lambda: _("chỉ có một lựa chọn; cần ít nhất hai"),
            "empty_option": lambda: _("có lựa chọn còn trống"),
            "repeated_option": lambda: _("có hai lựa chọn giống nhau"),
            "too_many_options": lambda: _("nhiều nhất %(number)s lựa chọn", number=marking.MOST_OPTIONS),
            "too_many_accepted": lambda: _("có quá nhiều đáp án"),
            "accepted_too_long": lambda: _("có đáp án dài quá %(number)s ký tự", number=LONGEST_WORDS),
            "empty_accepted": lambda: _("có đáp án còn trống"),
            "repeated_accepted": lambda: _("có hai đáp án giống nhau"),
            "no_accepted": lambda: _("chưa có đáp án"),
        }
        text = str(words.get(problem.code, lambda: _("không đọc được"))())
        return text if problem.row is None else _("Chỗ trống %(number)s: %(text)s.", number=problem.row + 1, text=text)

    def data_from(self, form: Any) -> dict[str, Any]:
        return {
            "pieces": markup.read(tidy(form.text.data or "")),
            "credit": form.credit.data or marking.ALL,
            **folds_from(form),
        }

    def values_for(self, data: Mapping[str, Any]) -> dict[str, Any]:
        pieces = [piece if isinstance(piece, str) else dict(piece) for piece in marking.pieces_of(data)]
        return {"text": markup.write(pieces), "credit": data.get("credit", marking.ALL), **folds_values(data)}

    def texts(self, data: Mapping[str, Any]) -> list[str]:
        whole = "".join(p if isinstance(p, str) else _first_key(p) for p in marking.pieces_of(data))
        return [whole] if whole else []

    def _around(self, data: Mapping[str, Any], number: int) -> str:
        """A blank within the words around it."""
        before = after = ""
        at = 0
        for piece in marking.pieces_of(data):
            text = piece if isinstance(piece, str) else _GAP
            if not isinstance(piece, str):
                at += 1
            if not isinstance(piece, str) and at == number + 1:
                continue
            if at <= number:
                before += text
            else:
                after += text
        before, after = " ".join(before.split("\n")), " ".join(after.split("\n"))
        start = before if len(before) <= _AROUND else "…" + before[-_AROUND:].partition(" ")[2]
        end = after if len(after) <= _AROUND else after[:_AROUND].rpartition(" ")[0] + "…"
        return f"{start}({number + 1}) {_GAP}{end}"


def key_words(blank: Mapping[str, Any]) -> str:
    """What is right in a blank, for people."""
    if blank["kind"] == "words":
        return " / ".join(blank["accepted"])
    if blank["kind"] == "choice":
        return str(blank["options"][blank["correct"]])
    return markup.number_words(dict(blank)) if blank["kind"] == "number" else str(blank["text"])


def _first_key(blank: Mapping[str, Any]) -> str:
    return str(blank["accepted"][0]) if blank["kind"] == "words" and blank["accepted"] else key_words(blank)


TYPE = Cloze()
