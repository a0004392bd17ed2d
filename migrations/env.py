"""Alembic's environment: the schema of the current app, on either engine."""

from __future__ import annotations

from typing import Literal

from alembic import context
from flask import current_app

from core.database import ExactDecimal, JsonText, Model, UtcDateTime, db

config = context.config


def _include(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """Tables of the job library live beside ours on PostgreSQL and are not ours to migrate."""
    return not (kind == "table" and name is not None and name.startswith("dbos"))


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Our own column types as what they are in the database, so that migrations need nothing of the application."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.BigInteger()"
    if isinstance(item, ExactDecimal):
        return "sa.String(length=32)"
    return "sa.Text()" if isinstance(item, JsonText) else False


def run_migrations() -> None:
    """Migrate over one connection; on PostgreSQL one process at a time."""
    engine = db.engine
    with engine.connect().execution_options(writes=True) as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_lock(7240912)")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            include_object=_include,
            render_item=_render,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_unlock(7240912)")
            connection.commit()


run_migrations()
