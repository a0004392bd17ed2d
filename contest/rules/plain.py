"""How a rules document is turned into plain values (those of JSON) and back.

Each field of a rules dataclass carries, in its metadata, the *form* of its plain value: a whole number with
bounds, a text, one of several words, a list of records and so on. One declaration serves reading, writing and
checking, so that a new rule is one new field.

Reading complains only about the form ("not a whole number"); bounds are complained of by `checking.py`,
because a draft with a wrong number in it must still be a document that can be stored, shown and put right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from decimal import Decimal
from typing import Any, Protocol

_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a rules document: where (`rounds[0].minutes`), and what, in Vietnamese."""

    path: str
    message: str
    line: int | None = None
    """The line of the YAML file, counted from 1, where the document was read from one."""

    def __str__(self) -> str:
        where = [f"dòng {self.line}"] if self.line is not None else []
        where += [self.path] if self.path else []
        return ": ".join([", ".join(where), self.message] if where else [self.message])


class RulesError(ValueError):
    """The document does not have the form of rules. Names every fault found, not only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)))


class Form(Protocol):
    """The form of one plain value."""

    def read(self, value: object, path: str, faults: list[Fault]) -> Any:
        """The value that `value` stands for; on a wrong form a fault is added and a stand-in comes back."""

    def write(self, value: Any) -> object:
        """The plain value, made of dict, list, str, int, bool and None only."""

    def bounds(self, value: Any, path: str) -> Iterator[Fault]:
        """What is out of bounds in a value of the right form."""


def exact_plain(value: Decimal) -> int | str:
    """A mark as the documents write it: a whole one as a number, another as an exact decimal text
    ("7.25")."""
    if value == value.to_integral_value():
        return int(value)
    return format(value.normalize(), "f")


def vietnamese_number(value: Decimal | int) -> str:
    """A number as Vietnamese writes it, with a decimal comma: 0,5."""
    return str(exact_plain(Decimal(value))).replace(".", ",")


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`."""

    low: int
    high: int

    def read(self, value: object, path: str, faults: list[Fault]) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
            return int(value)
        faults.append(Fault(path, "phải là một số nguyên"))
        return self.low

    def write(self, value: int) -> int:
        return value

    def bounds(self, value: int, path: str) -> Iterator[Fault]:
        if not self.low <= value <= self.high:
            yield Fault(path, f"phải từ {self.low} đến {self.high}, đang là {value}")


@dataclass(frozen=True, slots=True)
class Exact:
    """An exact decimal number from `low` to `high` with at most `places` decimals."""

    low: Decimal
    high: Decimal
    places: int

    def read(self, value: object, path: str, faults: list[Fault]) -> Decimal:
        if isinstance(value, Decimal) and value.is_finite():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            return Decimal(value)
        faults.append(Fault(path, 'phải là một số (số lẻ viết trong dấu nháy, ví dụ "0.5")'))
        return self.low

    def write(self, value: Decimal) -> int | str:
        return exact_plain(value)

    def bounds(self, value: Decimal, path: str) -> Iterator[Fault]:
        if not self.low <= value <= self.high:
            low, high = vietnamese_number(self.low), vietnamese_number(self.high)
            yield Fault(path, f"phải từ {low} đến {high}, đang là {vietnamese_number(value)}")
        elif value != round(value, self.places):
            yield Fault(path, f"chỉ được có tối đa {self.places} chữ số thập phân")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of at most `longest` characters; `required`: it may not be blank."""

    longest: int
    required: bool = False

    def read(self, value: object, path: str, faults: list[Fault]) -> str:
        if isinstance(value, str):
            return value
        faults.append(Fault(path, "phải là chữ"))
        return ""

    def write(self, value: str) -> str:
        return value

    def bounds(self, value: str, path: str) -> Iterator[Fault]:
        if self.required and not value.strip():
            yield Fault(path, "chưa ghi")
        if len(value) > self.longest:
            yield Fault(path, f"dài quá {self.longest} ký tự")


@dataclass(frozen=True, slots=True)
class MaybeText:
    """A text, or nothing (null) where the field matches anything."""

    longest: int

    def read(self, value: object, path: str, faults: list[Fault]) -> str | None:
        if value is None or isinstance(value, str):
            return value or None
        faults.append(Fault(path, "phải là chữ hoặc để trống"))
        return None

    def write(self, value: str | None) -> str | None:
        return value

    def bounds(self, value: str | None, path: str) -> Iterator[Fault]:
        if value is not None and len(value) > self.longest:
            yield Fault(path, f"dài quá {self.longest} ký tự")


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def read(self, value: object, path: str, faults: list[Fault]) -> bool:
        if isinstance(value, bool):
            return value
        faults.append(Fault(path, "phải là true hoặc false"))
        return False

    def write(self, value: bool) -> bool:
        return value

    def bounds(self, value: bool, path: str) -> Iterator[Fault]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words; the mapping gives each word's meaning in Vietnamese."""

    options: Mapping[str, str]

    def read(self, value: object, path: str, faults: list[Fault]) -> str:
        if isinstance(value, str) and value in self.options:
            return value
        faults.append(Fault(path, f"chỉ nhận một trong: {', '.join(self.options)}"))
        return next(iter(self.options))

    def write(self, value: str) -> str:
        return value

    def bounds(self, value: str, path: str) -> Iterator[Fault]:
        if value not in self.options:
            yield Fault(path, f"chỉ nhận một trong: {', '.join(self.options)}")


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values of one form."""

    item: Form

    def read(self, value: object, path: str, faults: list[Fault]) -> tuple[Any, ...]:
        if isinstance(value, (list, tuple)):
            return tuple(self.item.read(one, f"{path}[{at}]", faults) for at, one in enumerate(value))
        faults.append(Fault(path, "phải là một danh sách"))
        return ()

    def write(self, value: Sequence[Any]) -> list[object]:
        return [self.item.write(one) for one in value]

    def bounds(self, value: Sequence[Any], path: str) -> Iterator[Fault]:
        for at, one in enumerate(value):
            yield from self.item.bounds(one, f"{path}[{at}]")


@dataclass(frozen=True, slots=True)
class Record:
    """A dataclass whose fields are declared with forms; written with every field, read with the defaults."""

    of: type[Any]

    def read(self, value: object, path: str, faults: list[Fault]) -> Any:
        return self.of(**read_fields(self.of, value, path, faults))

    def write(self, value: Any) -> dict[str, object]:
        return {one.name: form_of(one).write(getattr(value, one.name)) for one in fields(value)}

    def bounds(self, value: Any, path: str) -> Iterator[Fault]:
        for one in fields(value):
            yield from form_of(one).bounds(getattr(value, one.name), joined(path, one.name))


def formed(form: Form) -> dict[str, Form]:
    """Metadata for `dataclasses.field`: the form of the field's plain value."""
    return {"form": form}


def form_of(one: Field[Any]) -> Form:
    """The form declared for a dataclass's field."""
    form: Form = one.metadata["form"]
    return form


def joined(path: str, name: str) -> str:
    """The path of a named value inside the one at `path`."""
    return f"{path}.{name}" if path else name


def read_fields(of: type[Any], value: object, path: str, faults: list[Fault],
                beside: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The arguments that make `of` from a plain mapping; names in `beside` are another reader's business."""
    known = {one.name: one for one in fields(of)}
    if not isinstance(value, Mapping):
        faults.append(Fault(path, f"phải là một nhóm mục ({', '.join([*sorted(beside), *known])})"))
        value = {}
        faults_of_missing: list[Fault] = []
    else:
        faults_of_missing = faults
        for name in value:
            if name not in known and name not in beside:
                faults.append(Fault(joined(path, str(name)), "không có mục này trong thể lệ"))
    found: dict[str, Any] = {}
    for name, one in known.items():
        if name in value:
            found[name] = form_of(one).read(value[name], joined(path, name), faults)
        elif one.default is MISSING and one.default_factory is MISSING:
            faults_of_missing.append(Fault(joined(path, name), "chưa ghi"))
            found[name] = form_of(one).read(None, "", [])
    return found
