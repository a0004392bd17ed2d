"""Telephone numbers get back what Excel took, where the file still holds it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.importing.cells import Raw, raw_of
from core.accounts.importing.phones import is_phone, read_phone, show_phone


def read(value: object) -> tuple[str, str | None, str | None]:
    reading = read_phone(raw_of(value))
    return reading.value, *((reading.doubt.code, reading.doubt.proposal) if reading.doubt else (None, None))


@pytest.mark.parametrize(
    "text",
    ["0912000097", "0912 000 097", "0912.000.097", "0912-000-097", "+84 912 000 097", "84912000097", "(+84)912000097"],
)
def test_every_way_of_writing_a_number_gives_the_same_digits(text: str) -> None:
    assert read(text) == ("0912000097", None, None)


def test_fixed_lines_have_ten_or_eleven_digits() -> None:
    assert read("024 3861 2345") == ("02438612345", None, None)


def test_a_number_that_excel_made_gets_its_zero_back_when_all_digits_are_there() -> None:
    assert read(912000097.0) == ("", "phone_number", "0912000097")
    assert read(84912000097.0) == ("", "phone_number", "0912000097")
    assert read(2438612345.0) == ("", "phone_number", "02438612345")


def test_a_number_that_lost_digits_gets_no_proposal() -> None:
    assert read("9.12E+08") == ("", "phone_lost", None)
    assert read("9,12E+08") == ("", "phone_lost", None)
    assert read(912000000.0) == ("", "phone_lost", None)


def test_a_missing_zero_an_old_beginning_two_numbers_and_letters_are_asked_about() -> None:
    assert read("912000097") == ("", "phone_no_zero", "0912000097")
    assert read("01682345678") == ("", "phone_old", "0382345678")
    assert read("0912000097 / 0987654321") == ("", "phone_two", "0912000097")
    assert read("O912OOOO97") == ("", "phone_letters", "0912000097")
    assert read("0912000097 (Zalo)")[0] == ""


@pytest.mark.parametrize("value", ["12345", "không có", "0912 000 0971", 12.5, True, -912000097.0, "+1 202 555 0123"])
def test_anything_else_is_wrong_and_nothing_is_invented(value: object) -> None:
    assert read(value) == ("", "phone_wrong", None)


def test_no_number_is_no_doubt() -> None:
    assert read(None) == ("", None, None)


@given(st.from_regex(r"\A0[35789][0-9]{8}\Z"))
def test_a_mobile_number_survives_excel_unless_it_ends_in_many_zeros(digits: str) -> None:
    value, code, proposal = read(float(digits))
    assert value == ""
    assert proposal == digits or code == "phone_lost"


@given(st.one_of(st.text(max_size=30), st.from_regex(r"[0-9 ./+\-OE]{1,16}"), st.floats(), st.integers()))
def test_no_cell_breaks_the_reader_and_every_proposal_ends_the_doubt(value: object) -> None:
    reading = read_phone(raw_of(value))
    assert reading.value == "" or is_phone(reading.value)
    if reading.doubt is not None and reading.doubt.proposal is not None:
        again = read_phone(Raw(reading.doubt.proposal))
        assert again.doubt is None
        assert again.value == reading.doubt.proposal


def test_numbers_are_shown_in_groups() -> None:
    assert show_phone("0912000097") == "0912 000 097"
    assert show_phone("123") == "123"
