"""``column IN (…)`` whose text is the same for one value and for five hundred, so that databases and drivers prepare it once.

SQLAlchemy's own has one parameter for each value: another statement for every count, to be made, parsed and planned anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Boolean, ColumnElement, String, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_encoder = msgspec.json.Encoder()


class _Among(FunctionElement[bool]):
    """The column and the parameter, a JSON list."""

    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """As it stands: SQLite uses no index for "(… IN …) = 1"."""
        return self


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """True where ``column``, of whole numbers or of text, is one of those in the parameter ``name``, made by ``listed``."""
    return _Among(column, bindparam(name, type_=Text))


def listed(values: Iterable[int] | Iterable[str]) -> str:
    """The value of the parameter of ``among``."""
    return _encoder.encode(list(values)).decode()


@compiles(_Among, "sqlite")
def _sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, given = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({given}))"  # noqa: S608 (both compiled by SQLAlchemy)


@compiles(_Among, "postgresql")
def _postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, given = (compiler.process(clause, **options) for clause in element.clauses)
    kind = "TEXT" if isinstance(next(iter(element.clauses)).type, String) else "BIGINT"
    return f"{column} = ANY (ARRAY(SELECT json_array_elements_text(CAST({given} AS JSON))::{kind}))"
