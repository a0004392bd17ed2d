"""The code on a slip: sixteen digits that catch a typing mistake."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from core.accounts.slips import clean, code_for, groups, is_well_formed, slip_hash

KEY = b"k" * 32
codes = st.builds(lambda person, n: code_for(person, n, KEY), st.text(min_size=1, max_size=16), st.integers(1, 99))


@given(codes)
def test_a_code_is_sixteen_digits_with_a_right_check_digit(code: str) -> None:
    assert len(code) == 16 and code.isdigit() and is_well_formed(code)


@given(codes, st.integers(0, 15), st.integers(1, 9))
def test_any_single_wrong_digit_is_caught(code: str, place: int, shift: int) -> None:
    wrong = str((int(code[place]) + shift) % 10)
    assert not is_well_formed(code[:place] + wrong + code[place + 1 :])


@given(codes, st.integers(0, 14))
def test_neighbours_typed_the_wrong_way_round_are_caught(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or not is_well_formed(swapped)


def test_the_same_slip_can_be_printed_again_and_a_new_generation_is_another_code() -> None:
    assert code_for("p1", 1, KEY) == code_for("p1", 1, KEY)
    others = {code_for("p1", 2, KEY), code_for("p2", 1, KEY), code_for("p1", 1, b"x" * 32)}
    assert len(others) == 3 and code_for("p1", 1, KEY) not in others


def test_person_and_generation_are_kept_apart() -> None:
    assert code_for("a1", 2, KEY) != code_for("a", 12, KEY)


def test_every_digit_is_about_equally_likely_in_each_place() -> None:
    seen = [Counter(place) for place in zip(*(code_for(f"p{n}", 1, KEY) for n in range(3000)), strict=True)]
    assert all(200 < count[str(digit)] < 400 for count in seen for digit in range(10))


def test_a_known_damm_number() -> None:
    # 572 has the check digit 4 in Damm's own example.
    assert is_well_formed("5724".rjust(16, "0"))
    assert not is_well_formed("5727".rjust(16, "0"))


def test_what_people_type_is_cleaned() -> None:
    assert clean(" 4821-0937 5512.3456\n") == "4821093755123456"
    assert clean("４８２１ ０９３７ ５５１２ ３４５６") == "4821093755123456"
    assert clean("4821\u00a00937\u200b5512–3456") == "4821093755123456"


def test_letters_stay_so_that_the_code_is_refused() -> None:
    assert not is_well_formed(clean("4821 0937 5512 345O"))
    assert not is_well_formed("٤" * 16)
    assert not is_well_formed("")


@given(
    codes,
    st.lists(st.sampled_from([" ", "-", ".", "\u00a0", "\u2013", "\u200b", ""]), min_size=16, max_size=16),
)
def test_whatever_stands_between_the_digits_falls_away(code: str, between: list[str]) -> None:
    assert clean("".join(a + b for a, b in zip(between, code, strict=True))) == code


@given(st.text())
def test_nothing_typed_breaks_it(text: str) -> None:
    assert not is_well_formed(clean(text)) or len(clean(text)) == 16


@given(codes)
def test_groups_read_back(code: str) -> None:
    assert clean(groups(code)) == code and groups(code).count(" ") == 3


@given(codes)
def test_the_hash_needs_the_key_and_does_not_show_the_code(code: str) -> None:
    assert slip_hash(code, KEY) != slip_hash(code, b"x" * 32)
    assert len(slip_hash(code, KEY)) == 64 and code not in slip_hash(code, KEY)
