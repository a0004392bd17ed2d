"""What a criterion of ranking is, and the registry of the kinds of criteria."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Protocol

from contest.rules.kinds import Kinds

Number = int | Decimal | Fraction
"""What may be compared: exact numbers only. Python compares the three exactly with each other."""


class Measured(Protocol):
    """What criteria look at: one sitting, or a person's result over the rounds."""

    @property
    def score(self) -> Number: ...

    @property
    def correct(self) -> int | None: ...

    @property
    def seconds(self) -> int | None: ...

    @property
    def submitted_at(self) -> datetime | None: ...


class Criterion(ABC):
    """One step of the ranking. A kind is a frozen dataclass; what it has to be told is a field of it."""

    __slots__ = ()

    kind: ClassVar[str]
    label: ClassVar[str]
    """The criterion's name on screens and in the rules read back."""
    more_is_better: ClassVar[bool]
    direction_label: ClassVar[str]
    """Which end is better, as the rules page says it after the label."""
    field: ClassVar[str]
    """The one measure it needs, named as the field of `Measured` and the column of a results file."""

    @abstractmethod
    def key(self, result: Measured) -> Number | None:
        """The exact value compared. None: not known, which stands after every known value."""


CRITERIA: Kinds[Criterion] = Kinds(tag="by")
