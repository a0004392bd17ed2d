"""The one database: models' base, units of work, the group-commit writer, time, ids and Vietnamese text."""

from core.database.engine import DATABASE_AWAY, Model, db, engine_options, prepare_engine, table_of
from core.database.engine_cache import EngineCache
from core.database.ids import public_id
from core.database.text import canonical, fold, name_sort_key, sort_key
from core.database.types import (
    ExactDecimal,
    JsonText,
    UtcDateTime,
    from_microseconds,
    sort_key_column,
    to_microseconds,
)
from core.database.work import NestedWork, after_commit, unit_of_work

__all__ = [
    "DATABASE_AWAY",
    "EngineCache",
    "ExactDecimal",
    "JsonText",
    "Model",
    "NestedWork",
    "UtcDateTime",
    "after_commit",
    "canonical",
    "db",
    "engine_options",
    "fold",
    "from_microseconds",
    "name_sort_key",
    "prepare_engine",
    "public_id",
    "sort_key",
    "sort_key_column",
    "table_of",
    "to_microseconds",
    "unit_of_work",
]
