"""Alembic's environment: the schema of the current app, on either engine."""

from __future__ import annotations

from alembic import context
from flask import current_app

from core.database import Model, db

config = context.config


def _include(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """Tables of the job library live beside ours on PostgreSQL and are not ours to migrate."""
    return not (kind == "table" and name is not None and name.startswith("dbos"))


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
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_unlock(7240912)")
            connection.commit()


run_migrations()
