"""A finished round for the tests of standings: people of several units who sat through the sitting's own services."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from flask import g
from sqlalchemy import select

from contest.papers.opening import open_round
from contest.rounds.entries import enter_people
from contest.rounds.models import Contest, Entry, Round
from contest.rounds.service import WindowPlan, add_round, change_round, create_contest, rules_of, set_windows
from contest.rules.document import ContestRules, Publication, RoundRules
from contest.rules.parts.quiz import BlueprintCell
from contest.sittings.deadlines import close_settled_rounds
from contest.sittings.journal import NewRow, Save, save
from contest.sittings.lifecycle import Submit, submit
from contest.sittings.models import Sitting
from contest.sittings.service import committed, seat_in
from contest.standings.models import Standing, StandingRow
from contest.standings.publishing import confirm, publish
from contest.standings.service import prepare, standing_by_public_id
from core.access import Actor
from core.accounts.models import Account, Person
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from core.jobs import run_now
from tests.starts import start_sitting
from tests.world import World, add_account, add_person, add_question, add_topic, make_world

DEVICE = "a" * 64
PER_PAPER = 4

DONG_MY = "Chi bộ thôn 1, Xã Đông Mỹ, Huyện Thanh Trì"
TAM_HIEP_TT = "Chi bộ thôn 1, Xã Tam Hiệp, Huyện Thanh Trì"
CONG_AN = "Chi bộ Công an, Huyện Thanh Trì"
TAM_HIEP_PT = "Chi bộ thôn 1, Xã Tam Hiệp, Huyện Phúc Thọ"


@dataclass(frozen=True)
class Sat:
    """Who sits: name, cell, how many answers are right, seconds used (None: does not come)."""

    name: str
    cell: str = DONG_MY
    right: int = 0
    seconds: int | None = 60
    ranked: bool = True


@dataclass
class Finished:
    """A closed round and everybody around it."""

    world: World
    contest: Contest
    round: Round
    people: dict[str, Person]
    entries: dict[str, Entry]
    organiser: Account
    checker: Account
    accounts: dict[str, Account] = field(default_factory=dict)


def open_for(clock: ManualClock, everybody: Sequence[Sat], publication: Publication | None = None,
             ties: str = "1,1,3", is_sample: bool = False, attempts: int = 1) -> Finished:
    """A contest of the city with one open round in both districts and ``everybody`` entered."""
    world = make_world()
    with unit_of_work():
        topic = add_topic("Điều lệ Đảng")
        for number in range(12):
            add_question(world.city, topic, f"Câu hỏi số {number}?", [f"Đúng {number}", "Sai 1", "Sai 2", "Sai 3"], [0])
        contest = create_contest(world.city, "Hội thi Bí thư chi bộ giỏi", is_sample=is_sample)
        round_ = add_round(contest, "Vòng 1", minutes=25, cells=[BlueprintCell(topic="Điều lệ Đảng", count=PER_PAPER)])
        rules: ContestRules = replace(rules_of(contest), publication=publication or Publication(), ties=ties)
        settings: RoundRules = rules.round(round_.key)
        settings = replace(settings, attempts=replace(settings.attempts, limit=attempts))
        change_round(round_, settings, rules)
        begin = now()
        set_windows(round_, [WindowPlan(unit, begin, begin + timedelta(hours=1)) for unit in world.districts.values()])
        people = {one.name: add_person(world.cells[one.cell], one.name, "0912345678") for one in everybody}
        entries = dict(zip(people, enter_people(contest, list(people.values())), strict=True))
        for one in everybody:
            entries[one.name].ranked = one.ranked
        organiser = add_account("to-chuc", ("organiser", world.city), name="Ban tổ chức")
        checker = add_account("kiem-tra", ("checker", world.city), name="Người kiểm tra")
    with unit_of_work():
        open_round(round_)
    return Finished(world, contest, round_, people, entries, organiser, checker)


def sit(clock: ManualClock, finished: Finished, name: str, right: int, seconds: int) -> Sitting:
    """``name`` starts now, answers, and submits after ``seconds``; the clock goes back afterwards."""
    begun = clock.moment
    person = finished.people[name]
    window = next(w for w in finished.round.windows if person.unit.path.startswith(w.unit.path))
    seat = seat_in(person, finished.round, window)
    started = start_sitting(seat, DEVICE, seat.next_attempt or 1)
    sitting = db.session.get_one(Sitting, started.sitting_id, populate_existing=True)
    rows = [NewRow(1, "display", 0, None, "null")]
    for item, drawn in enumerate(sitting.paper):
        place = drawn["order"].index(0)
        chosen = place if item < right else (place + 1) % len(drawn["order"])
        rows.append(NewRow(item + 2, "answer", item, None, json.dumps([chosen])))
    committed(save, Save(sitting.id, 1, DEVICE, tuple(rows), now()))
    clock.advance(seconds)
    committed(submit, Submit(sitting.id, 1, DEVICE, now()))
    clock.moment = begun
    return db.session.get_one(Sitting, sitting.id, populate_existing=True)


def settle(clock: ManualClock, finished: Finished) -> None:
    """Let the round's last window settle and the worker close it."""
    clock.advance(3600 + 700)
    close_settled_rounds()
    db.session.rollback()
    db.session.refresh(finished.round)


def finish_round(clock: ManualClock, everybody: Sequence[Sat], publication: Publication | None = None,
                 ties: str = "1,1,3", is_sample: bool = False) -> Finished:
    """The round of ``open_for`` after everybody who comes has sat and it has been closed."""
    finished = open_for(clock, everybody, publication, ties, is_sample)
    for one in everybody:
        if one.seconds is not None:
            sit(clock, finished, one.name, one.right, one.seconds)
    settle(clock, finished)
    return finished


def prepared(finished: Finished, reason: str = "") -> Standing:
    """A draft that the organiser has had made."""
    g.actor = Actor(finished.organiser.id, "Ban tổ chức")
    try:
        with unit_of_work():
            job_id = prepare(finished.round, reason).id
    finally:
        g.pop("actor")
    job = run_now(job_id)
    assert job.state == "done", job.message
    found = standing_by_public_id((job.result or {})["standing"])
    assert found is not None
    return found


def published_standing(finished: Finished, reason: str = "") -> Standing:
    """A version that is public."""
    standing = prepared(finished, reason)
    with unit_of_work():
        confirm(standing, finished.checker)
    with unit_of_work():
        publish(standing, finished.organiser)
    return standing


def rows_of(standing: Standing) -> list[StandingRow]:
    """The rows in their order."""
    db.session.rollback()
    statement = select(StandingRow).where(StandingRow.standing_id == standing.id).order_by(StandingRow.position)
    return list(db.session.scalars(statement))
