"""A cell as the file held it, what was read from it, and what is doubtful about it. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Raw:
    """``text`` is what a person sees; ``number`` is set for a number of Excel's, ``day`` for a date of Excel's."""

    text: str = ""
    number: float | None = None
    day: datetime.date | None = None

    @property
    def empty(self) -> bool:
        """True when there is nothing but spaces."""
        return not self.text.strip()

    def plain(self) -> dict[str, Any]:
        """For JSON; only what is set."""
        result: dict[str, Any] = {"text": self.text}
        if self.number is not None:
            result["number"] = self.number
        if self.day is not None:
            result["day"] = self.day.isoformat()
        return result

    @classmethod
    def from_plain(cls, value: Mapping[str, Any] | None) -> Raw:
        """The inverse of ``plain``; None is an empty cell."""
        if value is None:
            return cls()
        day = value.get("day")
        return cls(value["text"], value.get("number"), datetime.date.fromisoformat(day) if day else None)


def raw_of(value: object) -> Raw:
    """A cell of a sheet (text, number, date, truth value or nothing) as Raw; texts longer than 500 are cut."""
    if value is None:
        return Raw()
    if isinstance(value, bool):
        return Raw("TRUE" if value else "FALSE")
    if isinstance(value, (int, float)):
        if isinstance(value, float) and not value.is_integer():
            return Raw(repr(value), value) if abs(value) < 1e300 else Raw(str(value))
        # A float of 16 digits and more is not exact any more; nothing that we read is that long.
        return Raw(str(int(value)), float(value)) if abs(value) < 1e16 else Raw(repr(value))
    if isinstance(value, datetime.datetime):
        return Raw(value.strftime("%d/%m/%Y"), day=value.date())
    if isinstance(value, datetime.date):
        return Raw(value.strftime("%d/%m/%Y"), day=value)
    return Raw(str(value)[:500])


@dataclass(frozen=True)
class Doubt:
    """Something wrong or unsure in the cell ``field``; ``code`` names its kind (see ``doubt_kinds``).

    ``proposal`` is a text which, put into the cell, ends the doubt. ``choices`` are (value, label) pairs to ask with.
    """

    field: str
    code: str
    params: Mapping[str, str] = dataclass_field(default_factory=dict)
    proposal: str | None = None
    choices: tuple[tuple[str, str], ...] = ()

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "field": self.field,
            "code": self.code,
            "params": dict(self.params),
            "proposal": self.proposal,
            "choices": [list(choice) for choice in self.choices],
        }

    @classmethod
    def from_plain(cls, value: Mapping[str, Any]) -> Doubt:
        """The inverse of ``plain``."""
        return cls(
            value["field"],
            value["code"],
            value["params"],
            value["proposal"],
            tuple((choice[0], choice[1]) for choice in value["choices"]),
        )


@dataclass(frozen=True)
class Reading(Generic[T]):
    """The value understood (as good as it can be had), the doubt about it, and whether its spelling was put right."""

    value: T
    doubt: Doubt | None = None
    tidied: bool = False
