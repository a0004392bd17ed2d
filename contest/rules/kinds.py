"""Registries of the kinds of things that rules are made of: criteria of ranking, parts of a round.

A kind is one file with one frozen dataclass that names itself (`kind`) and is registered where it is defined;
the package imports its own files, so nothing else has to be edited to add one.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from contest.rules.plain import Fault, Record, joined, read_fields

K = TypeVar("K")


class Kinds(Generic[K]):
    """The registered kinds of one sort. `tag` is the key under which a plain value names its kind."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self._kinds: dict[str, type[K]] = {}

    def register(self, of: type[K]) -> type[K]:
        """Class decorator: adds a kind. Raises ValueError where two kinds would bear one name."""
        kind: str = of.kind  # type: ignore[attr-defined]
        if kind in self._kinds:
            raise ValueError(f"two kinds named {kind!r}")
        self._kinds[kind] = of
        return of

    def __iter__(self) -> Iterator[type[K]]:
        return iter(self._kinds.values())

    def __getitem__(self, kind: str) -> type[K]:
        return self._kinds[kind]

    def names(self) -> list[str]:
        """The names of all kinds, in order of registration."""
        return list(self._kinds)

    # A registry is also the form of a plain value, see plain.Form: {"kind": "quiz", …}, or just "quiz" where
    # nothing else has to be said.

    def read(self, value: object, path: str, faults: list[Fault]) -> Any:
        if isinstance(value, str):
            value = {self.tag: value}
        kind = value.get(self.tag) if isinstance(value, Mapping) else None
        of = self._kinds.get(kind) if isinstance(kind, str) else None
        if of is None:
            where = joined(path, self.tag) if isinstance(value, Mapping) else path
            faults.append(Fault(where, f"chỉ nhận một trong: {', '.join(self._kinds)}"))
            return None
        return of(**read_fields(of, value, path, faults, beside=frozenset({self.tag})))

    def write(self, value: Any) -> dict[str, object]:
        return {self.tag: value.kind, **Record(type(value)).write(value)}

    def bounds(self, value: Any, path: str) -> Iterator[Fault]:
        return Record(type(value)).bounds(value, path)


def import_all(package: str, path: Iterable[str]) -> None:
    """Imports every module of a package, so that each can register what it defines."""
    for module in pkgutil.iter_modules(path):
        importlib.import_module(f"{package}.{module.name}")
