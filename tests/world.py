"""A small world for tests: two districts of three depths, people, an approved bank, a contest with a round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from contest.papers.opening import open_round
from contest.rounds.entries import enter_people
from contest.rounds.models import Contest, Entry, Round
from contest.rounds.service import WindowPlan, add_round, create_contest, set_windows
from contest.rules.parts.quiz import BlueprintCell
from core.accounts.models import Account, Person, RoleGrant
from core.accounts.passwords import hash_password
from core.accounts.slips import code_for, slip_hash
from core.audit.canonical import sha256_hex
from core.database import canonical, db, fold, name_sort_key, public_id, sort_key, unit_of_work
from core.database.keys import key
from core.database.server_time import now
from core.organisation.models import Unit
from core.organisation.service import create_unit
from questions.bank.models import Question, QuestionVersion, Topic

PASSWORD = "mat-khau-thu-nghiem"

#: One hash for every test account: argon2id is slow on purpose.
_HASHES: dict[str, str] = {}


def password_hash() -> str:
    """The stored form of PASSWORD, made once."""
    if PASSWORD not in _HASHES:
        _HASHES[PASSWORD] = hash_password(PASSWORD)
    return _HASHES[PASSWORD]


@dataclass
class World:
    """What ``make_world`` made; ids by the names that tests use."""

    city: Unit
    districts: dict[str, Unit] = field(default_factory=dict)
    communes: dict[str, Unit] = field(default_factory=dict)
    cells: dict[str, Unit] = field(default_factory=dict)

    def unit(self, name: str) -> Unit:
        """The unit called ``name`` at any level."""
        for group in (self.districts, self.communes, self.cells):
            if name in group:
                return group[name]
        raise KeyError(name)


def make_world() -> World:
    """City → two districts → communes (a Tam Hiệp in both) → cells, and a cell directly under a district."""
    with unit_of_work():
        city = create_unit(None, "city", "Thành ủy Hà Nội")
        world = World(city)
        for district, communes in {
            "Huyện Thanh Trì": ("Xã Đông Mỹ", "Xã Tam Hiệp"),
            "Huyện Phúc Thọ": ("Xã Hát Môn", "Xã Tam Hiệp"),
        }.items():
            unit = world.districts[district] = create_unit(city, "district", district)
            for commune in communes:
                below = create_unit(unit, "commune", commune)
                world.communes[f"{commune}, {district}"] = below
                for name in ("Chi bộ thôn 1", "Chi bộ Trạm Y tế"):
                    world.cells[f"{name}, {commune}, {district}"] = create_unit(below, "cell", name)
            world.cells[f"Chi bộ Công an, {district}"] = create_unit(unit, "cell", "Chi bộ Công an huyện")
    return world


def add_person(unit: Unit, name: str, phone: str = "") -> Person:
    """Somebody on ``unit``'s list, with a slip; inside a unit of work."""
    name = canonical(name)
    public = public_id()
    person = Person(
        public_id=public, unit_id=unit.id, full_name=name, folded=fold(name), sort_key=name_sort_key(name),
        phone=phone, slip_generation=1, slip_hash=slip_hash(code_for(public, 1, key("slip")), key("slip")),
    )
    db.session.add(person)
    db.session.flush()
    return person


def slip_code(person: Person) -> str:
    """The sixteen digits on the person's slip."""
    return code_for(person.public_id, person.slip_generation, key("slip"))


def add_account(username: str, *grants: tuple[str, Unit], name: str = "") -> Account:
    """A member of staff with PASSWORD and ``grants`` (role, unit); inside a unit of work."""
    account = Account(
        username=username, display_name=name or username, password_hash=password_hash(), created_at=now()
    )
    db.session.add(account)
    db.session.flush()
    for role, unit in grants:
        db.session.add(RoleGrant(account_id=account.id, role=role, unit_id=unit.id, granted_at=now()))
    db.session.flush()
    return account


def add_topic(name: str) -> Topic:
    """A topic; inside a unit of work."""
    topic = Topic(name=name, folded=fold(name), sort_key=sort_key(name))
    db.session.add(topic)
    db.session.flush()
    return topic


def add_question(
    unit: Unit,
    topic: Topic,
    stem: str,
    options: Sequence[str] = ("Một", "Hai", "Ba", "Bốn"),
    correct: Sequence[int] = (0,),
    *,
    type_: str = "single",
    level: str = "nhận biết",
    state: str = "approved",
    author: Account | None = None,
    data: dict[str, Any] | None = None,
) -> Question:
    """A question (with ``data`` of a type without options), approved unless ``state`` says otherwise; inside a unit of work."""
    question = Question(
        unit_id=unit.id, state=state, created_at=now(), author_id=None if author is None else author.id
    )
    db.session.add(question)
    db.session.flush()
    data = data or {"options": list(options), "correct": list(correct)}
    version = QuestionVersion(
        question_id=question.id, number=1, type=type_, stem=stem, data=data, topic_id=topic.id, level=level,
        explanation=f"Giải thích: {stem}", source_text="Điều 1 Điều lệ Đảng", created_at=now(), folded=fold(stem),
        digest=sha256_hex({"stem": stem, **data}), author_id=None if author is None else author.id,
    )
    db.session.add(version)
    db.session.flush()
    question.current_version_id = version.id
    if state == "approved":
        question.approved_version_id = version.id
    db.session.flush()
    return question


@dataclass
class Opened:
    """A contest with one opened round, its people entered."""

    world: World
    contest: Contest
    round: Round
    people: list[Person]
    entries: list[Entry]


def open_district_round(
    world: World | None = None,
    *,
    questions: int = 12,
    per_paper: int = 4,
    minutes: int = 25,
    people: Sequence[str] = ("Nguyễn Văn An", "Trần Thị Bình"),
    opens: datetime | None = None,
    length: timedelta = timedelta(hours=1),
) -> Opened:
    """A contest of the city with a round open in Thanh Trì from now (or ``opens``) for an hour."""
    world = world or make_world()
    district = world.districts["Huyện Thanh Trì"]
    with unit_of_work():
        topic = add_topic("Điều lệ Đảng")
        for number in range(questions):
            add_question(
                world.city, topic, f"Câu hỏi số {number}?", [f"Đúng {number}", "Sai 1", "Sai 2", "Cả a và b đều sai"], [0]
            )
        contest = create_contest(world.city, "Hội thi Bí thư chi bộ giỏi", hotline="024 1234 5678")
        round_ = add_round(
            contest, "Vòng 1", minutes=minutes, cells=[BlueprintCell(topic="Điều lệ Đảng", count=per_paper)]
        )
        begin = opens or now()
        set_windows(round_, [WindowPlan(district, begin, begin + length)])
        cell = world.cells["Chi bộ thôn 1, Xã Đông Mỹ, Huyện Thanh Trì"]
        persons = [add_person(cell, name) for name in people]
        entries = enter_people(contest, persons)
    with unit_of_work():
        open_round(round_)
    return Opened(world, contest, round_, persons, entries)
