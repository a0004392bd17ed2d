"""A round while it runs: figures by unit, each person, those who have not come, a later end."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from contest.papers.opening import open_round
from contest.rounds.entries import enter_people
from contest.rounds.models import Entry, Window
from contest.rounds.service import WindowPlan, add_round, create_contest, set_windows
from contest.rules.parts.quiz import BlueprintCell
from contest.sittings.extending import WindowOver, extend_window
from contest.sittings.models import Sitting, SittingPresence
from contest.sittings.overview import Counts, counts_below, default_focus, total_of
from contest.sittings.staff_views import init_monitor
from core.audit import AuditEntry
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from tests import world as w
from tests.contest.conftest import Enter, text_of
from tests.world import Opened, World, make_world


@pytest.fixture(autouse=True)
def pages(request: pytest.FixtureRequest) -> None:
    """The pages, where the room's wiring does not register them yet."""
    if "site" in request.fixturenames:
        app: Flask = request.getfixturevalue("site")
        if "monitor" not in app.blueprints:
            init_monitor(app)


def city_round(world: World) -> Opened:
    """A city's round: Thanh Trì now, Phúc Thọ in six hours; five people in three communes and a cell of a district."""
    tt, pt = (world.districts[f"Huyện {name}"] for name in ("Thanh Trì", "Phúc Thọ"))
    with unit_of_work():
        topic = w.add_topic("Điều lệ Đảng")
        for number in range(8):
            w.add_question(world.city, topic, f"Câu {number}?")
        contest = create_contest(world.city, "Hội thi thành phố", hotline="1")
        round_ = add_round(contest, "Vòng 1", minutes=25, cells=[BlueprintCell(topic="Điều lệ Đảng", count=4)])
        hour = timedelta(hours=1)
        set_windows(round_, [WindowPlan(tt, now(), now() + hour), WindowPlan(pt, now() + 6 * hour, now() + 7 * hour)])
        people = [
            w.add_person(world.cells["Chi bộ thôn 1, Xã Đông Mỹ, Huyện Thanh Trì"], "Nguyễn Văn An"),
            w.add_person(world.cells["Chi bộ Trạm Y tế, Xã Đông Mỹ, Huyện Thanh Trì"], "Trần Thị Bình"),
            w.add_person(world.cells["Chi bộ thôn 1, Xã Tam Hiệp, Huyện Thanh Trì"], "Lê Thị Chi"),
            w.add_person(tt, "Phạm Văn Dũng"),
            w.add_person(world.cells["Chi bộ thôn 1, Xã Hát Môn, Huyện Phúc Thọ"], "Đỗ Thị Em"),
        ]
        entries = enter_people(contest, people)
    with unit_of_work():
        open_round(round_)
    return Opened(world, contest, round_, people, entries)


def sit(entry: Entry, state: str = "open", *, seen: datetime | None = None, window: int = 0) -> Sitting:
    """A sitting that began now; ``seen`` is when it was last heard of."""
    round_ = entry.contest.rounds[0]
    with unit_of_work():
        sitting = Sitting(
            entry_id=entry.id, round_id=round_.id, window_id=round_.windows[window].id, state=state, started_at=now(),
            deadline=now() + timedelta(minutes=25), device_hash="a" * 64,
            paper=[{"item": n, "version": n, "order": [0, 1, 2, 3]} for n in range(4)],
            submitted_at=now() if state == "submitted" else None,
        )  # fmt: skip
        db.session.add(sitting)
        db.session.flush()
        db.session.add(SittingPresence(sitting_id=sitting.id, last_seen_at=seen or now()))
    return sitting


# ---- counting, on both engines ----


def test_people_are_counted_one_level_below_the_unit_looked_at(app: Flask, clock: ManualClock) -> None:
    opened = city_round(make_world())
    an, binh, chi, _dung, _em = opened.entries
    sit(an)
    sit(binh, "submitted")
    sit(chi, seen=now() - timedelta(seconds=61))
    rows = counts_below(opened.round, opened.contest.unit, now(), [opened.contest.unit.path])
    assert [(row.name, row.counts) for row in rows] == [
        ("Huyện Phúc Thọ", Counts(absent=1)),
        ("Huyện Thanh Trì", Counts(working=1, submitted=1, lost=1, absent=1)),
    ]
    district = opened.world.districts["Huyện Thanh Trì"]
    rows = counts_below(opened.round, district, now(), [district.path])
    assert [(row.name, bool(row.public_id), row.counts) for row in rows] == [
        ("Xã Đông Mỹ", True, Counts(working=1, submitted=1)),
        ("Xã Tam Hiệp", True, Counts(lost=1)),
        ("Huyện Thanh Trì", False, Counts(absent=1)),
    ]
    assert total_of(rows).total == 4 and total_of(rows).come == 3


def test_a_sitting_whose_deadline_has_passed_is_handed_in_before_anybody_folds_it(app: Flask, clock: ManualClock) -> None:
    opened = city_round(make_world())
    sit(opened.entries[0])
    district = opened.world.districts["Huyện Thanh Trì"]
    clock.advance(25 * 60 + 1)
    assert total_of(counts_below(opened.round, district, now(), [district.path])).submitted == 1


def test_of_several_sittings_the_last_counts_and_annulled_ones_do_not(app: Flask, clock: ManualClock) -> None:
    opened = city_round(make_world())
    entry = opened.entries[0]
    sit(entry, "annulled")
    district = opened.world.districts["Huyện Thanh Trì"]
    assert total_of(counts_below(opened.round, district, now(), [district.path])).absent == 4
    with unit_of_work():
        again = Sitting(
            entry_id=entry.id, round_id=opened.round.id, window_id=opened.round.windows[0].id, attempt=2, state="submitted",
            started_at=now(), deadline=now(), device_hash="a", paper=[],
        )  # fmt: skip
        db.session.add(again)
    assert total_of(counts_below(opened.round, district, now(), [district.path])) == Counts(submitted=1, absent=3)


def test_only_what_may_be_seen_is_counted(app: Flask, clock: ManualClock) -> None:
    opened = city_round(make_world())
    district = opened.world.districts["Huyện Phúc Thọ"]
    rows = counts_below(opened.round, opened.contest.unit, now(), [district.path])
    assert [(row.name, row.counts.total) for row in rows] == [("Huyện Phúc Thọ", 1)]
    assert default_focus(opened.round, [district.path]).id == district.id
    assert default_focus(opened.round, [opened.contest.unit.path]).id == opened.contest.unit.id


# ---- pages ----


def url(opened: Opened, page: str = "tinh-hinh") -> str:
    return f"/quan-tri/vong-thi/{opened.round.public_id}/{page}"


def test_the_page_shows_the_four_figures_and_what_to_do(as_: Enter, world: World) -> None:
    opened = city_round(world)
    sit(opened.entries[0])
    sit(opened.entries[2], seen=now() - timedelta(minutes=3))
    page = text_of(as_("thanhpho").get(url(opened)))
    assert "Đang thi · còn 1 giờ" in page
    assert "1 đang làm bài" in page and "1 mất liên lạc hơn 1 phút" in page and "3 chưa vào, trong 5" in page
    assert "1 đồng chí mất liên lạc" in page and "Chưa có người kiểm tra kết quả" in page
    assert "Huyện Thanh Trì" in page and "2/4" in page


def test_one_goes_down_the_tree_to_cells_and_from_there_to_people(as_: Enter, world: World) -> None:
    opened = city_round(world)
    district = world.districts["Huyện Thanh Trì"]
    commune = world.communes["Xã Đông Mỹ, Huyện Thanh Trì"]
    cell = world.cells["Chi bộ thôn 1, Xã Đông Mỹ, Huyện Thanh Trì"]
    browser = as_("thanhpho")
    assert f"{url(opened)}?don_vi={district.public_id}" in browser.get(url(opened)).text
    assert f"{url(opened)}?don_vi={commune.public_id}" in browser.get(f"{url(opened)}?don_vi={district.public_id}").text
    page = browser.get(f"{url(opened)}?don_vi={commune.public_id}").text
    assert f'{url(opened, "luot-thi")}?don_vi={cell.public_id}"' in page


def test_the_second_person_is_no_longer_asked_for_when_there_is_one(as_: Enter, world: World) -> None:
    opened = city_round(world)
    with unit_of_work():
        w.add_account("nguoi2", ("checker", world.city))
    assert "Chưa có người kiểm tra" not in as_("thanhpho").get(url(opened)).text


def test_the_fragment_is_sent_again_only_when_something_has_changed(as_: Enter, world: World) -> None:
    opened = city_round(world)
    browser = as_("thanhpho")
    fragment = url(opened, "tinh-hinh/so-lieu")
    first = browser.get(fragment)
    etag = first.headers["ETag"]
    assert first.status_code == 200 and "<html" not in first.text
    assert browser.get(fragment, headers={"If-None-Match": etag}).status_code == 304
    sit(opened.entries[0])
    again = browser.get(fragment, headers={"If-None-Match": etag})
    assert again.status_code == 200 and "1 đang làm bài" in text_of(again)


def test_a_district_sees_its_own_part_of_the_citys_round(as_: Enter, world: World) -> None:
    opened = city_round(world)
    browser = as_("phuctho")
    page = text_of(browser.get(url(opened)))
    assert "1 chưa vào, trong 1" in page
    assert "Xã Hát Môn" in page and "Đông Mỹ" not in page and "Huyện Thanh Trì" not in page
    other = world.districts["Huyện Thanh Trì"].public_id
    for each in ("tinh-hinh", "tinh-hinh/so-lieu", "luot-thi", "chua-vao.xlsx"):
        assert browser.get(f"{url(opened, each)}?don_vi={other}").status_code == 403
    people = text_of(browser.get(url(opened, "luot-thi")))
    assert "Đỗ Thị Em" in people and "Nguyễn Văn An" not in people


def test_clerks_and_strangers_see_nothing_of_it(as_: Enter, world: World) -> None:
    with unit_of_work():
        contest = create_contest(world.districts["Huyện Thanh Trì"], "Hội thi", hotline="1")
        round_ = add_round(contest, "Vòng 1")
        round_.state, round_.opened_at = "open", now()
    for somebody in ("thuky", "phuctho", "rade"):
        for page in ("tinh-hinh", "tinh-hinh/so-lieu", "luot-thi", "chua-vao.xlsx"):
            assert as_(somebody).get(f"/quan-tri/vong-thi/{round_.public_id}/{page}").status_code == 403


def test_people_are_filtered_by_state_unit_and_name(as_: Enter, world: World) -> None:
    opened = city_round(world)
    sit(opened.entries[0])
    browser = as_("thanhpho")
    page = browser.get(f"{url(opened, 'luot-thi')}?tinh_trang=dang-lam").text
    assert "Nguyễn Văn An" in page and "Trần Thị Bình" not in page
    page = browser.get(f"{url(opened, 'luot-thi')}?q=binh").text
    assert "Trần Thị Bình" in page and "Nguyễn Văn An" not in page
    unit = world.districts["Huyện Phúc Thọ"].public_id
    page = browser.get(f"{url(opened, 'luot-thi')}?don_vi={unit}").text
    assert "Đỗ Thị Em" in page and "Nguyễn Văn An" not in page


def test_those_who_have_not_come_are_an_excel_file_in_the_order_of_units(as_: Enter, world: World) -> None:
    opened = city_round(world)
    sit(opened.entries[0])
    district = world.districts["Huyện Thanh Trì"].public_id
    answer = as_("thanhpho").get(f"{url(opened, 'chua-vao.xlsx')}?don_vi={district}")
    sheet = load_workbook(BytesIO(answer.data)).active
    names = [row[1] for row in sheet.iter_rows(values_only=True)]
    assert "Nguyễn Văn An" not in names and "Đỗ Thị Em" not in names
    assert [n for n in names if n in ("Trần Thị Bình", "Lê Thị Chi", "Phạm Văn Dũng")]
    assert {"Trần Thị Bình", "Lê Thị Chi", "Phạm Văn Dũng"} <= set(names)


# ---- a later end ----


def test_a_later_end_gives_time_to_those_whom_it_cut_short(app: Flask, clock: ManualClock) -> None:
    opened = city_round(make_world())
    window = opened.round.windows[0]
    early = sit(opened.entries[0])
    clock.advance(45 * 60)
    late = sit(opened.entries[1])
    with unit_of_work():
        late.deadline = window.closes_at
    closes = window.closes_at
    with unit_of_work():
        assert extend_window(window, 5, "Mất điện") == 1
    assert late.deadline == closes + timedelta(minutes=5)
    assert early.deadline == early.started_at + timedelta(minutes=25)
    with unit_of_work():
        extend_window(window, 60, "Mất điện lâu")
    assert late.deadline == late.started_at + timedelta(minutes=25), "nobody gets more than the rules give"
    assert opened.round.notice_number == 2


def test_a_window_that_has_closed_is_not_opened_again(app: Flask, clock: ManualClock) -> None:
    opened = city_round(make_world())
    clock.advance(3600)
    with pytest.raises(WindowOver), unit_of_work():
        extend_window(opened.round.windows[0], 5, "Muộn rồi")
    assert opened.round.windows[0].closes_at == now()


def test_the_page_asks_for_minutes_and_a_reason_that_is_kept(as_: Enter, world: World) -> None:
    opened = city_round(world)
    window: Window = opened.round.windows[0]
    page = f"/quan-tri/ca-thi/{window.public_id}/lui-gio"
    browser = as_("thanhpho")
    assert "Xin ghi lý do." in browser.post(page, data={"minutes": "10", "reason": ""}).text
    assert "từ 1 đến 1.440" in browser.post(page, data={"minutes": "0", "reason": "x"}).text
    answer = browser.post(page, data={"minutes": "10", "reason": "Mất điện ở hai xã"}, follow_redirects=True)
    assert "Đã lùi giờ kết thúc thêm 10 phút" in answer.text and "08:00–09:10" in answer.text
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "window.moved")).one()
    assert kept.details == {"minutes": 10, "reason": "Mất điện ở hai xã"}
    for somebody in ("thanhtri", "phuctho"):
        assert as_(somebody).post(page, data={"minutes": "10", "reason": "x"}).status_code == 403
