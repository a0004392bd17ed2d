"""Pages of forms without JavaScript: asked for, judged, changed, confirmed, chosen; who reads the questions."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from docx import Document

from contest.papers.making import service
from contest.papers.making.asking import Wish
from contest.papers.making.models import FormSet
from core.database import db, unit_of_work
from core.jobs import Job, run_now
from tests.contest.conftest import Enter, text_of
from tests.contest.papers.making.conftest import TOPIC, Made, assembled, make_round
from tests.world import World


@pytest.fixture
def made(world: World) -> Made:
    return make_round(world)


def asked(cells: list[tuple[str, str]], **changes: str) -> dict[str, str]:
    """What the browser sends; ``cells`` are (level, count) of the one topic."""
    data = {"loai": "parallel", "forms": "2", "max_shared": "0", "statistics": "measured", "alike": "y", "apart": ""}
    for number, (level, count) in enumerate(cells):
        data |= {f"cells-{number}-topic": TOPIC, f"cells-{number}-level": level, f"cells-{number}-type": "",
                 f"cells-{number}-count": count}  # fmt: skip
    return {**data, **changes}


def do_jobs() -> None:
    for job in db.session.query(Job).filter_by(state="waiting").all():
        assert run_now(job.id).state == "done"


def url(made: Made, rest: str = "") -> str:
    return f"/quan-tri/vong-thi/{made.round.public_id}/de{rest}"


def test_a_setter_asks_judges_confirms_and_an_organiser_chooses(as_: Enter, made: Made) -> None:
    setter = as_("rade")
    assert "Vòng 1" in text_of(setter.get("/quan-tri/de-thi"))
    page = setter.get(url(made, "/moi")).text
    assert re.search(r'name="cells-0-count"[^>]*value="3"', page) and re.search(r'name="forms"[^>]*value="2"', page)
    answer = setter.post(url(made, "/moi"), data=asked([("nhận biết", "3"), ("vận dụng", "2")]))
    assert answer.status_code == 303
    do_jobs()
    form_set = db.session.query(FormSet).one()
    page = text_of(setter.get(f"/quan-tri/bo-de/{form_set.public_id}"))
    # By level: 3 × 0.85 = 2.55 and 2 × 0.55 = 1.1 in each form, 3.65 in all.
    assert "2,55 2,55 0" in page and "1,1 1,1 0" in page and "3,65 3,65 0" in page
    assert "Không có câu nào nằm trong hai mã đề." in page and "Tốt nhất, đã chứng minh" in page
    assert setter.post(f"/quan-tri/bo-de/{form_set.public_id}/chot").status_code == 303
    organiser = as_("thanhtri")
    assert organiser.post(url(made), data={"cach": form_set.public_id}).status_code == 303
    assert service.set_in_use(made.round) is not None
    assert "Bộ đề số 1" in text_of(organiser.get("/quan-tri/de-thi"))
    assert "Đề thi: bộ đề số 1, 2 mã đề" in text_of(organiser.get(f"/quan-tri/vong-thi/{made.round.public_id}"))
    organiser.post(url(made), data={"cach": "boc"})
    assert service.set_in_use(made.round) is None


def test_the_words_of_questions_are_for_those_who_may_read_the_bank(as_: Enter, made: Made) -> None:
    form = assembled(made.round, Wish(forms=2)).forms[0]
    setter, organiser = (as_(name).get(f"/quan-tri/ma-de/{form.public_id}") for name in ("rade", "thanhtri"))
    assert form.places[0].version.stem in setter.text
    assert "ra sao?" not in organiser.text
    assert "chỉ tổ ra đề và tổ thẩm định đọc được" in organiser.text
    other = as_("thanhtri").get(f"/quan-tri/ma-de/{form.public_id}/cau/1").text
    assert "ra sao?" not in other


def test_what_is_short_stands_at_the_cell_when_it_is_asked_for_again(as_: Enter, made: Made) -> None:
    form_set = assembled(made.round, Wish(forms=4))
    setter = as_("rade")
    page = text_of(setter.get(f"/quan-tri/bo-de/{form_set.public_id}"))
    # Four forms of 3 need 12 of the 9 easy ones.
    assert f"Ô “{TOPIC} · nhận biết” thiếu 3 câu" in page and "thêm ít nhất 5 câu" in page
    again = setter.get(url(made, f"/moi?tu={form_set.public_id}")).text
    place = again.index('id="cells-0-count-error"')
    assert "Thiếu 3 câu: cần 12, chỉ xếp được 9." in again[place : place + 400]
    assert re.search(r'name="forms"[^>]*value="4"', again)


def test_faults_stand_at_their_fields_and_nothing_is_asked(as_: Enter, made: Made) -> None:
    answer = as_("rade").post(
        url(made, "/moi"), data=asked([("nhận biết", "0")], forms="1", max_shared="-1", apart="\nkhongco")
    )
    assert answer.status_code == 422
    page = text_of(answer)
    for said in ("Từ 2 đến 24 mã đề", "Từ 1 đến 500 câu", "Xin nhập một số nguyên", "Dòng 2: không có câu nào mang mã khongco"):
        assert said in page
    assert db.session.query(FormSet).count() == 0


def test_a_question_is_changed_moved_and_the_change_undone(as_: Enter, made: Made) -> None:
    form_set = assembled(made.round, Wish(forms=1), "fixed")
    form, setter = form_set.forms[0], as_("rade")
    before = [place.version_id for place in form.places]
    offers = setter.get(f"/quan-tri/ma-de/{form.public_id}/cau/1").text
    code = re.search(r'name="cau" value="(\w+)"', offers)
    assert code
    assert setter.post(f"/quan-tri/ma-de/{form.public_id}/cau/1", data={"cau": code[1]}).status_code == 303
    assert setter.post(f"/quan-tri/ma-de/{form.public_id}/thu-tu", data={"xuong": "1"}).status_code == 303
    db.session.expire_all()
    after = [place.version_id for place in form.places]
    assert after[0] == before[1] and after[1] not in before
    page = text_of(setter.get(f"/quan-tri/bo-de/{form_set.public_id}"))
    assert "101, câu 1 ↔ 101, câu 2: đổi thứ tự" in page and "thay bằng câu khác của ngân hàng" in page
    for _time in range(2):
        setter.post(f"/quan-tri/bo-de/{form_set.public_id}/hoan-tac")
    db.session.expire_all()
    assert [place.version_id for place in form.places] == before


def test_a_set_that_does_not_fit_is_not_chosen_and_the_page_says_why(as_: Enter, made: Made) -> None:
    form_set = assembled(made.round, Wish(forms=1), "fixed")
    answer = as_("thanhtri").post(url(made), data={"cach": form_set.public_id})
    assert answer.status_code == 409 and "chưa được chốt" in text_of(answer)
    with unit_of_work():
        service.discard(form_set)
    assert "Các bộ đã bỏ" in text_of(as_("thanhtri").get(url(made)))


def test_others_find_no_way_in(as_: Enter, made: Made) -> None:
    form_set = assembled(made.round, Wish(forms=1), "fixed")
    for name in ("phuctho", "thuky", "kiemtra"):
        browser = as_(name)
        assert browser.get(url(made)).status_code == 403
        assert browser.get(f"/quan-tri/bo-de/{form_set.public_id}").status_code == 403
        assert browser.post(f"/quan-tri/bo-de/{form_set.public_id}/chot").status_code == 403
        assert "Đề thi của" not in browser.get(f"/quan-tri/vong-thi/{made.round.public_id}").text
    assert form_set.state == "made"


def test_a_set_is_printed_with_its_own_codes_by_those_who_may_read_it(as_: Enter, made: Made) -> None:
    form_set = assembled(made.round, Wish(forms=2))
    address, data = f"/quan-tri/bo-de/{form_set.public_id}/in", {"columns": "1", "format": "docx"}
    assert as_("thanhtri").post(address, data=data).status_code == 403
    assert "In bộ đề này" not in as_("thanhtri").get(f"/quan-tri/bo-de/{form_set.public_id}").text
    setter = as_("rade")
    assert "In bộ đề này" in setter.get(f"/quan-tri/bo-de/{form_set.public_id}").text
    assert setter.post(address, data=data).status_code == 303
    do_jobs()
    job = db.session.query(Job).filter_by(kind="papers.print").one()
    assert job.result is not None
    pack = zipfile.ZipFile(io.BytesIO(setter.get(job.result["url"]).data))
    for form in form_set.forms:
        name = next(name for name in pack.namelist() if form.code in name)
        words = "\n".join(p.text for p in Document(io.BytesIO(pack.read(name))).paragraphs)
        places = [words.index(place.version.stem) for place in form.places]
        assert places == sorted(places)
