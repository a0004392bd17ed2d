"""A whole house for the security tests: everything that a URL can name, all of it Thanh Trì's, and everybody who may ask.

Built once by the real services on SQLite; the file is put back after each request that may have changed something.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, g
from sqlalchemy import select
from werkzeug.test import Client, TestResponse

from contest.insights.jobs import ask_for_statistics
from contest.papers.making.asking import Wish, ask_for_forms
from contest.papers.opening import open_round
from contest.papers.pool import cells_of
from contest.papers.printing.drawn import Order
from contest.papers.printing.jobs import ask_for_paper
from contest.rounds.entries import enter_people
from contest.rounds.models import Contest, Round
from contest.rounds.service import WindowPlan, add_round, change_round, create_contest, round_rules, rules_of, set_windows
from contest.rounds.slip_jobs import ask_for_slips
from contest.rules.document import ShowRules
from contest.rules.parts.quiz import BlueprintCell
from contest.sittings.deadlines import close_settled_rounds
from contest.sittings.hot_apps import PREFIX
from contest.sittings.journal import NewRow, Save, save
from contest.sittings.lifecycle import Submit, submit
from contest.sittings.models import Sitting
from contest.sittings.service import committed, seat_in
from contest.standings.exporting import ask_for_export
from contest.standings.listing import scopes
from contest.standings.models import Standing
from contest.standings.publishing import confirm, publish
from contest.standings.service import prepare, standing_by_public_id
from core.access import Actor
from core.accounts.importing import batches
from core.accounts.models import Account, Person
from core.accounts.people import add_person, code_of
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from core.documents import uploads
from core.jobs import run_now
from core.jobs.service import find
from core.organisation.models import Unit
from questions.bank.importing import service as question_imports
from questions.bank.importing.models import QuestionImportItem, QuestionImportProblem
from questions.bank.models import Question, Topic
from questions.bank.sources import SourceFacts, create_source
from run import create_server
from tests import world as w
from tests.core.accounts.importing.conftest import people as people_workbook
from tests.starts import start_sitting

#: Who asks, in the order of the matrix's columns.
ROLES = ("nobody", "contestant", "organiser", "organiser2", "clerk", "setter", "reviewer", "checker")

TT, PT = "Huyện Thanh Trì", "Huyện Phúc Thọ"
CELL = f"Chi bộ thôn 1, Xã Đông Mỹ, {TT}"
DEVICE = "a" * 64

#: Texts that must come out nowhere but where the matrix says. Letters only: no escaping hides them.
SECRET_STEM = "KhoaMatDeChuaMo"
SECRET_OPTION = "KhoaMatPhuongAnChuaMo"
SECRET_DRAFT = "KhoaMatBanNhap"
SECRET_EXPLANATION = "KhoaMatGiaiThich"
SECRET_PAST = "KhoaMatGiaiThichVongTruoc"
PHONES = {"an": "0911223344", "binh": "0955667788", "cuong": "0933221100"}
BORN = {"an": date(1961, 2, 3), "binh": date(1964, 5, 6), "cuong": date(1959, 8, 7)}
RUNNING_STEM = "Đảng viên có quyền gì, câu"

LIST = """Câu 1. Thời gian dự bị của đảng viên mới kết nạp là bao lâu?
A. 6 tháng
B. 12 tháng
C. 18 tháng
Đáp án: B
Câu 2. Cấp ủy viên chi bộ do tổ chức nào bầu ra?
A. Đại hội chi bộ
B. Đảng ủy cơ sở
C. Ban Thường vụ

ĐÁP ÁN
2. A
9. C
"""


@dataclass
class House:
    """The app, its server, what URLs can name, and a browser of each role."""

    app: Flask
    clock: ManualClock
    server: Any
    file: Path
    objects: dict[str, str] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    snapshot: Path = Path()

    def close(self) -> None:
        """Let go of the database, so that its file can be replaced."""
        self.app.extensions["writer"].close()
        self.app.extensions["bare_apps"][PREFIX].extensions["hot_path"].close()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def keep(self) -> None:
        """What is in the database now is what ``restore`` brings back."""
        self.close()
        self.snapshot = self.file.with_suffix(".kept")
        shutil.copy(self.file, self.snapshot)

    def restore(self) -> None:
        """Undo whatever requests have done to the database."""
        self.close()
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copy(self.snapshot, self.file)

    @contextmanager
    def changed(self, edit: Callable[[], object]) -> Iterator[None]:
        """``edit`` is done and committed before, everything is undone after. Requests keep app contexts of their own."""
        try:
            with self.app.app_context(), unit_of_work():
                edit()
            yield
        finally:
            self.restore()
            # A board that was published is kept in memory for good: nothing of the edit may stay there.
            mounted = self.app.extensions["mounts"]
            create_server(self.app)
            mounted.update(self.app.extensions["mounts"])
            self.app.extensions["mounts"] = mounted

    def browser(self, role: str) -> Client:
        """A fresh browser with the cookies of ``role``: what one request does to the cookies, no other sees."""
        client = Client(self.server)
        client._cookies = dict(self.browsers[role]._cookies)  # type: ignore[attr-defined]
        return client

    def ask(self, role: str, method: str, url: str, **more: Any) -> TestResponse:
        """One request as ``role``. Redirects are not followed."""
        answer = self.browser(role).open(url, method=method, **more)
        answer.get_data()  # a lazy body is read while the database is as it was
        return answer

    def url(self, rule: str, names: Iterable[str]) -> str:
        """``rule`` with its parameters filled by the objects called ``names``; unknown names stand for themselves."""
        url = rule
        for name in names:
            before, _lt, rest = url.partition("<")
            url = before + self.objects.get(name, name) + rest.partition(">")[2]
        assert "<" not in url, f"{rule} has more parameters than {list(names)}"
        return url


def build(app: Flask, clock: ManualClock, file: Path) -> House:
    """The house, everybody signed in, and a snapshot to come back to."""
    house = House(app, clock, create_server(app), file)
    with app.app_context():
        _build(house)
    house.keep()
    return house


def _build(house: House) -> None:
    today = house.clock.moment
    world = w.make_world()
    district, other = world.districts[TT], world.districts[PT]
    names = house.objects
    staff = _staff(world)
    people = _people(world)
    _units(house, world)
    for key, person in people.items():
        names[key] = person.public_id
    for key, account in staff.items():
        names[f"account_{key}"] = account.public_id
    names["grant"] = staff["spare"].grants[0].public_id
    names["grant_organiser2"] = staff["organiser2"].grants[0].public_id

    house.clock.moment = today - timedelta(days=3)
    _bank(house, district, other, staff["setter"])
    with unit_of_work():
        contest = create_contest(district, "Hội thi Thanh Trì", bank_unit=district, hotline="024 1234 5678")
        draft_contest = create_contest(district, "Hội thi đang chuẩn bị", bank_unit=district)
        other_contest = create_contest(other, "Hội thi Phúc Thọ", bank_unit=other)
        past = _round(contest, "Vòng đã công bố", "past")
        checked = _round(contest, "Vòng chờ công bố", "past2")
        running = _round(contest, "Vòng đang thi", "running")
        later = _round(contest, "Vòng sắp tới", "later")
        draft = _round(contest, "Vòng đang soạn", "later")
        elsewhere = _round(draft_contest, "Vòng chưa mở", "later")
        theirs = _round(other_contest, "Vòng của Phúc Thọ", "later")
        for round_, begin in ((past, -3), (checked, -2), (running, 0), (later, 1), (draft, 2)):
            opens = today + timedelta(days=begin)
            set_windows(round_, [WindowPlan(district, opens, opens + timedelta(hours=1))])
        show = ShowRules(explanations="never")
        change_round(checked, replace(round_rules(checked), show=show), rules_of(contest))
        entries = enter_people(contest, [people["an"], people["binh"]])
        enter_people(other_contest, [people["cuong"]])
    with unit_of_work():
        for round_ in (past, checked, running, later):
            open_round(round_)
    for round_, at in ((past, -3), (checked, -2)):
        house.clock.moment = today + timedelta(days=at)
        for number, key in enumerate(("an", "binh")):
            names[f"{key}_{'past' if round_ is past else 'checked'}"] = _sit(house.clock, people[key], round_, number)
        house.clock.advance(3600 + 700)
        close_settled_rounds()
        db.session.rollback()
    house.clock.moment = today
    published = _standing(past, staff["organiser"])
    with unit_of_work():
        confirm(published, staff["checker"])
    with unit_of_work():
        publish(published, staff["organiser"])
    waiting, second = _standing(checked, staff["organiser"]), _standing(past, staff["organiser"], "Kiểm tra lại")
    g.actor = Actor(staff["organiser"].id, "Ban tổ chức")
    with unit_of_work():
        export = ask_for_export(published, scopes(db.session.connection(), published.id)[0])
    names["export_job"] = _done(export.public_id)
    with unit_of_work():
        statistics = ask_for_statistics(past)
    _done(statistics.public_id)
    g.pop("actor")
    names.update(
        contest=contest.public_id,
        draft_contest=draft_contest.public_id,
        other_contest=other_contest.public_id,
        past=past.public_id,
        checked=checked.public_id,
        running=running.public_id,
        later=later.public_id,
        draft=draft.public_id,
        elsewhere=elsewhere.public_id,
        theirs=theirs.public_id,
        window=running.windows[0].public_id,
        entry=entries[0].public_id,
        published=published.public_id,
        waiting=waiting.public_id,
        second=second.public_id,
    )
    _imports(house, district, staff)
    _slips(house, contest, running, district, staff["organiser"])
    _papers(house, draft, staff["setter"])
    _printed(house, running, staff["setter"])
    house.clock.moment = today + timedelta(minutes=10)
    _browsers(house, people, running)


def _staff(world: w.World) -> dict[str, Account]:
    district, other = world.districts[TT], world.districts[PT]
    held: dict[str, list[tuple[str, Unit]]] = {
        "organiser": [("organiser", district)],
        "organiser2": [("organiser", other)],
        "clerk": [("clerk", district)],
        "setter": [("question_setter", district)],
        "reviewer": [("reviewer", district)],
        "checker": [("checker", district)],
        "spare": [("clerk", world.communes[f"Xã Tam Hiệp, {TT}"])],
        "above": [("organiser", world.city)],
    }
    with unit_of_work():
        return {key: w.add_account(key, *grants, name=f"Tài khoản {key}") for key, grants in held.items()}


def _people(world: w.World) -> dict[str, Person]:
    cells = {"an": CELL, "binh": CELL, "cuong": f"Chi bộ thôn 1, Xã Tam Hiệp, {PT}", "dung": CELL}
    full = {"an": "Nguyễn Văn An", "binh": "Trần Thị Bình", "cuong": "Lê Văn Cường", "dung": "Phạm Văn Dũng"}
    with unit_of_work():
        return {
            key: add_person(world.cells[cell], full[key], birth_date=BORN.get(key), phone=PHONES.get(key, ""))
            for key, cell in cells.items()
        }


def _units(house: House, world: w.World) -> None:
    house.objects.update(
        district=world.districts[TT].public_id,
        commune=world.communes[f"Xã Tam Hiệp, {TT}"].public_id,
        cell=world.cells[CELL].public_id,
        other_district=world.districts[PT].public_id,
        other_commune=world.communes[f"Xã Tam Hiệp, {PT}"].public_id,
        other_cell=world.cells[f"Chi bộ thôn 1, Xã Tam Hiệp, {PT}"].public_id,
        city=world.city.public_id,
    )


def _bank(house: House, district: Unit, other: Unit, setter: Account) -> None:
    """Questions for each round from a topic of its own, one in each other state, a topic and a document to spare."""
    topics: dict[str, Topic] = {}
    with unit_of_work():
        for key, stem, options, explanation in (
            ("past", "Điều lệ Đảng có mấy chương, câu", "Chương", SECRET_PAST),
            ("past2", "Chi bộ họp thường lệ khi nào, câu", "Kỳ", SECRET_EXPLANATION),
            ("running", RUNNING_STEM, "Quyền", SECRET_EXPLANATION),
            ("later", SECRET_STEM, SECRET_OPTION, SECRET_EXPLANATION),
        ):
            topics[key] = w.add_topic(f"Chủ đề {key}")
            for number in range(12):
                question = w.add_question(
                    district, topics[key], f"{stem} {number}?", [f"{options} {number}-{n}" for n in range(4)], author=setter
                )
                _explain(question, explanation)
        house.objects["question_approved"] = question.public_id
        for state in ("draft", "in_review", "retired"):
            made = w.add_question(district, topics["later"], f"{SECRET_DRAFT} {state}?", state=state, author=setter)
            _explain(made, SECRET_EXPLANATION)
            house.objects[f"question_{state}"] = made.public_id
        was_approved = w.add_question(district, topics["later"], f"{SECRET_DRAFT} đã thôi?", state="approved", author=setter)
        was_approved.state = "retired"
        house.objects["question_was_approved"] = was_approved.public_id
        theirs = w.add_question(other, topics["later"], f"{SECRET_DRAFT} của Phúc Thọ?", state="in_review")
        house.objects["other_question"] = theirs.public_id
        house.objects["topic"] = w.add_topic("Chủ đề chưa dùng").public_id
        house.objects["source"] = create_source(SourceFacts("Điều lệ Đảng Cộng sản Việt Nam")).public_id


def _explain(question: Question, explanation: str) -> None:
    assert question.current_version is not None or question.current_version_id is not None
    db.session.refresh(question)
    assert question.current_version is not None
    question.current_version.explanation = explanation


def _round(contest: Contest, name: str, topic: str) -> Round:
    return add_round(contest, name, minutes=25, cells=[BlueprintCell(topic=f"Chủ đề {topic}", count=4)])


def _sit(clock: ManualClock, person: Person, round_: Round, wrong: int) -> str:
    """``person`` sits the whole round from the opening; returns the sitting's public id."""
    started = start_sitting(seat_in(person, round_, round_.windows[0]), DEVICE)
    sitting = db.session.get_one(Sitting, started.sitting_id, populate_existing=True)
    rows = [NewRow(1, "display", 0, None, "null")]
    for item, drawn in enumerate(sitting.paper):
        place = drawn["order"].index(0)
        rows.append(NewRow(item + 2, "answer", item, None, json.dumps([place if item >= wrong else (place + 1) % 4])))
    committed(save, Save(sitting.id, 1, DEVICE, tuple(rows), now()))
    begun = clock.moment
    clock.advance(60)
    committed(submit, Submit(sitting.id, 1, DEVICE, now()))
    clock.moment = begun
    return sitting.public_id


def _standing(round_: Round, organiser: Account, reason: str = "") -> Standing:
    """A draft that the organiser has had made."""
    g.actor = Actor(organiser.id, organiser.display_name)
    with unit_of_work():
        job_id = prepare(round_, reason).id
    g.pop("actor")
    job = run_now(job_id)
    assert job.state == "done", job.message
    found = standing_by_public_id((job.result or {})["standing"])
    assert found is not None
    return found


def _imports(house: House, district: Unit, staff: dict[str, Account]) -> None:
    """A list of people and a list of questions, read and waiting for decisions."""
    names = house.objects
    g.actor = Actor(staff["organiser"].id, "Ban tổ chức")
    sheet = people_workbook(
        [1, "Hoàng Thị Hoa", "Chi bộ thôn 1, Xã Đông Mỹ", date(1970, 1, 2), "0912000111", "Bí thư"],
        [2, "", "Chi bộ thôn 1, Xã Đông Mỹ", date(1970, 1, 2), "0912000111", "Bí thư"],
    )
    token = batches.receive(io.BytesIO(sheet))
    with unit_of_work():
        batch = batches.open_batch(district, token, "danh_sach.xlsx")
    names["job"], names["people_import"] = _done(batch.job_public_id), batch.public_id
    g.actor = Actor(staff["setter"].id, "Tổ ra đề")
    file = question_imports.Upload("cau hoi.txt", uploads.keep(io.BytesIO(LIST.encode())))
    with unit_of_work():
        listed = question_imports.start(district, staff["setter"], file, None, "0" * 64)
    names["questions_job"], names["question_import"] = _done(listed.job_public_id), listed.public_id
    g.pop("actor")
    db.session.rollback()
    items = db.session.scalars(select(QuestionImportItem.public_id).where(QuestionImportItem.batch_id == listed.id))
    names["item"] = items.first() or ""
    problems = db.session.scalars(select(QuestionImportProblem.public_id).where(QuestionImportProblem.batch_id == listed.id))
    names["problem"] = problems.first() or ""
    assert names["item"]
    assert names["problem"], "the list has a line that belongs to nothing"


def _slips(house: House, contest: Contest, round_: Round, district: Unit, organiser: Account) -> None:
    g.actor = Actor(organiser.id, "Ban tổ chức")
    with unit_of_work():
        job = ask_for_slips(contest, round_, district.path, district.name)
    house.objects["slips_job"] = _done(job.public_id)
    g.pop("actor")


def _papers(house: House, round_: Round, setter: Account) -> None:
    """Two forms of a round in preparation."""
    g.actor = Actor(setter.id, "Tổ ra đề")
    with unit_of_work():
        made, job = ask_for_forms(round_, cells_of(round_rules(round_)), Wish(forms=2), kind="parallel")
    _done(job.public_id)
    db.session.refresh(made)
    house.objects.update(form_set=made.public_id, paper_form=made.forms[0].public_id)
    g.pop("actor")


def _printed(house: House, round_: Round, setter: Account) -> None:
    g.actor = Actor(setter.id, "Tổ ra đề")
    with unit_of_work():
        job = ask_for_paper(round_, Order(seed="1"))
    house.objects["paper_job"] = _done(job.public_id)
    g.pop("actor")


def _done(job_public_id: str | None) -> str:
    job = find(job_public_id or "")
    assert job is not None
    done = run_now(job.id)
    assert done.state == "done", done.message
    return job.public_id


def _browsers(house: House, people: dict[str, Person], running: Round) -> None:
    """Everybody signs in through the pages, once; both contestants of Thanh Trì start the running round."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    codes = {key: code_of(person) for key, person in people.items()}
    round_id = running.public_id
    house.browsers["nobody"] = Client(house.server)
    for role in (*ROLES[2:], "above"):
        client = house.browsers[role] = Client(house.server)
        answer = client.post("/dang-nhap", data={"username": role, "password": w.PASSWORD})
        assert answer.status_code == 303, answer.text
    for role, key in (("contestant", "an"), ("contestant2", "binh"), ("outsider", "cuong")):
        client = house.browsers[role] = Client(house.server)
        client.post("/thi", data={"ma": codes[key]})
        assert client.post("/thi/xac-nhan").headers["Location"].endswith("/thi/phong")
        if role != "outsider":
            page = client.get(f"/thi/phong?vong={round_id}").text
            ticket = page.partition('name="ve" value="')[2].partition('"')[0]
            answer = client.post("/s/bat-dau", data={"ve": ticket})
            assert "/thi/bai/" in answer.headers["Location"], answer.headers["Location"]
            house.objects[f"{key}_running"] = answer.headers["Location"].rpartition("/")[2]
