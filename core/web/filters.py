"""How dates, times, numbers and marks look on screens. Times are UTC inside and Hanoi's on the screen."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import Flask

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def show_date(value: date | datetime | None) -> str:
    """24/11/2026"""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(HANOI)
    return value.strftime("%d/%m/%Y")


def show_clock(value: datetime | None) -> str:
    """08:00"""
    return "" if value is None else value.astimezone(HANOI).strftime("%H:%M")


def show_clock_seconds(value: datetime | None) -> str:
    """08:00:05"""
    return "" if value is None else value.astimezone(HANOI).strftime("%H:%M:%S")


def show_moment(value: datetime | None) -> str:
    """08:00, 24/11/2026"""
    return "" if value is None else value.astimezone(HANOI).strftime("%H:%M, %d/%m/%Y")


def show_number(value: int | float | Decimal | str | None) -> str:
    """1.234,5: points between thousands, a comma before decimals, no zeros at the end."""
    if value is None or value == "":
        return ""
    exact = Decimal(str(value))
    text = format(exact, "f")
    whole, _dot, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}".replace(",", ".")
    return f"{sign}{grouped},{decimals}" if decimals else f"{sign}{grouped}"


def show_duration(seconds: int | None) -> str:
    """14:52, or 1:04:05 from an hour on."""
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours}:{minutes_left:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def show_percent(part: int | float, whole: int | float) -> str:
    """81 % (rounded to whole per cent; 0 % of nothing)"""
    return f"{round(100 * part / whole) if whole else 0} %"


def init_filters(app: Flask) -> None:
    """Make the filters known to templates."""
    app.add_template_filter(show_date, "date")
    app.add_template_filter(show_clock, "clock")
    app.add_template_filter(show_clock_seconds, "clock_seconds")
    app.add_template_filter(show_moment, "moment")
    app.add_template_filter(show_number, "number")
    app.add_template_filter(show_duration, "duration")
    app.add_template_global(show_percent, "percent")
