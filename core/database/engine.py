"""The one ``db``: typed models, SQLite and PostgreSQL set up alike.

SQLite runs in WAL with ``synchronous=FULL`` (what was committed is on disk). A transaction that will write begins with
``BEGIN IMMEDIATE``: a deferred one that turns to writing fails at once when another writes, whatever the time-out. The
intention travels as the execution option ``writes`` of the connection (see ``unit_of_work``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, Table, event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

#: Milliseconds that a SQLite connection waits for the write lock before it gives up.
BUSY_TIMEOUT_MS = 10_000


#: KiB of pages that one SQLite connection keeps. There are as many connections as threads: the system's own cache, which they
#: share, is the larger one.
CACHE_KIB = 4_000

#: What is raised while the database is away, locked or full: nobody's mistake, try again later.
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)


class Base(DeclarativeBase):
    """Declarative base of every table."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def table_of(model: type[Base]) -> Table:
    """The table of ``model``, for statements in SQLAlchemy Core."""
    return cast(Table, model.__table__)


def engine_options(url: str) -> dict[str, Any]:
    """Options for ``create_engine`` that suit the engine behind ``url``."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000}, "pool_size": 16, "max_overflow": 64}
    return {"pool_size": 16, "max_overflow": 32, "pool_pre_ping": True}


def prepare_engine(engine: Engine) -> None:
    """Give every connection of ``engine`` the pragmas and the transactions described above. PostgreSQL needs none."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _set_pragmas(dbapi_connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: "begin" below does.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute(f"PRAGMA cache_size={-CACHE_KIB}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("single_reads", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN")


def single_reads(engine: Engine) -> Engine:
    """An engine over the same connections for statements that read and stand alone: no BEGIN before and no ROLLBACK after
    each, which cost as much as the statement."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(single_reads=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")
