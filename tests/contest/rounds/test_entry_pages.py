"""Who takes part: entering the units' lists, who is ranked, and who may hold which role beside it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from contest.rounds.entries import SEES_BANK_OR_MARKS, enter_people
from contest.rounds.jobs import enter_everybody, enter_imported
from contest.rounds.models import Contest, Entry
from contest.rounds.service import add_round, create_contest
from core.access import Role
from core.accounts.grants import objection
from core.accounts.importing.models import ImportBatch
from core.accounts.models import Person
from core.audit import AuditEntry
from core.database import db, unit_of_work
from core.database.server_time import now
from core.jobs import Job, run_now
from tests import world as w
from tests.contest.conftest import Enter, text_of
from tests.world import World


@pytest.fixture
def contest(world: World) -> Contest:
    """A contest of Thanh Trì with nobody in it."""
    with unit_of_work():
        made = create_contest(world.districts["Huyện Thanh Trì"], "Hội thi huyện", hotline="1")
        add_round(made, "Vòng 1")
    return made


def people(world: World, *names: str, cell: str = "Chi bộ thôn 1, Xã Đông Mỹ, Huyện Thanh Trì") -> list[Person]:
    with unit_of_work():
        return [w.add_person(world.cells[cell], name) for name in names]


def entered(contest: Contest) -> list[str]:
    names = select(Person.full_name).join(Entry, Entry.person_id == Person.id).where(Entry.contest_id == contest.id)
    return sorted(db.session.scalars(names))


def test_a_button_enters_the_lists_of_the_units_and_of_no_others(as_: Enter, world: World, contest: Contest) -> None:
    people(world, "Nguyễn Văn An", "Trần Thị Bình")
    people(world, "Lê Thị Chi", cell="Chi bộ thôn 1, Xã Hát Môn, Huyện Phúc Thọ")
    browser = as_("thanhtri")
    assert "2 người trong danh sách đơn vị chưa được đưa vào" in text_of(browser.get(page_of(contest)))
    answer = browser.post(f"/quan-tri/hoi-thi/{contest.public_id}/dua-vao")
    job = db.session.scalars(select(Job)).one()
    assert answer.location.endswith(f"/viec/{job.public_id}?theo=1")
    assert run_now(job.id).state == "done"
    assert entered(contest) == ["Nguyễn Văn An", "Trần Thị Bình"]
    one = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "entries.added")).one()
    assert one.details["count"] == 2


def page_of(contest: Contest) -> str:
    return f"/quan-tri/hoi-thi/{contest.public_id}/thi-sinh"


def test_the_job_goes_chunk_by_chunk_and_again_changes_nothing(
    world: World, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contest.rounds.jobs.CHUNK", 2)
    people(world, *(f"Nguyễn Văn {letter}" for letter in "ABCDE"))
    for steps in (3, 0):
        with unit_of_work():
            job_id = enter_everybody(contest).id
        done = run_now(job_id)
        assert (done.state, done.steps_total) == ("done", steps)
        assert len(entered(contest)) == 5


def test_imported_people_are_entered_into_the_contests_of_their_units(world: World, contest: Contest) -> None:
    with unit_of_work():
        over = create_contest(world.districts["Huyện Thanh Trì"], "Đã xong", hotline="1")
        add_round(over, "Vòng 1").state = "closed"
        other = create_contest(world.districts["Huyện Phúc Thọ"], "Nơi khác", hotline="1")
    people(world, "Nguyễn Văn An")
    with unit_of_work():
        unit = world.communes["Xã Đông Mỹ, Huyện Thanh Trì"]
        enter_imported(ImportBatch(unit_id=unit.id, unit_path=unit.path))
    for job in db.session.scalars(select(Job)).all():
        run_now(job.id)
    assert entered(contest) == ["Nguyễn Văn An"]
    assert entered(over) == [] and entered(other) == []


def test_somebody_sits_out_of_competition_for_a_reason_and_comes_back(as_: Enter, world: World, contest: Contest) -> None:
    with unit_of_work():
        entry = enter_people(contest, [w.add_person(world.unit("Xã Đông Mỹ, Huyện Thanh Trì"), "Nguyễn Văn An")])[0]
    url = f"/quan-tri/dang-ky/{entry.public_id}/xep-hang"
    browser = as_("thanhtri")
    assert "Xin ghi lý do." in browser.post(url, data={"reason": " "}).text
    page = text_of(browser.post(url, data={"reason": "Tham gia tổ phục vụ"}, follow_redirects=True))
    assert "Tham gia tổ phục vụ" in page and not db.session.get_one(Entry, entry.id).ranked
    browser.post(url)
    assert db.session.get_one(Entry, entry.id).ranked
    assert as_("phuctho").get(url).status_code == 403


def test_who_sees_the_bank_cannot_be_ranked(as_: Enter, world: World, contest: Contest) -> None:
    with unit_of_work():
        person = w.add_person(world.unit("Xã Đông Mỹ, Huyện Thanh Trì"), "Nguyễn Văn An")
        w.add_account("an", ("question_setter", world.city)).person_id = person.id
        db.session.flush()
        entry = enter_people(contest, [person])[0]
    browser = as_("thanhtri")
    assert SEES_BANK_OR_MARKS in text_of(browser.get(page_of(contest)))
    page = browser.post(f"/quan-tri/dang-ky/{entry.public_id}/xep-hang", follow_redirects=True)
    assert SEES_BANK_OR_MARKS in text_of(page)
    assert not db.session.get_one(Entry, entry.id).ranked


def test_who_is_ranked_gets_no_role_that_shows_bank_or_marks(world: World, contest: Contest) -> None:
    with unit_of_work():
        person = w.add_person(world.unit("Xã Đông Mỹ, Huyện Thanh Trì"), "Nguyễn Văn An")
        entry = enter_people(contest, [person])[0]
        account = w.add_account("an")
        account.person_id = person.id
    thanh_tri, phuc_tho = world.districts["Huyện Thanh Trì"], world.districts["Huyện Phúc Thọ"]
    commune = world.communes["Xã Đông Mỹ, Huyện Thanh Trì"]
    for unit in (world.city, thanh_tri, commune):
        assert "Hội thi huyện" in (objection(account, Role.QUESTION_SETTER, unit) or "")
    assert objection(account, Role.QUESTION_SETTER, phuc_tho) is None
    assert objection(account, Role.CLERK, thanh_tri) is None
    with unit_of_work():
        entry.ranked = False
    assert objection(account, Role.ORGANISER, thanh_tri) is None


def test_what_was_published_no_longer_forbids_a_role(world: World, contest: Contest) -> None:
    with unit_of_work():
        person = w.add_person(world.unit("Xã Đông Mỹ, Huyện Thanh Trì"), "Nguyễn Văn An")
        enter_people(contest, [person])
        account = w.add_account("an")
        account.person_id = person.id
        contest.rounds[0].state = "closed"
    district = world.districts["Huyện Thanh Trì"]
    assert objection(account, Role.REVIEWER, district) is not None
    with unit_of_work():
        contest.rounds[0].published_at = now()
    assert objection(account, Role.REVIEWER, district) is None


def test_an_organiser_below_sees_the_own_people_only(as_: Enter, world: World) -> None:
    with unit_of_work():
        contest = create_contest(world.city, "Hội thi thành phố", hotline="1")
        own = w.add_person(world.cells["Chi bộ thôn 1, Xã Đông Mỹ, Huyện Thanh Trì"], "Nguyễn Văn An")
        other = w.add_person(world.cells["Chi bộ thôn 1, Xã Hát Môn, Huyện Phúc Thọ"], "Lê Thị Chi")
        enter_people(contest, [own, other])
    browser = as_("thanhtri")
    page = text_of(browser.get(page_of(contest)))
    assert "Nguyễn Văn An" in page and "Lê Thị Chi" not in page
    other_unit = world.districts["Huyện Phúc Thọ"].public_id
    assert "Lê Thị Chi" not in browser.get(f"{page_of(contest)}?don_vi={other_unit}").text
    overview = text_of(browser.get(f"/quan-tri/hoi-thi/{contest.public_id}"))
    assert "1 thí sinh" in overview and "Các bước chuẩn bị" not in overview


def test_entries_are_found_without_accents_and_by_unit(as_: Enter, world: World, contest: Contest) -> None:
    with unit_of_work():
        a = w.add_person(world.cells["Chi bộ thôn 1, Xã Đông Mỹ, Huyện Thanh Trì"], "Nguyễn Thị Thủy")
        b = w.add_person(world.cells["Chi bộ thôn 1, Xã Tam Hiệp, Huyện Thanh Trì"], "Trần Văn Hòa")
        enter_people(contest, [a, b])
    browser = as_("thuky")
    page = browser.get(f"{page_of(contest)}?q=thuy").text
    assert "Nguyễn Thị Thủy" in page and "Trần Văn Hòa" not in page
    commune = world.communes["Xã Tam Hiệp, Huyện Thanh Trì"].public_id
    page = browser.get(f"{page_of(contest)}?don_vi={commune}").text
    assert "Trần Văn Hòa" in page and "Nguyễn Thị Thủy" not in page
