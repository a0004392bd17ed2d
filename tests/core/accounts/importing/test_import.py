"""From a file to people on lists: what is sure goes in, what is not is asked, and nothing is done twice."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from core.accounts.importing import batches
from core.accounts.importing.batches import ImportRefused
from core.accounts.importing.models import ImportRow
from core.accounts.models import Person
from core.accounts.people import add_person
from core.audit import AuditEntry, first_break
from core.database import db, unit_of_work
from core.database.server_time import ManualClock
from core.jobs.running import begin, perform, run_now
from core.jobs.service import find, request_cancel
from core.organisation.models import Unit

from .conftest import CELL, HEADING, Importer, everybody, people, workbook

Tree = dict[str, Unit]
FULL_CELL = "Hà Nội / Thanh Trì / Xã Đông Mỹ / Chi bộ thôn 1"


def binh(**more: object) -> tuple[object, ...]:
    values = {"name": "Nguyễn Văn Bình", "unit": CELL, "birth": "12/04/1962", "phone": "0912000018", "title": "Bí thư"}
    values.update(more)
    return (1, *values.values())


def test_good_rows_become_people_with_slips(importer: Importer) -> None:
    batch = importer.read(people(binh(), binh(name="Trần Thị Lan", birth=date(1970, 3, 15), phone=None)))
    assert batches.counts(batch).good == 2
    assert everybody() == []
    importer.bring_in(batch)
    assert everybody() == [
        ("Nguyễn Văn Bình", "1962-04-12", "0912000018", FULL_CELL),
        ("Trần Thị Lan", "1970-03-15", "", FULL_CELL),
    ]
    slips = db.session.scalars(select(Person.slip_hash)).all()
    assert len(set(slips)) == 2
    assert all(slips)
    assert batch.state == "done"


def test_the_same_file_twice_changes_nothing(importer: Importer) -> None:
    data = people(binh(), binh(name="Trần Thị Lan", birth="15/03/1970"))
    importer.whole(data)
    before = everybody()
    again = importer.read(data)
    counts = batches.counts(again)
    assert (counts.good, counts.same, counts.effect) == (2, 2, 0)
    with pytest.raises(ImportRefused):
        importer.bring_in(again)
    assert everybody() == before


def test_spelling_does_not_make_a_second_person(importer: Importer) -> None:
    importer.whole(people(binh(name="Nguyễn Hữu Hòa")))
    again = importer.read(people(binh(name="nguyễn  hữu HOÀ"), binh(name="NGUYEN HUU HOA")))
    assert {row.action for row in db.session.scalars(batches.rows_in(again, "all"))} == {"same", "skip"}


def test_another_phone_or_position_is_a_change_shown_and_then_made(importer: Importer) -> None:
    importer.whole(people(binh()))
    batch = importer.read(people(binh(phone="0987 654 321", title="Phó Bí thư")))
    row = importer.row(batch, 2)
    assert row.action == "change"
    assert row.changes == [
        {"field": "phone", "old": "0912000018", "new": "0987654321"},
        {"field": "position", "old": "Bí thư", "new": "Phó Bí thư"},
    ]
    importer.bring_in(batch)
    assert everybody() == [("Nguyễn Văn Bình", "1962-04-12", "0987654321", FULL_CELL)]


def test_an_empty_cell_takes_nothing_away(importer: Importer) -> None:
    importer.whole(people(binh()))
    assert importer.row(importer.read(people(binh(phone=None, title=None))), 2).action == "same"


@pytest.mark.parametrize("birth", [None, "13/04/1962", "1962"])
def test_same_name_and_unit_without_the_same_birth_date_is_a_question(importer: Importer, birth: str | None) -> None:
    importer.whole(people(binh()))
    batch = importer.read(people(binh(birth=birth)))
    codes = [code for code, _proposal in importer.doubts(batch, 2)]
    assert "person_question" in codes
    assert batches.counts(batch).review == 1


def test_the_question_is_answered_either_way(importer: Importer) -> None:
    importer.whole(people(binh()))
    person = db.session.scalars(select(Person)).one().public_id
    same = importer.read(people(binh(birth="13/04/1962")))
    importer.on_row(same, 2, batches.choose, "person_question", person)
    assert importer.row(same, 2).action == "same"
    other = importer.read(people(binh(birth="13/04/1962")))
    importer.on_row(other, 2, batches.choose, "person_question", "other")
    assert (importer.row(other, 2).state, importer.row(other, 2).action) == ("good", "new")
    importer.bring_in(other)
    assert len(everybody()) == 2


def test_a_choice_that_was_not_offered_is_refused(importer: Importer) -> None:
    importer.whole(people(binh()))
    batch = importer.read(people(binh(birth="13/04/1962")))
    with pytest.raises(ImportRefused):
        importer.on_row(batch, 2, batches.choose, "person_question", "somebodyelse")


def test_doubts_stand_in_their_cells_with_proposals(importer: Importer) -> None:
    batch = importer.read(
        people(
            binh(unit="Chi bộ thôn 1, xã Đông Mĩ", name="Lê Văn Một"),
            binh(birth="03/15/1970", name="Lê Văn Hai"),
            binh(phone=912000097.0, name="Lê Văn Ba"),
            binh(phone="9.12E+08", name="Lê Văn Bốn"),
            binh(name=None),
            binh(unit="Xã Tam Hiệp / Chi bộ thôn Đồng", name="Lê Văn Sáu", phone="0912000019"),
            binh(unit="Phúc Thọ / Xã Tam Hiệp / Chi bộ thôn Đồng", name="Lê Văn Bảy", phone="0912000020"),
        )
    )
    assert ("unit_unknown", FULL_CELL) in importer.doubts(batch, 2)
    assert ("date_turned", "15/03/1970") in importer.doubts(batch, 3)
    assert importer.doubts(batch, 4) == [("phone_number", "0912000097")]
    assert importer.doubts(batch, 5) == [("phone_lost", None)]
    assert ("name_missing", None) in importer.doubts(batch, 6)
    assert importer.doubts(batch, 7) == []
    assert importer.doubts(batch, 8) == [("unit_outside", None)]
    assert [group.kind.code for group in batches.doubt_groups(batch)][0] in ("name_missing", "unit_unknown", "unit_outside")


def test_one_click_repairs_and_the_row_becomes_good(importer: Importer) -> None:
    batch = importer.read(people(binh(birth="03/15/1970", phone=912000097.0)))
    importer.on_row(batch, 2, batches.accept, "date_turned")
    assert importer.row(batch, 2).state == "review"
    importer.on_row(batch, 2, batches.accept, "phone_number")
    row = importer.row(batch, 2)
    assert (row.state, row.birth_date, row.phone) == ("good", date(1970, 3, 15), "0912000097")
    with pytest.raises(ImportRefused):
        importer.on_row(batch, 2, batches.accept, "phone_number")


def test_every_proposal_of_a_kind_is_accepted_at_once_few_or_many(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    data = people(*(binh(name=f"Người Số {n}", phone=912000100.0 + n) for n in range(1, 8)))
    few = importer.read(data)
    assert importer.decide(few, batches.accept_all, "phone_number") == 7
    assert few.state == "ready"
    assert batches.counts(few).good == 7
    monkeypatch.setattr(batches, "AT_ONCE", 3)
    many = importer.read(data)
    with unit_of_work():
        assert batches.accept_all(many, "phone_number") == 7
    assert many.state == "working"
    importer.work(many)
    assert many.state == "ready"
    assert batches.counts(many).good == 7


def test_a_cell_is_edited_by_hand_and_kept_when_still_wrong(importer: Importer) -> None:
    batch = importer.read(people(binh(unit="Chi bộ lạ hoắc")))
    importer.on_row(batch, 2, batches.edit_cells, {"unit": "Chi bộ không đâu"})
    row = importer.row(batch, 2)
    assert (row.state, row.edits["unit"]) == ("error", "Chi bộ không đâu")
    importer.on_row(batch, 2, batches.edit_cells, {"unit": "Trạm Y tế, Đông Mỹ"})
    assert importer.row(batch, 2).state == "good"
    with pytest.raises(ImportRefused):
        importer.on_row(batch, 2, batches.edit_cells, {"slip_hash": "x"})


def test_a_doubt_is_waved_through_only_where_that_makes_sense(importer: Importer) -> None:
    batch = importer.read(people(binh(birth="1962", phone="123")))
    importer.on_row(batch, 2, batches.keep_as_is, "date_year")
    importer.on_row(batch, 2, batches.keep_as_is, "phone_wrong")
    row = importer.row(batch, 2)
    assert (row.state, row.birth_date, row.phone) == ("good", None, "")
    lost = importer.read(people(binh(unit="Chi bộ lạ hoắc")))
    with pytest.raises(ImportRefused):
        importer.on_row(lost, 2, batches.keep_as_is, "unit_unknown")


def test_a_shared_phone_is_a_warning_on_both_and_stops_nobody(importer: Importer) -> None:
    batch = importer.read(people(binh(), binh(name="Trần Thị Lan", birth="15/03/1970")))
    assert [importer.doubts(batch, number) for number in (2, 3)] == [[("phone_shared", None)]] * 2
    counts = batches.counts(batch)
    assert (counts.good, counts.warned, counts.bad) == (2, 2, 0)
    importer.on_row(batch, 3, batches.edit_cells, {"phone": "0987654321"})
    assert importer.doubts(batch, 2) == []


def test_a_repeated_row_is_imported_once_and_differing_data_is_asked(importer: Importer) -> None:
    batch = importer.read(people(binh(), binh(), binh(phone="0987654321")))
    assert importer.doubts(batch, 2) == []
    assert importer.doubts(batch, 3) == [("row_repeated", None)]
    assert importer.doubts(batch, 4) == [("row_repeated_other", None)]
    importer.bring_in(batch)
    assert len(everybody()) == 1


def test_namesakes_without_birth_dates_are_asked_about(importer: Importer) -> None:
    batch = importer.read(people(binh(birth=None), binh(birth=None, phone="0987654321")))
    assert ("row_same_name", None) in importer.doubts(batch, 3)
    importer.on_row(batch, 3, batches.keep_as_is, "row_same_name")
    importer.bring_in(batch)
    assert len(everybody()) == 2


def test_a_row_can_be_left_out_and_taken_back(importer: Importer) -> None:
    batch = importer.read(people(binh(), binh(name=None)))
    importer.on_row(batch, 3, batches.drop)
    counts = batches.counts(batch)
    assert (counts.good, counts.dropped, counts.bad, counts.attention) == (1, 1, 0, 0)
    importer.on_row(batch, 3, batches.restore)
    assert batches.counts(batch).error == 1


def test_all_or_nothing_imports_nothing_while_a_row_is_bad(importer: Importer) -> None:
    batch = importer.read(people(binh(), binh(name=None)))
    with pytest.raises(ImportRefused, match="1 dòng"):
        importer.bring_in(batch, all_or_nothing=True)
    assert everybody() == []
    importer.on_row(batch, 3, batches.drop)
    importer.bring_in(batch, all_or_nothing=True)
    assert len(everybody()) == 1


def test_bad_rows_stay_out_when_only_the_good_ones_were_wanted(importer: Importer) -> None:
    batch = importer.whole(people(binh(), binh(name=None)))
    assert len(everybody()) == 1
    assert batch.result["counts"] == {"person_new": 1, "person_left_out": 1}


def test_one_entry_in_the_chain_tells_the_count_and_the_root(importer: Importer) -> None:
    before = db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    batch = importer.whole(people(binh(), binh(name="Trần Thị Lan", birth="15/03/1970")))
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[before:]
    assert [entry.action for entry in entries] == ["people.import"]
    assert entries[0].subject == f"import:{batch.public_id}"
    assert entries[0].details["rows"] == 2
    assert len(entries[0].details["root"]) == 64
    assert first_break() is None


def test_units_and_their_people_come_in_one_file_in_any_order(importer: Importer) -> None:
    batch = importer.read(
        workbook(
            {
                "Thí sinh": [HEADING, binh(unit="Chi bộ thôn 7, xã Vạn Phúc"), binh(name="Lê Văn Hai", phone=None)],
                "Đơn vị": [
                    ("Cấp", "Tên đơn vị", "Đơn vị cấp trên", "Số đảng viên"),
                    ("Chi bộ", "Chi bộ thôn 7", "Hà Nội / Thanh Trì / Xã Vạn Phúc", 12),
                    ("", "Xã Vạn Phúc", "Thanh Trì", None),
                    ("Chi bộ", "Chi bộ thôn 1", "Xã Đông Mỹ", "31"),
                ],
            }
        )
    )
    assert batches.counts(batch).bad == 0
    importer.bring_in(batch)
    units = {u.full_name: (u.level, u.eligible) for u in db.session.scalars(select(Unit).where(Unit.visible))}
    assert units["Hà Nội / Thanh Trì / Xã Vạn Phúc"] == ("commune", None)
    assert units["Hà Nội / Thanh Trì / Xã Vạn Phúc / Chi bộ thôn 7"] == ("cell", 12)
    assert units[FULL_CELL] == ("cell", 31)
    assert ("Nguyễn Văn Bình", "1962-04-12", "0912000018", "Hà Nội / Thanh Trì / Xã Vạn Phúc / Chi bộ thôn 7") in everybody()
    paths = db.session.execute(select(Unit.id, Unit.path)).all()
    assert all(path.endswith(f"/{unit_id}/") for unit_id, path in paths)


def test_rows_of_units_are_doubted_and_people_wait_for_them(importer: Importer) -> None:
    batch = importer.read(
        workbook(
            {
                "Đơn vị": [
                    ("Cấp", "Tên đơn vị", "Đơn vị cấp trên", "Số đảng viên"),
                    ("Chi bộ", "Chi bộ thôn 8", "Xã Đông Mĩ", None),
                    ("Chi bộ", "", "Xã Đông Mỹ", None),
                    ("Xã", "Xã Lạ", "Phúc Thọ", None),
                    ("Chi bộ", "Chi bộ thôn 9", "", None),
                    ("Thành ủy", "Thành phố con", "Xã Đông Mỹ", "nhiều"),
                ],
                "Thí sinh": [HEADING, binh(unit="Chi bộ thôn 8, Đông Mỹ")],
            }
        )
    )
    parent = "Hà Nội / Thanh Trì / Xã Đông Mỹ"
    assert importer.doubts(batch, 2, "unit") == [("parent_unknown", parent)]
    assert importer.doubts(batch, 3, "unit") == [("unit_name_missing", None)]
    assert importer.doubts(batch, 4, "unit") == [("parent_outside", None)]
    assert importer.doubts(batch, 5, "unit") == [("parent_missing", "Hà Nội / Thanh Trì")]
    assert {code for code, _ in importer.doubts(batch, 6, "unit")} == {"level_misplaced", "eligible_wrong"}
    assert importer.row(batch, 2).state == "error"
    with unit_of_work():
        batches.accept(batch, importer.row(batch, 2, "unit"), "parent_unknown")
    assert importer.row(batch, 2).state == "good"
    importer.bring_in(batch)
    assert everybody()[0][3] == f"{parent} / Chi bộ thôn 8"


def test_nothing_is_seen_before_the_last_step_and_a_kill_in_between_loses_nothing(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.accounts.importing import bringing, staging

    monkeypatch.setattr(staging, "CHUNK", 2)
    monkeypatch.setattr(bringing, "CHUNK", 2)
    batch = importer.read(people(*(binh(name=f"Người Số {n}", phone=None) for n in range(1, 8))))
    with unit_of_work():
        batches.bring_in(batch)
    job = find(batch.job_public_id or "")
    assert job is not None
    total = begin(job.id)
    assert total == 5
    assert perform(job.id, 1)
    assert perform(job.id, 2)
    assert everybody() == []
    bringing._ORDERS.clear()  # another process goes on
    assert run_now(job.id).state == "done"
    assert len(everybody()) == 7


def test_a_cancelled_import_is_taken_back_whole(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.accounts.importing import bringing, staging

    importer.whole(people(binh()))
    monkeypatch.setattr(staging, "CHUNK", 2)
    monkeypatch.setattr(bringing, "CHUNK", 2)
    rows = [binh(phone="0987654321"), *(binh(name=f"Người Số {n}", phone=None) for n in range(1, 8))]
    batch = importer.read(people(*rows))
    with unit_of_work():
        batches.bring_in(batch)
    job = find(batch.job_public_id or "")
    assert job is not None
    begin(job.id)
    perform(job.id, 1)
    perform(job.id, 2)
    assert db.session.scalar(select(Person.phone).where(Person.visible)) == "0987654321"
    with unit_of_work():
        request_cancel(find(job.public_id))
    importer.work(batch)
    assert batch.state == "ready"
    assert everybody() == [("Nguyễn Văn Bình", "1962-04-12", "0912000018", FULL_CELL)]
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1
    importer.bring_in(batch)
    assert len(everybody()) == 8


def test_who_came_meanwhile_is_not_added_twice(importer: Importer, tree: Tree) -> None:
    batch = importer.read(people(binh()))
    with unit_of_work():
        cell = db.session.get_one(Unit, tree["cell"].id)
        add_person(cell, "Nguyễn Văn Bình", birth_date=date(1962, 4, 12))
    importer.bring_in(batch)
    assert len(everybody()) == 1
    assert importer.row(batch, 2).outcome == "left_out"


def test_old_rows_are_erased_and_what_they_brought_stays(importer: Importer, clock: ManualClock) -> None:
    done, waiting = importer.whole(people(binh())), importer.read(people(binh(name="Trần Thị Lan")))
    batches.erase_old()
    assert db.session.scalar(select(func.count()).select_from(ImportRow)) == 2
    clock.advance(31 * 86_400)
    for batch in (done, waiting):
        batches.erase_old()
        importer.work(batch)
    assert db.session.scalar(select(func.count()).select_from(ImportRow)) == 0
    assert (done.state, waiting.state, len(everybody())) == ("done", "cancelled", 1)


def test_a_batch_that_nobody_wants_is_erased(importer: Importer) -> None:
    batch = importer.read(people(binh()))
    importer.decide(batch, batches.throw_away)
    assert batch.state == "cancelled"
    assert db.session.scalar(select(func.count()).select_from(ImportRow)) == 0
    with pytest.raises(ImportRefused):
        importer.bring_in(batch)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"khong phai excel", "không phải"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "đời cũ"),
        (workbook({"Trang": [("a", "b"), ("c", "d")]}), "Không thấy danh sách"),
        (workbook({"Thí sinh": [HEADING]}), "chưa có dòng nào"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(importer: Importer, data: bytes, words: str) -> None:
    batch = importer.read(data)
    assert batch.state == "refused"
    assert words in batch.message


def test_a_list_of_more_rows_than_the_bound_is_refused(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.accounts.importing import reading

    monkeypatch.setattr(reading, "MOST_ROWS", 1)
    batch = importer.read(people(binh(), binh(name="Trần Thị Lan")))
    assert (batch.state, "50.000" in batch.message) == ("refused", True)
