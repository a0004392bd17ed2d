"""Many rows in one statement, with no work for each of them in Python.

Core's own ``executemany`` looks at every value of every row; where thousands of rows come a second that is dearer than the
database's work. Here the statement is Core's, and the rows go to the driver as they are: on SQLite as tuples, on PostgreSQL
as one JSON document that the statement takes apart (a row each would be a message each).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import JSON, TypeEngine

_encoder = msgspec.json.Encoder()


def insert_plain(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]], *, new_only: bool = False
) -> int:
    """Insert ``rows`` into ``columns`` of ``table``, values as they are stored (times in microseconds, JSON as text, decimals
    as text); returns how many rows were inserted.

    With ``new_only`` a row is left out where a unique key of it stands already; on PostgreSQL give rows in the order of their
    keys then, as every process does. Defaults of the models are not applied.
    """
    if not rows:
        return 0
    if connection.dialect.name == "sqlite":
        return connection.exec_driver_sql(_sqlite_text(connection.dialect, table, columns, new_only), list(rows)).rowcount
    return connection.execute(_from_json(table, columns, new_only), {"rows": _encoder.encode(rows).decode()}).rowcount


@lru_cache(maxsize=64)
def _sqlite_text(dialect: Dialect, table: Table, columns: tuple[str, ...], new_only: bool) -> str:
    statement = sqlite.insert(table).values({name: bindparam(name) for name in columns})
    compiled = (statement.on_conflict_do_nothing() if new_only else statement).compile(dialect=dialect)
    if tuple(compiled.positiontup or ()) != columns:
        raise ValueError(f"columns of {table.name} not in the table's order")
    return str(compiled)


@lru_cache(maxsize=64)
def _from_json(table: Table, columns: tuple[str, ...], new_only: bool) -> Any:
    row = func.json_array_elements(cast(bindparam("rows", type_=Text), JSON)).table_valued("value").c.value
    values = [_value(row, number, table.c[name].type) for number, name in enumerate(columns)]
    statement = postgresql.insert(table).from_select(list(columns), select(*values), include_defaults=False)
    statement = statement.on_conflict_do_nothing() if new_only else statement
    return statement.execution_options(preserve_rowcount=True)


def _value(row: ColumnElement[Any], number: int, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    text = row.op("->>")(number)
    stored = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return cast(text, stored) if isinstance(stored, (Integer, Boolean)) else text
