"""Windows by unit: rows that come and go by buttons, faults at their fields, what is worth a second look."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contest.rounds.entries import enter_people
from contest.rounds.models import Round
from contest.rounds.service import add_round, create_contest
from contest.rules.parts.quiz import BlueprintCell
from core.database import unit_of_work
from tests import world as w
from tests.contest.conftest import Enter, text_of
from tests.world import World


@pytest.fixture
def city_round(world: World) -> Round:
    """A round of the city, in preparation, 25 minutes long."""
    with unit_of_work():
        contest = create_contest(world.city, "Hội thi thành phố", hotline="1")
        return add_round(contest, "Vòng 1", cells=[BlueprintCell(count=4)])


def url(round_: Round) -> str:
    return f"/quan-tri/vong-thi/{round_.public_id}/ca-thi"


def row(number: int, unit: str, opens: str, closes: str, day: str = "01/12/2026", until: str = "") -> dict[str, str]:
    prefix = f"windows-{number}-"
    values = {"unit": unit, "day": day, "opens": opens, "closes": closes, "until": until}
    return {prefix + name: value for name, value in values.items()}


def test_two_districts_get_their_hours(as_: Enter, world: World, city_round: Round) -> None:
    tt, pt = (world.districts[f"Huyện {name}"] for name in ("Thanh Trì", "Phúc Thọ"))
    data = {**row(0, tt.public_id, "08:00", "09:00"), **row(1, pt.public_id, "14h", "15h00", "2026-12-01")}
    browser = as_("thanhpho")
    answer = browser.post(url(city_round), data=data, follow_redirects=True)
    assert "Đã lưu 2 ca thi." in answer.text
    hours = {x.unit.name: (x.opens_at, x.closes_at) for x in city_round.windows}
    assert hours["Huyện Thanh Trì"] == (datetime(2026, 12, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, 2, tzinfo=UTC))
    assert hours["Huyện Phúc Thọ"] == (datetime(2026, 12, 1, 7, tzinfo=UTC), datetime(2026, 12, 1, 8, tzinfo=UTC))
    assert 'value="01/12/2026"' in answer.text and 'value="14:00"' in answer.text


def test_a_window_may_last_for_days(as_: Enter, world: World, city_round: Round) -> None:
    tt = world.districts["Huyện Thanh Trì"].public_id
    as_("thanhpho").post(url(city_round), data=row(0, tt, "08:00", "22:00", until="06/12/2026"))
    assert (city_round.windows[0].closes_at - city_round.windows[0].opens_at).days == 5


def test_faults_stand_in_their_rows_and_what_was_typed_stays(as_: Enter, world: World, city_round: Round) -> None:
    tt, pt = (world.districts[f"Huyện {name}"].public_id for name in ("Thanh Trì", "Phúc Thọ"))
    browser = as_("thanhpho")
    page = browser.post(url(city_round), data={**row(0, tt, "9:00", "08:00"), **row(1, pt, "tám giờ", "9h", "31/02/2026")})
    assert page.status_code == 422
    assert "Xin nhập giờ như 08:00." in page.text and "Xin nhập ngày như 24/11/2026." in page.text
    assert 'value="tám giờ"' in page.text and 'value="31/02/2026"' in page.text
    assert "Giờ đóng phải sau giờ mở." in browser.post(url(city_round), data=row(0, tt, "9:00", "08:00")).text
    assert city_round.windows == []


def test_two_windows_for_one_unit_are_refused(as_: Enter, world: World, city_round: Round) -> None:
    tt = world.districts["Huyện Thanh Trì"].public_id
    page = as_("thanhpho").post(url(city_round), data={**row(0, tt, "8h", "9h"), **row(1, tt, "14h", "15h")}).text
    assert "đã có ca thi ở dòng 1" in page
    assert city_round.windows == []


def test_a_unit_outside_of_the_contest_is_refused(as_: Enter, world: World) -> None:
    with unit_of_work():
        contest = create_contest(world.districts["Huyện Thanh Trì"], "Hội thi", hotline="1")
        round_ = add_round(contest, "Vòng 1")
    other = world.districts["Huyện Phúc Thọ"].public_id
    browser = as_("thanhtri")
    assert "không thuộc hội thi" in browser.post(url(round_), data=row(0, other, "8h", "9h")).text
    assert "Xin chọn đơn vị trong danh sách" in browser.post(url(round_), data={"lam": "them", "chosen": other}).text
    assert round_.windows == []


def test_rows_come_and_go_by_buttons_and_keep_the_others(as_: Enter, world: World, city_round: Round) -> None:
    tt, pt = (world.districts[f"Huyện {name}"].public_id for name in ("Thanh Trì", "Phúc Thọ"))
    browser = as_("thanhpho")
    page = browser.post(url(city_round), data={"lam": "them", "chosen": tt}).text
    assert 'name="windows-0-day"' in page and 'value="25/11/2026"' in page and 'value="08:00"' in page
    page = browser.post(url(city_round), data={**row(0, tt, "7:15", "7:45"), "lam": "them", "chosen": pt}).text
    assert page.count('value="07:15"') + page.count('value="7:15"') == 2, "the new row begins with the last one's hours"
    data = {**row(0, tt, "7:15", "7:45"), **row(1, pt, "14:00", "15:00"), "bo": "0"}
    page = browser.post(url(city_round), data=data).text
    assert 'value="14:00"' in page and 'value="7:15"' not in page
    assert city_round.windows == []


def test_units_are_found_without_accents(as_: Enter, city_round: Round) -> None:
    page = as_("thanhpho").post(url(city_round), data={"lam": "tim", "search": "tam hiep phuc tho"}).text
    assert "Xã Tam Hiệp, Huyện Phúc Thọ" in page and "Xã Tam Hiệp, Huyện Thanh Trì" not in page
    assert "Không tìm thấy đơn vị nào" in as_("thanhpho").post(url(city_round), data={"lam": "tim", "search": "zzz"}).text


def test_every_unit_below_gets_a_row_at_once(as_: Enter, world: World, city_round: Round) -> None:
    tt = world.districts["Huyện Thanh Trì"].public_id
    page = as_("thanhpho").post(url(city_round), data={**row(0, tt, "8h", "9h"), "lam": "moi-don-vi"}).text
    assert 'name="windows-1-day"' in page and 'name="windows-2-day"' not in page


def test_the_page_tells_what_is_worth_a_second_look(as_: Enter, world: World, city_round: Round) -> None:
    tt, commune = world.districts["Huyện Thanh Trì"], world.communes["Xã Đông Mỹ, Huyện Thanh Trì"]
    with unit_of_work():
        people = [
            w.add_person(world.cells["Chi bộ thôn 1, Xã Đông Mỹ, Huyện Thanh Trì"], "Nguyễn Văn An"),
            w.add_person(world.cells["Chi bộ thôn 1, Xã Tam Hiệp, Huyện Thanh Trì"], "Trần Thị Bình"),
            w.add_person(world.cells["Chi bộ thôn 1, Xã Hát Môn, Huyện Phúc Thọ"], "Lê Thị Chi"),
        ]
        enter_people(city_round.contest, people)
    data = {**row(0, tt.public_id, "8:00", "8:20"), **row(1, commune.public_id, "14h", "15h", "01/11/2026")}
    page = text_of(as_("thanhpho").post(url(city_round), data=data, follow_redirects=True))
    assert "Ca thi của Huyện Thanh Trì chỉ dài 20 phút, ngắn hơn thời gian làm bài 25 phút." in page
    assert "Ca thi của Xã Đông Mỹ đã qua." in page
    assert "Xã Đông Mỹ nằm trong Huyện Thanh Trì" in page
    assert "1 thí sinh không thuộc ca nào" in page
    assert page.count("1 thí sinh") == 3


def test_only_the_organiser_of_the_contest_sets_windows(as_: Enter, city_round: Round) -> None:
    for somebody in ("thanhtri", "phuctho"):
        assert as_(somebody).get(url(city_round)).status_code == 403
        assert as_(somebody).post(url(city_round), data={}).status_code == 403
