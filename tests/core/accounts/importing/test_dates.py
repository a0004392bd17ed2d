"""Birth dates are read as people here write them; what Excel or haste turned round is asked about, never guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.importing.cells import Raw, raw_of
from core.accounts.importing.dates import Birth, read_birth, show_day

TODAY = date(2026, 11, 24)
LIKELY = st.dates(date(1930, 1, 1), date(2005, 12, 31))


def read(value: object, **how: bool) -> tuple[date | None, str | None, str | None]:
    reading = read_birth(raw_of(value), TODAY, **how)
    doubt = reading.doubt
    return reading.value.day, doubt.code if doubt else None, doubt.proposal if doubt else None


@pytest.mark.parametrize(
    "text",
    [
        "12/04/1962",
        "12-4-1962",
        "12.04.1962",
        " 12 / 4 / 1962 ",
        "ngày 12 tháng 4 năm 1962",
        "12 tháng 04, năm 1962",
        "1962-04-12",
        "1962-04-12 00:00:00",
        "12\\4\\1962",
        "12-Apr-1962",
        "'12/04/1962",
        "12/04/1962.",
        "12 04 1962",
    ],
)
def test_every_way_of_writing_a_day_gives_the_same_day(text: str) -> None:
    assert read(text) == (date(1962, 4, 12), None, None)


def test_an_excel_date_is_taken_as_it_is() -> None:
    assert read(date(1962, 4, 12)) == (date(1962, 4, 12), None, None)


def test_a_month_above_twelve_means_day_and_month_were_turned() -> None:
    assert read("03/15/1970") == (None, "date_turned", "15/03/1970")


def test_a_day_that_no_calendar_has_gets_no_proposal() -> None:
    assert read("31/02/1960") == (None, "date_no_day", None)
    assert read("45/15/1960") == (None, "date_no_day", None)


@pytest.mark.parametrize(
    ("text", "proposal"), [("12/04/62", "12/04/1962"), ("1-1-08", "01/01/2008"), ("03/15/70", "15/03/1970")]
)
def test_a_year_of_two_digits_is_asked_about(text: str, proposal: str) -> None:
    assert read(text) == (None, "date_short_year", proposal)


def test_excels_bare_number_of_a_day_follows_the_workbooks_date_system() -> None:
    assert read(22748.0) == (None, "date_number", "12/04/1962")
    assert read(22748.0 - 1462, date_1904=True) == (None, "date_number", "12/04/1962")


def test_eight_digits_are_day_month_year_and_a_lost_zero_comes_back() -> None:
    assert read("05031962") == (None, "date_digits", "05/03/1962")
    assert read(5031962.0) == (None, "date_digits", "05/03/1962")


@pytest.mark.parametrize("value", ["1962", 1962.0, "00/00/1962", "năm 1962"])
def test_a_year_alone_is_kept_and_asked_about(value: object) -> None:
    reading = read_birth(raw_of(value), TODAY)
    assert reading.value == Birth(None, 1962)
    assert reading.doubt is not None
    assert (reading.doubt.code, reading.doubt.proposal) == ("date_year", "01/01/1962")


def test_month_and_year_are_asked_about() -> None:
    assert read("04/1962") == (None, "date_month", "01/04/1962")
    assert read("00/04/1962") == (None, "date_month", "01/04/1962")


def test_the_future_is_an_error_and_a_century_too_much_is_noticed() -> None:
    assert read("12/04/2062") == (None, "date_future", "12/04/1962")
    assert read("25/11/2126") == (None, "date_future", None)


def test_ages_that_need_a_second_look() -> None:
    assert read("24/11/2008") == (date(2008, 11, 24), None, None)
    assert read("25/11/2008") == (date(2008, 11, 25), "date_young", None)
    assert read("01/01/1920") == (date(1920, 1, 1), "date_old", None)
    assert read("01/01/1820") == (None, "date_unreadable", None)


def test_letters_typed_for_digits() -> None:
    assert read("O5/O3/1962") == (None, "date_letters", "05/03/1962")


@pytest.mark.parametrize("value", ["không rõ", "12/04", "12/04/962", True, 0.5, -3.0, 123456.0, "1/2/3/4", "=1+1"])
def test_anything_else_is_said_to_be_unreadable(value: object) -> None:
    assert read(value) == (None, "date_unreadable", None)


def test_an_empty_cell_is_missing() -> None:
    assert read(None) == (None, "date_missing", None)
    assert read(" \u00a0 ") == (None, "date_missing", None)


@given(LIKELY)
def test_what_is_shown_is_read_back(day: date) -> None:
    assert read(show_day(day)) == (day, None, None)


@given(LIKELY, st.booleans())
def test_the_number_of_a_day_leads_back_to_it_in_both_systems(day: date, system_1904: bool) -> None:
    start = date(1904, 1, 1) if system_1904 else date(1899, 12, 30)
    number = float((day - start).days)
    if 1850 <= number <= 2027:
        return  # reads as a year
    assert read(number, date_1904=system_1904)[2] == show_day(day)


@given(st.one_of(st.text(max_size=30), st.from_regex(r"[0-9OolI/.\- ]{1,12}"), st.floats(), st.integers()))
def test_no_cell_breaks_the_reader_and_every_proposal_ends_the_doubt(value: object) -> None:
    reading = read_birth(raw_of(value), TODAY)
    if reading.doubt is not None and reading.doubt.proposal is not None:
        again = read_birth(Raw(reading.doubt.proposal), TODAY)
        assert again.value.day is not None
        assert again.doubt is None or again.doubt.code in ("date_young", "date_old")


@given(LIKELY, st.integers(1, 40))
def test_a_birth_on_a_later_day_is_never_accepted(day: date, days: int) -> None:
    later = TODAY + timedelta(days=days)
    assert read(show_day(later))[0] is None
