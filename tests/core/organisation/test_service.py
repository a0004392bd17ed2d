"""The tree of units keeps path, depth and full name right, whatever happens to it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core.audit import AuditEntry, first_break
from core.database import db, unit_of_work
from core.database.server_time import ManualClock
from core.organisation.models import Unit
from core.organisation.service import (
    UnitError,
    add_alias,
    close,
    create_unit,
    link,
    move,
    rename,
    reopen,
    set_eligible,
)
from core.organisation.tree import (
    ancestors,
    children,
    children_named,
    descendants,
    exists,
    find_by_path,
    find_by_words,
    find_child,
    predecessors,
    successors,
    unit_by_public_id,
    within,
)

Tree = dict[str, Unit]


def assert_tree_is_whole() -> None:
    """Recompute every unit's path, depth and full name from its parent."""
    db.session.expire_all()
    units = {unit.id: unit for unit in db.session.scalars(select(Unit))}
    for unit in units.values():
        above = units.get(unit.parent_id) if unit.parent_id else None
        assert unit.path == f"{above.path if above else '/'}{unit.id}/"
        assert unit.depth == (above.depth + 1 if above else 0)
        assert unit.full_name == (f"{above.full_name} / {unit.name}" if above else unit.name)


def refused(field: str, change: Any, *arguments: Any, **more: Any) -> str:
    with pytest.raises(UnitError) as caught, unit_of_work():
        change(*arguments, **more)
    assert caught.value.field == field
    db.session.rollback()
    return str(caught.value)


def names(units: Any) -> list[str]:
    return [unit.name for unit in units]


def test_branches_differ_in_depth(tree: Tree) -> None:
    assert_tree_is_whole()
    assert [tree[key].depth for key in ("office", "cell_pt", "deep")] == [1, 3, 4]


def test_the_two_tam_hiep_are_told_apart_by_full_name(tree: Tree) -> None:
    assert tree["tam_hiep_tt"].full_name == "Thành ủy Hà Nội / Huyện Thanh Trì / Xã Tam Hiệp"
    assert tree["tam_hiep_pt"].full_name == "Thành ủy Hà Nội / Huyện Phúc Thọ / Xã Tam Hiệp"
    assert find_by_path("thanh uy ha noi / HUYỆN PHÚC THỌ / xa tam hiep") is tree["tam_hiep_pt"]
    assert find_by_path("Xã Tam Hiệp") is None


def test_a_subtree_is_the_paths_that_begin_with_its_own(tree: Tree) -> None:
    below = db.session.scalars(descendants(tree["tam_hiep_tt"].path))
    assert names(below) == ["Chi bộ Trường Tiểu học", "Đảng bộ bộ phận thôn Tựu Liệt", "Chi bộ 1"]
    assert names(ancestors(tree["deep"])) == [
        "Thành ủy Hà Nội",
        "Huyện Thanh Trì",
        "Xã Tam Hiệp",
        "Đảng bộ bộ phận thôn Tựu Liệt",
    ]


def test_no_scope_holds_nothing(tree: Tree) -> None:
    assert db.session.scalars(select(Unit).where(within(()))).all() == []


def test_children_are_in_vietnamese_order(tree: Tree) -> None:
    with unit_of_work():
        for name in ("Chi bộ 10", "Chi bộ Đa Phúc", "Chi bộ 2", "Chi bộ Dân Lập", "Chi bộ Ấm"):
            create_unit(tree["phuc_tho"], "cell", name)
    assert names(children(tree["phuc_tho"])) == [
        "Chi bộ 2",
        "Chi bộ 10",
        "Chi bộ Ấm",
        "Chi bộ Dân Lập",
        "Chi bộ Đa Phúc",
        "Xã Tam Hiệp",
    ]


def test_names_are_kept_in_the_official_spelling(tree: Tree) -> None:
    with unit_of_work():
        unit = create_unit(tree["thanh_tri"], "commune", "  Xã  Hữu Hoà ")
    assert unit.name == "Xã Hữu Hòa"
    assert find_child(tree["thanh_tri"], "XÃ HỮU HÒA") is unit


def test_one_spelling_is_preferred_to_what_folds_alike(tree: Tree) -> None:
    with unit_of_work():
        hoa, hoa_no_tone = (create_unit(tree["phuc_tho"], "cell", f"Chi bộ thôn {n}") for n in ("Hòa", "Hoa"))
    assert find_child(tree["phuc_tho"], "chi bộ thôn Hòa") is hoa
    assert find_child(tree["phuc_tho"], "chi bộ thôn Hoa") is hoa_no_tone
    assert len(children_named(tree["phuc_tho"], "chi bo thon hỏa")) == 2
    assert find_child(tree["phuc_tho"], "chi bo thon hỏa") is None


def test_a_sibling_of_the_same_name_is_refused(tree: Tree) -> None:
    assert "Tam Hiệp" in refused("name", create_unit, tree["thanh_tri"], "commune", "xã TAM HIỆP")


@pytest.mark.parametrize(
    ("parent", "level", "name", "field"),
    [
        ("deep", "cell", "Chi bộ 2", "level"),
        (None, "cell", "Chi bộ 2", "level"),
        ("section", "commune", "Xã Mới", "level"),
        ("section", "platoon", "Trung đội", "level"),
        ("section", "cell", "   ", "name"),
        ("section", "cell", "x" * 201, "name"),
        ("section", "cell", "Chi bộ 1/2", "name"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(tree: Tree, parent: str | None, level: str, name: str, field: str) -> None:
    refused(field, create_unit, tree[parent] if parent else None, level, name)


def test_renaming_reaches_the_whole_subtree_and_keeps_the_old_name_as_an_alias(tree: Tree) -> None:
    with unit_of_work():
        rename(tree["thanh_tri"], "Huyện ủy Thanh Trì")
    assert_tree_is_whole()
    assert tree["deep"].full_name.startswith("Thành ủy Hà Nội / Huyện ủy Thanh Trì / ")
    assert tree["cell_pt"].full_name.startswith("Thành ủy Hà Nội / Huyện Phúc Thọ / ")
    assert find_child(tree["city"], "Huyện Thanh Trì") is tree["thanh_tri"]


def test_a_name_too_long_for_a_descendant_is_refused(tree: Tree) -> None:
    with unit_of_work():
        rename(tree["deep"], "Chi bộ " + "a" * 190)
        rename(tree["section"], "Đảng bộ bộ phận " + "b" * 180)
    refused("name", rename, tree["thanh_tri"], "Huyện " + "c" * 190)
    assert_tree_is_whole()


def test_moving_takes_the_subtree_along(tree: Tree) -> None:
    with unit_of_work():
        move(tree["section"], tree["tam_hiep_pt"])
    assert_tree_is_whole()
    assert tree["deep"].path.startswith(tree["phuc_tho"].path)
    with unit_of_work():
        move(tree["tam_hiep_pt"], tree["city"])
    assert_tree_is_whole()
    assert tree["deep"].depth == 3


def test_a_unit_moves_neither_into_itself_nor_under_a_lower_level(tree: Tree) -> None:
    refused("parent", move, tree["thanh_tri"], tree["section"])
    refused("parent", move, tree["thanh_tri"], tree["thanh_tri"])
    refused("level", move, tree["tam_hiep_pt"], tree["section"])
    refused("name", move, tree["tam_hiep_pt"], tree["thanh_tri"])
    assert_tree_is_whole()


def test_a_unit_that_ends_keeps_its_rows_and_names_its_successors(tree: Tree) -> None:
    day = date(2026, 7, 1)
    with unit_of_work():
        dai_thanh = create_unit(tree["city"], "commune", "Xã Đại Thanh")
        ended = close(tree["tam_hiep_tt"], day, [dai_thanh], note="Sắp xếp lại")
        link(tree["phuc_tho"], dai_thanh, day)
        link(tree["phuc_tho"], dai_thanh, day)
    assert ended == 4
    assert not exists(tree["deep"]) and exists(tree["deep"], date(2026, 6, 30))
    assert children(tree["thanh_tri"]) == []
    assert names(children(tree["thanh_tri"], date(2026, 6, 30))) == ["Xã Tam Hiệp"]
    assert names(successors(tree["tam_hiep_tt"])) == ["Xã Đại Thanh"]
    assert names(predecessors(dai_thanh)) == ["Huyện Phúc Thọ", "Xã Tam Hiệp"]
    refused("parent", create_unit, tree["section"], "cell", "Chi bộ 9")
    refused("parent", move, tree["cell_pt"], tree["tam_hiep_tt"])
    refused("day", close, tree["deep"], day)


def test_a_unit_ends_at_midnight_in_hanoi(tree: Tree, clock: ManualClock) -> None:
    with unit_of_work():
        close(tree["office"], date(2026, 11, 25))
    assert exists(tree["office"])
    clock.advance(16 * 3600)  # 00:00 on 25/11 in Hanoi
    assert not exists(tree["office"])


def test_an_ending_can_be_taken_back(tree: Tree) -> None:
    with unit_of_work():
        close(tree["deep"], date(2026, 1, 1))
        close(tree["tam_hiep_tt"], date(2026, 7, 1))
    refused("day", reopen, tree["section"])
    with unit_of_work():
        assert reopen(tree["tam_hiep_tt"]) == 3
    assert exists(tree["section"]) and not exists(tree["deep"])


def test_a_place_that_was_taken_meanwhile_keeps_the_ended_unit_ended(tree: Tree) -> None:
    with unit_of_work():
        close(tree["office"], date(2026, 7, 1))
        create_unit(tree["city"], "grassroots_cell", tree["office"].name)
    refused("name", reopen, tree["office"])


def test_aliases_are_found_after_names(tree: Tree) -> None:
    with unit_of_work():
        add_alias(tree["tam_hiep_tt"], "Tam Hiệp (TT)")
        add_alias(tree["tam_hiep_tt"], "tam hiep (tt)")
    assert find_child(tree["thanh_tri"], "TAM HIỆP (TT)") is tree["tam_hiep_tt"]


def test_the_number_of_eligible_people_is_told_or_not(tree: Tree) -> None:
    with unit_of_work():
        set_eligible(tree["deep"], 31)
    assert tree["deep"].eligible == 31
    refused("eligible", set_eligible, tree["deep"], -1)
    with unit_of_work():
        set_eligible(tree["deep"], None)
    assert tree["deep"].eligible is None


def test_what_an_import_has_not_finished_is_not_found(tree: Tree) -> None:
    with unit_of_work():
        tree["office"].visible = False
    assert unit_by_public_id(tree["office"].public_id) is None
    assert find_child(tree["city"], tree["office"].name) is None


def test_every_change_is_in_the_audit_chain(tree: Tree) -> None:
    with unit_of_work():
        rename(tree["deep"], "Chi bộ số 1")
        move(tree["deep"], tree["tam_hiep_tt"])
        close(tree["deep"], date(2026, 12, 1))
    actions = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions == ["unit.create"] * 10 + ["unit.rename", "unit.move", "unit.close"]
    assert first_break() is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tam hiep thanh tri", ["tam_hiep_tt"]),
        ("Thanh Trì Tam Hiệp", ["tam_hiep_tt"]),
        ("xa tam hiep", ["tam_hiep_pt", "tam_hiep_tt"]),
        ("Thành ủy Hà Nội / Huyện Phúc Thọ / Xã Tam Hiệp", ["tam_hiep_pt"]),
        ("thanh uy ha noi", ["city"]),
        ("chi bo 1", ["deep"]),
        ("phuc tho", ["phuc_tho"]),
        ("khong co", []),
        (" / ", []),
    ],
)
def test_what_is_typed_means_the_likeliest_units(tree: Tree, typed: str, meant: list[str]) -> None:
    assert sorted(find_by_words(typed, ["/"]), key=lambda u: u.id) == sorted((tree[key] for key in meant), key=lambda u: u.id)


def test_what_is_typed_means_nothing_outside_one_s_reach(tree: Tree) -> None:
    assert find_by_words("xa tam hiep", [tree["phuc_tho"].path]) == [tree["tam_hiep_pt"]]
    assert find_by_words("thanh uy ha noi", [tree["phuc_tho"].path]) == []
