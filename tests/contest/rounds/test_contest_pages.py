"""The list of contests, founding one, editing it: each organiser within the own units."""

from __future__ import annotations

from sqlalchemy import select

from contest.rounds.models import Contest, Round
from contest.rounds.service import add_round, create_contest, rules_of
from core.database import db, unit_of_work
from tests.contest.conftest import Enter, text_of
from tests.world import World


def found(world: World, unit: str, name: str = "Hội thi huyện") -> Contest:
    with unit_of_work():
        return create_contest(world.unit(unit) if unit != "city" else world.city, name, hotline="024 1")


def test_without_a_contest_the_list_says_what_to_do(as_: Enter) -> None:
    page = text_of(as_("thanhtri").get("/quan-tri/hoi-thi"))
    assert "Chưa có hội thi nào" in page and "Lập hội thi" in page
    assert "Lập hội thi rồi" in page


def test_a_clerk_sees_contests_but_founds_none(as_: Enter, world: World) -> None:
    found(world, "Huyện Thanh Trì")
    clerk = as_("thuky")
    page = clerk.get("/quan-tri/hoi-thi").text
    assert "Hội thi huyện" in page and "/hoi-thi/moi" not in page
    assert clerk.get("/quan-tri/hoi-thi/moi").status_code == 403


def test_the_list_holds_ones_own_contests_and_those_of_the_units_above(as_: Enter, world: World) -> None:
    found(world, "Huyện Thanh Trì", "Hội thi Thanh Trì")
    found(world, "Huyện Phúc Thọ", "Hội thi Phúc Thọ")
    found(world, "city", "Hội thi toàn thành phố")
    page = as_("thanhtri").get("/quan-tri/hoi-thi").text
    assert "Hội thi Thanh Trì" in page and "Hội thi toàn thành phố" in page
    assert "Hội thi Phúc Thọ" not in page
    assert "Hội thi Phúc Thọ" in as_("thanhpho").get("/quan-tri/hoi-thi").text


def test_the_list_is_searched_without_accents_and_filtered_by_state(as_: Enter, world: World) -> None:
    one = found(world, "Huyện Thanh Trì", "Bí thư giỏi 2026")
    found(world, "Huyện Thanh Trì", "Hội thi cũ")
    with unit_of_work():
        add_round(one, "Vòng 1").state = "open"
    browser = as_("thanhtri")
    page = browser.get("/quan-tri/hoi-thi?q=bi+thu").text
    assert "Bí thư giỏi 2026" in page and "Hội thi cũ" not in page
    assert "Hội thi cũ" not in browser.get("/quan-tri/hoi-thi?trang_thai=open").text
    assert "Bí thư giỏi 2026" not in browser.get("/quan-tri/hoi-thi?trang_thai=preparing").text
    assert "Không tìm thấy" in browser.get("/quan-tri/hoi-thi?trang_thai=published").text


def test_founding_a_contest_leads_to_its_page(as_: Enter, world: World) -> None:
    district = world.districts["Huyện Thanh Trì"]
    answer = as_("thanhtri").post(
        "/quan-tri/hoi-thi/moi",
        data={"name": "Bí thư giỏi  2026", "unit": district.public_id, "bank": "", "hotline": "024 3", "introduction": "Chào"},
    )
    contest = db.session.scalars(select(Contest)).one()
    assert answer.status_code == 303 and answer.location.endswith(f"/quan-tri/hoi-thi/{contest.public_id}")
    assert (contest.name, contest.unit_id, contest.bank_unit_id) == ("Bí thư giỏi 2026", district.id, district.id)


def test_nobody_founds_a_contest_for_a_unit_out_of_scope(as_: Enter, world: World) -> None:
    data = {"name": "X", "unit": world.districts["Huyện Phúc Thọ"].public_id, "bank": "", "hotline": "1"}
    assert as_("thanhtri").post("/quan-tri/hoi-thi/moi", data=data).status_code == 403
    assert db.session.scalars(select(Contest)).all() == []


def test_what_was_typed_stays_and_faults_stand_at_their_fields(as_: Enter, world: World) -> None:
    unit = world.districts["Huyện Thanh Trì"].public_id
    page = as_("thanhtri").post("/quan-tri/hoi-thi/moi", data={"name": "  ", "unit": unit, "hotline": "024 9999"}).text
    assert "Xin ghi tên hội thi." in page and 'value="024 9999"' in page
    page = as_("thanhtri").post("/quan-tri/hoi-thi/moi", data={"name": "Tên tôi gõ", "unit": "khong-co", "hotline": "1"}).text
    assert "Xin chọn đơn vị tổ chức." in page and 'value="Tên tôi gõ"' in page


def test_searching_for_a_unit_narrows_the_choice_and_keeps_the_rest(as_: Enter) -> None:
    page = as_("thanhpho").post(
        "/quan-tri/hoi-thi/moi", data={"name": "Tên tôi gõ", "tim_don_vi": "tam hiep", "lam": "tim"}
    ).text
    assert 'value="Tên tôi gõ"' in page and "Xin ghi" not in page
    assert "Xã Tam Hiệp, Huyện Thanh Trì" in page and "Xã Tam Hiệp, Huyện Phúc Thọ" in page
    assert "Xã Đông Mỹ" not in page


def test_the_bank_must_be_the_units_own_or_above_it(as_: Enter, world: World) -> None:
    data = {
        "name": "X", "hotline": "1", "unit": world.districts["Huyện Thanh Trì"].public_id,
        "bank": world.districts["Huyện Phúc Thọ"].public_id,
    }  # fmt: skip
    assert "Chỉ lấy được câu hỏi" in as_("thanhpho").post("/quan-tri/hoi-thi/moi", data=data).text
    as_("thanhpho").post("/quan-tri/hoi-thi/moi", data={**data, "bank": world.city.public_id})
    assert db.session.scalars(select(Contest)).one().bank_unit_id == world.city.id


def test_a_new_name_is_the_title_of_the_rules_too(as_: Enter, world: World) -> None:
    contest = found(world, "Huyện Thanh Trì")
    bank = contest.bank_unit.public_id
    answer = as_("thanhtri").post(
        f"/quan-tri/hoi-thi/{contest.public_id}/sua", data={"name": "Tên mới", "hotline": "024 5", "bank": bank}
    )
    assert answer.status_code == 303
    assert contest.name == "Tên mới" and rules_of(contest).title == "Tên mới"


def test_another_districts_contest_is_closed(as_: Enter, world: World) -> None:
    contest = found(world, "Huyện Thanh Trì")
    other = as_("phuctho")
    for page in ("", "/sua", "/vong-moi", "/thi-sinh"):
        assert other.get(f"/quan-tri/hoi-thi/{contest.public_id}{page}").status_code == 403
    assert other.post(f"/quan-tri/hoi-thi/{contest.public_id}/dua-vao").status_code == 403
    assert as_("thanhtri").get("/quan-tri/hoi-thi/khong-co").status_code == 404


def test_an_organiser_below_looks_at_the_contest_above_but_changes_nothing(as_: Enter, world: World) -> None:
    contest = found(world, "city", "Hội thi thành phố")
    below = as_("thanhtri")
    page = text_of(below.get(f"/quan-tri/hoi-thi/{contest.public_id}"))
    assert "Đây là hội thi của cấp trên" in page and "Sửa thông tin" not in page
    for page in ("/sua", "/vong-moi"):
        assert below.get(f"/quan-tri/hoi-thi/{contest.public_id}{page}").status_code == 403


def test_a_new_round_leads_to_its_settings(as_: Enter, world: World) -> None:
    contest = found(world, "Huyện Thanh Trì")
    url = f"/quan-tri/hoi-thi/{contest.public_id}/vong-moi"
    browser = as_("thanhtri")
    assert "Thời gian làm bài từ 1 đến 600 phút." in browser.post(url, data={"name": "Vòng 1", "minutes": "0"}).text
    assert "Xin nhập một số nguyên." in browser.post(url, data={"name": "Vòng 1", "minutes": "hai mươi"}).text
    answer = browser.post(url, data={"name": "Vòng 1", "minutes": "20"})
    round_ = db.session.scalars(select(Round)).one()
    assert answer.location.endswith(f"/quan-tri/vong-thi/{round_.public_id}/noi-dung")
    assert rules_of(contest).rounds[0].minutes == 20
