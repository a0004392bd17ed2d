"""``column IN (…)`` whose text is the same for one number and for five hundred, so that databases and drivers prepare it once.

SQLAlchemy's own writes a placeholder a number: another statement for every count, to be made, parsed and planned anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Boolean, ColumnElement, Text, bindparam
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
    """True where ``column`` is one of the whole numbers in the parameter ``name``, which is made by ``numbers``."""
    return _Among(column, bindparam(name, type_=Text))


def numbers(values: Iterable[int]) -> str:
    """The value of the parameter of ``among``."""
    return _encoder.encode(list(values)).decode()


@compiles(_Among, "sqlite")
def _sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, given = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({given}))"  # noqa: S608 (both compiled by SQLAlchemy)


@compiles(_Among, "postgresql")
def _postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, given = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY (ARRAY(SELECT json_array_elements_text(CAST({given} AS JSON))::BIGINT))"
