"""What a type of question must offer; each type's ``kind`` module holds one ``TYPE``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from wtforms import Form

from questions.types.choice.data import letter_of
from questions.types.marks import Mark, Problem
from questions.types.printing import Printed, PrintedOption

#: Lines to write on below a question whose type says nothing of how it is printed.
_LINES = 3

#: The fragments that each type has, under templates/questions/types/<folder>/.
FRAGMENTS = ("edit", "preview", "review", "sit")


@dataclass(frozen=True)
class Shown:
    """An option as shown: its original ``index``, the ``letter`` in front of it, its ``text``."""

    index: int
    letter: str
    text: str


class QuestionType(ABC):
    """One type of question. ``data`` is what the type keeps of a question; answers are of the type's own shape.

    Answers name options by their original indexes, whatever order they were shown in; None is no answer.
    """

    #: The name stored with questions and read from lists ("single").
    key: ClassVar[str]
    #: The folder of the type, under questions/types and templates/questions/types.
    folder: ClassVar[str]
    #: What screens call it (lazy text).
    label: ClassVar[Any]
    #: One line telling contestants how to answer (lazy text).
    instruction: ClassVar[Any]
    #: Where it stands in lists of types.
    order: ClassVar[int] = 100
    #: Whether its options may be shown in another order (their references to one another are minded).
    shuffles: ClassVar[bool] = False
    #: The type's fields of the question form.
    fields: ClassVar[type[Form]]

    @abstractmethod
    def check(self, data: Mapping[str, Any]) -> list[Problem]:
        """What keeps ``data`` from being used; nothing when it is sound."""

    @abstractmethod
    def mark(self, data: Mapping[str, Any], answer: Any) -> Mark:
        """What ``answer`` is worth. Malformed answers are worth nothing; never raises for them."""

    @abstractmethod
    def normalise_answer(self, raw: Any, data: Mapping[str, Any]) -> Any:
        """What a form or script sent, as an answer (None: none). Raises BadAnswer where it cannot be one."""

    @abstractmethod
    def blank(self, answer: Any) -> bool:
        """True when ``answer`` is no answer."""

    @abstractmethod
    def explain(self, problem: Problem) -> str:
        """``problem`` in words, for the person who writes the question."""

    @abstractmethod
    def data_from(self, form: Any) -> dict[str, Any]:
        """The type's data out of its filled-in ``fields``; it may still have problems."""

    @abstractmethod
    def values_for(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Values of ``fields`` that show ``data``, for a form to begin with."""

    @abstractmethod
    def texts(self, data: Mapping[str, Any]) -> list[str]:
        """All text of ``data`` in which a person may search."""

    def movable(self, data: Mapping[str, Any], stem: str = "") -> list[int]:
        """The options whose order may be drawn; the others come after them, in their original order. Here: none may."""
        return []

    def arrange(self, data: Mapping[str, Any], seed_order: Sequence[int], stem: str = "") -> list[int]:
        """The order in which to show the options, from a random permutation. Raises ValueError where it is none."""
        count = len(self.options(data))
        if sorted(seed_order) != list(range(count)):
            raise ValueError("seed_order is not a permutation of the options")
        movable = set(self.movable(data, stem))
        return [i for i in seed_order if i in movable] + [i for i in range(count) if i not in movable]

    def reworded(self, data: Mapping[str, Any], order: Sequence[int], stem: str = "") -> list[str]:
        """The options' texts in ``order``, true to what they name."""
        options = self.options(data)
        return [options[i] for i in order]

    def options(self, data: Mapping[str, Any]) -> list[str]:
        """The options in their original order; none for types without."""
        return []

    def shown(self, data: Mapping[str, Any], order: Sequence[int] | None = None, stem: str = "") -> list[Shown]:
        """The options to show in ``order`` (default: the original one), with letters and true texts."""
        order = list(range(len(self.options(data)))) if order is None else order
        texts = self.reworded(data, order, stem)
        return [Shown(i, letter_of(p), text) for p, (i, text) in enumerate(zip(order, texts, strict=True))]

    def printed(self, data: Mapping[str, Any], order: Sequence[int] | None = None, stem: str = "") -> Printed:
        """The question on paper, options in ``order``. Here, for types that say nothing of their own: its options, or
        lines to write on, and no key (none can be read out of data of an unknown shape)."""
        options = tuple(PrintedOption(one.letter, one.text) for one in self.shown(data, order, stem))
        return Printed(stem, options, lines=0 if options else _LINES)

    def template(self, fragment: str) -> str:
        """The template of ``fragment`` (one of FRAGMENTS)."""
        return f"questions/types/{self.folder}/{fragment}.html"
