"""Levels: a registry, an order, and what a unit's name shows."""

from __future__ import annotations

import pytest

from core.organisation.levels import all_levels, guess_level, level_by_label, level_of, levels_under
from core.organisation.levels.base import Level, register


def test_a_cell_is_the_last_level_and_never_the_top() -> None:
    assert [level.key for level in all_levels() if level.is_cell] == ["cell", "grassroots_cell"]
    assert levels_under(level_of("cell")) == []
    assert not any(level.is_cell for level in levels_under(None))


def test_levels_may_be_left_out_but_not_turned_round() -> None:
    city, commune, cell = level_of("city"), level_of("commune"), level_of("cell")
    assert cell.may_stand_under(city) and cell.may_stand_under(commune) and commune.may_stand_under(city)
    assert not city.may_stand_under(commune)
    assert not commune.may_stand_under(commune)


def test_every_level_has_its_own_words() -> None:
    seen: dict[str, str] = {}
    for level in all_levels():
        assert str(level.label) and level.words
        for word in level.words + level.weak_words:
            assert seen.setdefault(word, level.key) == level.key


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Thành ủy Hà Nội", "city"),
        ("Huyện ủy Thanh Trì", "district"),
        ("Huyện Phúc Thọ", "district"),
        ("Đảng bộ Khối các cơ quan Thành phố", "bloc"),
        ("Xã Đông Mỹ", "commune"),
        ("THỊ TRẤN VĂN ĐIỂN", "commune"),
        ("Đảng bộ xã Tam Hiệp", "commune"),
        ("Đảng bộ bộ phận thôn Đông", "section"),
        ("Đảng bộ Bệnh viện Thanh Nhàn", "grassroots"),
        ("Chi bộ cơ sở Trạm y tế", "grassroots_cell"),
        ("Chi bộ thôn 1", "cell"),
        ("Xãm Dương", None),
    ],
)
def test_a_name_shows_its_level(name: str, level: str | None) -> None:
    guessed = guess_level(name, None if level in ("city",) else level_of("city"))
    assert (guessed.key if guessed else None) == level


def test_a_guess_fits_under_the_parent() -> None:
    assert guess_level("Xã Đông Mỹ", level_of("commune")) is None


def test_a_level_is_found_by_its_label_however_typed() -> None:
    assert level_by_label("CHI BO") is level_of("cell")
    assert level_by_label("đảng bộ  cơ sở") is level_of("grassroots")
    assert level_by_label("phân đội") is None


def test_a_key_is_taken_once() -> None:
    with pytest.raises(ValueError):
        register(Level(key="cell", label=level_of("cell").label, order=1, is_cell=True))
