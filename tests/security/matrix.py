"""Reads ``matrix.txt``: what is expected of each route for each role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from tests.security.house import ROLES

FILE = Path(__file__).with_name("matrix.txt")
LETTERS = "+ST-0"


@dataclass(frozen=True)
class Row:
    """One line of the matrix."""

    line: int
    method: str
    rule: str
    objects: tuple[str, ...]
    letters: str
    form: tuple[tuple[str, str], ...]

    @property
    def route(self) -> tuple[str, str]:
        """Method and rule: what the row is about."""
        return self.method, self.rule

    def __str__(self) -> str:
        return f"{self.method} {self.rule} {','.join(self.objects) or '.'}"


def rows(text: str | None = None) -> list[Row]:
    """Every row, in the file's order. Raises ValueError for a line that is none."""
    return list(_rows(FILE.read_text() if text is None else text))


def _rows(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        method, rule, objects, letters, *form = re.split(r" {2,}", line.strip())
        found = letters.replace(" ", "")
        if len(found) != len(ROLES) or set(found) - set(LETTERS) or len(form) > 1:
            raise ValueError(f"matrix.txt, line {number}: {line}")
        named = () if objects == "." else tuple(objects.split(","))
        fields = tuple(tuple(pair.split("=", 1)) for pair in (form[0].split() if form else ()))
        yield Row(number, method, rule, named, found, fields)  # type: ignore[arg-type]


def routes_of(app: Flask) -> set[tuple[str, str]]:
    """(method, rule) of everything that the server answers: the full app and the bare ones under their prefixes."""
    apps = [("", app), *app.extensions["bare_apps"].items()]
    return {
        (method, prefix + rule.rule)
        for prefix, one in apps
        for rule in one.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
