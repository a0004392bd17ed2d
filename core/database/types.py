"""Column types on which both engines agree."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Dialect, String, Text
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC date-time, stored as whole microseconds since 1970 in one integer.

    An integer sorts and compares alike on both engines and loses nothing; naive date-times are refused.
    """

    impl = BigInteger
    cache_ok = True
    _EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        return to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_microseconds(value)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_microseconds(moment: datetime) -> int:
    """Whole microseconds from 1970 to ``moment``. Raises ValueError for a naive date-time."""
    if moment.tzinfo is None:
        raise ValueError("a date-time without time zone")
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_microseconds(value: int) -> datetime:
    """The aware UTC moment ``value`` microseconds after 1970."""
    seconds, microseconds = divmod(value, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


def decimal_text(value: Decimal) -> str:
    """A decimal as ``ExactDecimal`` keeps it."""
    return format(value, "f")


class ExactDecimal(TypeDecorator[Decimal]):
    """An exact decimal kept as text: SQLite has no decimals and would store a float."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else decimal_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def sort_key_column(length: int) -> String:
    """A column of sort keys: compared byte by byte on both engines, whatever a PostgreSQL cluster's own order is."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


_json_encoder = msgspec.json.Encoder(order="sorted")
_json_decoder = msgspec.json.Decoder()


def json_text(value: Any) -> str:
    """A JSON document as ``JsonText`` keeps it."""
    return _json_encoder.encode(value).decode()


class JsonText(TypeDecorator[Any]):
    """A JSON document kept as text, so that what was stored is what is read, byte for byte, on both engines."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else _json_decoder.decode(value)
