"""The migrations make exactly the schema that the models describe, on both engines."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from core.database import Model, db


def test_migrations_and_models_agree(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Model.metadata)
    # Types of our own are what they are in the database; only what is really another shows here.
    assert [d for d in differences if not _same_type(d)] == []


def _same_type(difference: object) -> bool:
    """True for a column whose type is only written otherwise (BigInteger for our date-times, and so on)."""

    def bare(kind: object) -> str:
        return str(getattr(kind, "impl", kind)).partition("(")[0]

    entries = difference if isinstance(difference, list) else [difference]
    return all(isinstance(e, tuple) and e[0] == "modify_type" and bare(e[5]) == bare(e[6]) for e in entries)


def test_every_foreign_key_is_there(app: Flask) -> None:
    found = inspect(db.engine)
    for table in Model.metadata.tables.values():
        wanted = {(tuple(fk.column_keys), fk.referred_table.name) for fk in table.foreign_key_constraints}
        there = {(tuple(fk["constrained_columns"]), fk["referred_table"]) for fk in found.get_foreign_keys(table.name)}
        assert there == wanted, table.name
