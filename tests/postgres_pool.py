"""Migrated, empty PostgreSQL databases for tests, made once and emptied after each: making one costs more than most tests."""

from __future__ import annotations

from typing import Any

import psycopg

TEMPLATE = "hoithi_template"

#: What a test that leaves another schema behind has changed; its database is thrown away.
_SHAPE = """
SELECT (SELECT count(*) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'), count(DISTINCT c.oid),
       coalesce(sum(hashtext(c.relname || a.attname || a.atttypid || a.attnotnull)::bigint), 0),
       (SELECT count(*) FROM pg_trigger) + (SELECT count(*) FROM pg_proc) + (SELECT count(*) FROM pg_db_role_setting)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace
"""

_TABLES = """
SELECT format('%I', relname) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
"""

_USED = """
SELECT format('%I', sequencename) FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""

#: Milliseconds that a connection which a test has left open may take to go.
_PATIENCE = 5000


class PostgresPool:
    """The databases of one server; nobody else uses it."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._free: list[str] = []
        self._made = 0
        self._shape = self._shape_of(TEMPLATE)

    def take(self) -> str:
        """The name of a database as the migrations leave it."""
        if self._free:
            return self._free.pop()
        self._made += 1
        name = f"t{self._made}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return name

    def give_back(self, name: str) -> None:
        """Empty the database; where its shape is another one now, or somebody holds on to it, it is dropped."""
        try:
            with self._connect(name) as connection:
                self._empty(connection)
            clean = self._shape_of(name) == self._shape
        except psycopg.Error:
            clean = False
        if clean:
            self._free.append(name)
            return
        with self._connect() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _empty(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(
            "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
            (_PATIENCE,),
        )
        tables = [name for (name,) in connection.execute(_TABLES)]
        held = connection.execute("SELECT " + ", ".join(f"EXISTS (SELECT FROM {name})" for name in tables)).fetchone() or ()
        dirty = [name for name, is_held in zip(tables, held, strict=True) if is_held]
        # Rows that refer to one another and rows that nobody may delete go too; nothing is left for later rows to stand behind.
        connection.execute("SET session_replication_role = replica")
        for name in dirty:
            connection.execute(f"DELETE FROM {name}")
        if dirty:
            connection.execute("VACUUM " + ", ".join(dirty))
        for (sequence,) in connection.execute(_USED).fetchall():
            connection.execute(f"ALTER SEQUENCE {sequence} RESTART")

    def _shape_of(self, name: str) -> Any:
        with self._connect(name) as connection:
            return connection.execute(_SHAPE).fetchone()

    def _connect(self, name: str | None = None) -> psycopg.Connection[Any]:
        uri = self._server.get_uri(name) if name else self._server.get_uri()
        return psycopg.connect(uri, autocommit=True)
