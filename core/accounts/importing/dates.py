"""Birth dates as lists write them, and as Excel turns them round. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from core.accounts.importing.cells import Doubt, Raw, Reading
from core.database.text import fold

#: Whole years between which a contestant's age needs no second look; Party members are admitted from 18 on.
YOUNGEST, OLDEST = 18, 100
#: Beyond this nobody lives.
IMPOSSIBLE_AGE = 120

_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_MONTHS = dict(jan=1, feb=2, mar=3, apr=4, may=5, jun=6, jul=7, aug=8, sep=9, oct=10, nov=11, dec=12)  # noqa: C408
_PLAIN = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", re.ASCII)
_PARTS = re.compile(r"^(\d{1,4})[/](\d{1,2})[/](\d{1,4})$")
_NAMED = re.compile(r"^(\d{1,2})[/ ]([a-z]{3})[a-z]*[/ ,]+(\d{2}|\d{4})$")
_MONTH_YEAR = re.compile(r"^(?:0{1,2}[/])?(\d{1,2})[/](\d{4})$")
_LIKE_DIGITS = str.maketrans({"o": "0", "l": "1", "i": "1"})


@dataclass(frozen=True)
class Birth:
    """``day`` is the whole date; ``year`` alone where no more was told."""

    day: date | None = None
    year: int | None = None


def read_birth(raw: Raw, today: date, date_1904: bool = False) -> Reading[Birth]:
    """The birth date, dd/mm/yyyy before every other order.

    ``today`` bounds ages; ``date_1904`` is the workbook's date system, for dates kept as bare numbers.
    Doubted with a proposal: month above 12 with day and month the wrong way round (date_turned), a year of two digits
    (date_short_year), Excel's number of a day (date_number), eight digits in a row (date_digits), only a year
    (date_year) or month and year (date_month), letters for digits (date_letters), the future with a year that would fit
    a hundred years earlier (date_future). Without: date_missing, date_no_day, date_unreadable, date_young, date_old.
    """
    if raw.empty:
        return Reading(Birth(), Doubt("birth", "date_missing"))
    if raw.day is not None:
        return _judged(raw.day, today)
    if raw.number is not None:
        return _from_number(raw, today, date_1904)
    return _from_text(raw.text, today)


def show_day(day: date) -> str:
    """15/03/1970"""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def whole_years(born: date, today: date) -> int:
    """Age on ``today``."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _judged(day: date, today: date, tidied: bool = False) -> Reading[Birth]:
    age = whole_years(day, today)
    doubt = None
    if day > today:
        earlier = _on(day.year - 100, day.month, day.day)
        fits = earlier is not None and YOUNGEST <= whole_years(earlier, today) <= OLDEST
        doubt = Doubt("birth", "date_future", proposal=show_day(earlier) if earlier and fits else None)
        return Reading(Birth(), doubt)
    if age > IMPOSSIBLE_AGE:
        return Reading(Birth(), Doubt("birth", "date_unreadable"))
    if age < YOUNGEST:
        doubt = Doubt("birth", "date_young", {"age": str(age)})
    elif age > OLDEST:
        doubt = Doubt("birth", "date_old", {"age": str(age)})
    return Reading(Birth(day, day.year), doubt, tidied)


def _on(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _proposing(code: str, day: date | None, today: date, params: dict[str, str] | None = None) -> Reading[Birth]:
    """The doubt ``code`` whose proposal is ``day`` where that is a likely birthday, else date_unreadable."""
    if day is None or day > today or not YOUNGEST <= whole_years(day, today) <= OLDEST:
        return Reading(Birth(), Doubt("birth", "date_unreadable"))
    return Reading(Birth(), Doubt("birth", code, params or {}, show_day(day)))


def _from_number(raw: Raw, today: date, date_1904: bool) -> Reading[Birth]:
    number = raw.number or 0.0
    if not number.is_integer():
        return Reading(Birth(), Doubt("birth", "date_unreadable"))
    if 1850 <= number <= today.year + 1:
        return _year_only(int(number), today)
    if 1_000_000 <= number <= 31_129_999:
        return _digits(f"{int(number):08}", today)
    if 0 < number < 100_000:
        return _proposing("date_number", _EPOCHS[date_1904] + timedelta(days=int(number)), today)
    return Reading(Birth(), Doubt("birth", "date_unreadable"))


def _year_only(year: int, today: date) -> Reading[Birth]:
    first = _on(year, 1, 1)
    if first is None or first > today or whole_years(first, today) > IMPOSSIBLE_AGE:
        return Reading(Birth(), Doubt("birth", "date_unreadable"))
    return Reading(Birth(None, year), Doubt("birth", "date_year", {"year": str(year)}, show_day(first)))


def _digits(text: str, today: date) -> Reading[Birth]:
    day = _on(int(text[4:]), int(text[2:4]), int(text[:2]))
    return _proposing("date_digits", day, today)


def _from_text(text: str, today: date) -> Reading[Birth]:
    plain = _PLAIN.fullmatch(text)  # nearly every cell
    found = _on(int(plain[3]), int(plain[2]), int(plain[1])) if plain else None
    if found is not None:
        return _judged(found, today, tidied=show_day(found) != text)
    folded = re.sub(r"[ t]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$", "", fold(text)).strip(" .,;/-'")
    slashed = re.sub(r"\s*(?:ngay|thang|nam|[-./\\,–—])\s*", "/", folded)
    slashed = re.sub(r"/+", "/", slashed).strip("/ ")
    if re.fullmatch(r"\d{1,2} \d{1,2} \d{4}", slashed):
        slashed = slashed.replace(" ", "/")
    if re.fullmatch(r"\d{4}", slashed):
        return _year_only(int(slashed), today)
    if re.fullmatch(r"\d{7,8}", slashed):
        return _digits(slashed.zfill(8), today)
    reading = _from_parts(slashed, text, today) or _from_month(slashed, today)
    if reading is not None:
        return reading
    translated = slashed.translate(_LIKE_DIGITS)
    if translated != slashed and re.search(r"\d", slashed):
        retried = _from_parts(translated, text, today)
        if retried is not None and retried.value.day is not None:
            return _proposing("date_letters", retried.value.day, today)
    return Reading(Birth(), Doubt("birth", "date_unreadable"))


def _from_month(text: str, today: date) -> Reading[Birth] | None:
    match = _MONTH_YEAR.match(text) or re.match(r"^0{1,2}/(0{1,2})/(\d{4})$", text)
    if match is None:
        return None
    month, year = int(match[1]), int(match[2])
    if month == 0:
        return _year_only(year, today)
    reading = _proposing("date_month", _on(year, month, 1), today)
    return Reading(Birth(None, year), reading.doubt)


def _from_parts(text: str, original: str, today: date) -> Reading[Birth] | None:
    named = _NAMED.match(text)
    if named and named[2] in _MONTHS:
        text = f"{named[1]}/{_MONTHS[named[2]]}/{named[3]}"
    match = _PARTS.match(text)
    if match is None:
        return None
    first, middle, last = match[1], int(match[2]), match[3]
    if len(first) == 4 and len(last) <= 2:  # 1962-04-12
        first, last = last, first
    if len(first) > 2 or len(last) == 3 or len(last) == 1:
        return None
    day, month, year = int(first), middle, int(last)
    if len(last) == 4 and day == 0:
        return None
    if len(last) == 2:
        year += 1900 if year > (today.year - YOUNGEST) % 100 or today.year < 2000 else 2000
        turned = day if month > 12 >= day else None
        found = _on(year, turned, month) if turned else _on(year, month, day)
        return _proposing("date_short_year", found, today)
    if month > 12 >= day:
        turned_day = _on(year, day, month)
        if turned_day is None:
            return Reading(Birth(), Doubt("birth", "date_unreadable"))
        return _proposing("date_turned", turned_day, today, {"month": str(month)})
    found = _on(year, month, day)
    if found is None:
        return Reading(Birth(), Doubt("birth", "date_no_day", {"day": f"{day:02}/{month:02}/{year}"}))
    return _judged(found, today, tidied=show_day(found) != original)
