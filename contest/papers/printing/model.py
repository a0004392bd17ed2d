"""A paper as it is printed: what every renderer sets, and nothing of where it came from. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from questions.types.printing import Printed

#: Letters that neither XML nor a page knows what to do with; line breaks and tabs stay.
_CONTROLS = ("Cc", "Cs", "Cn", "Co")


@dataclass(frozen=True, slots=True)
class PrintedQuestion:
    """One question of a form. ``explanation`` and ``source`` stand on the setters' key sheet only."""

    number: int
    printed: Printed
    explanation: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A form (mã đề): its ``code`` and its questions in their order, numbered from 1."""

    code: str
    questions: tuple[PrintedQuestion, ...]

    @property
    def shape(self) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]:
        """What its answer sheet offers, question by question."""
        return tuple(one.printed.bubbles for one in self.questions)


@dataclass(frozen=True, slots=True)
class PrintedPaper:
    """A paper in one or more forms. Texts are plain; ``points`` is a number in words of the page ("30"), "" for none.

    Raises ValueError when two forms have one code, or there is none.
    """

    committee: str
    contest: str
    round: str
    minutes: int
    forms: tuple[PrintedForm, ...]
    points: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        codes = [form.code for form in self.forms]
        if not codes or len(set(codes)) < len(codes):
            raise ValueError("forms need codes of their own")

    @property
    def one_sheet(self) -> bool:
        """True when one answer sheet does for every form: all offer the same at each number."""
        return len({form.shape for form in self.forms}) == 1

    @property
    def longest(self) -> int:
        """Questions in the longest form."""
        return max(len(form.questions) for form in self.forms)


def form_of(code: str, questions: Sequence[tuple[Printed, str, str]]) -> PrintedForm:
    """A form out of (printed, explanation, source), numbered, with texts that any page can hold."""
    return PrintedForm(
        code,
        tuple(
            PrintedQuestion(number, _clean(printed), clean(explanation), clean(source))
            for number, (printed, explanation, source) in enumerate(questions, 1)
        ),
    )


def _clean(printed: Printed) -> Printed:
    return replace(
        printed,
        stem=clean(printed.stem),
        options=tuple(replace(one, text=clean(one.text)) for one in printed.options),
        rows=tuple(replace(one, text=clean(one.text)) for one in printed.rows),
        key=clean(printed.key),
    )


def clean(text: str) -> str:
    """``text`` composed, without control characters and blank lines at its ends; line ends are "\\n", tabs are spaces."""
    lines = unicodedata.normalize("NFC", text).replace("\t", " ").splitlines()
    kept = ("".join(c for c in line if unicodedata.category(c) not in _CONTROLS).strip() for line in lines)
    return "\n".join(kept).strip()
