"""What every part of a round says of itself, and the registry of the kinds of parts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from contest.rules.kinds import Kinds
from contest.rules.plain import Fault


class Part(ABC):
    """A part of a round (phần thi). A kind is a frozen dataclass whose fields declare their plain form."""

    __slots__ = ()

    kind: ClassVar[str]
    label: ClassVar[str]
    """The kind's name on screens."""

    @property
    @abstractmethod
    def questions(self) -> int:
        """How many questions one paper has in this part."""

    @property
    @abstractmethod
    def full_points(self) -> Decimal:
        """The most points this part can give."""

    @abstractmethod
    def faults(self, path: str) -> Iterator[Fault]:
        """What is wrong with this part beyond the bounds of its single fields."""

    @abstractmethod
    def sentences(self) -> list[str]:
        """The part's rules in plain Vietnamese, for the contestant."""


PARTS: Kinds[Part] = Kinds(tag="kind")
