"""The sample contest and its rounds: a finished one, and always one that is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from flask import current_app
from sqlalchemy import select

from config import Settings
from contest.demo.accounts import acting_as
from contest.demo.hours import FINISHED_HOURS, at, open_hours
from contest.demo.places import unit_named
from contest.demo.reading import LEVELS, RoundPlan, read_plan
from contest.demo.simulation import sit
from contest.papers.opening import open_round
from contest.rounds.entries import enter_people, people_without_entry
from contest.rounds.models import Contest, Entry, Round, Window
from contest.rounds.service import WindowPlan, add_round, change_round, create_contest, round_rules, set_windows
from contest.rules.parts.quiz import BlueprintCell
from contest.sittings.models import Sitting
from core.accounts.models import Person
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from core.organisation.models import Unit

#: Sittings in the finished round.
SITTINGS = 300


def sample_contest() -> Contest | None:
    """The sample contest, if there is one."""
    return db.session.scalars(select(Contest).where(Contest.is_sample).order_by(Contest.id)).first()


def load_contest() -> Contest:
    """The sample contest with everybody entered, made where it is not there yet."""
    plan = read_plan()
    settings: Settings = current_app.config["SETTINGS"]
    contest = sample_contest()
    if contest is None:
        with unit_of_work(), acting_as("organiser"):
            contest = create_contest(
                unit_named(plan.unit), plan.name, hotline=settings.hotline, introduction=plan.introduction,
                is_sample=True,
            )  # fmt: skip
    while people := people_without_entry(contest, 100):
        with unit_of_work():
            enter_people(contest, people)
    return contest


def blueprint(plan: RoundPlan) -> list[BlueprintCell]:
    """The plan's table as cells."""
    return [
        BlueprintCell(topic=topic, level=level, count=count)
        for topic, counts in plan.blueprint.items()
        for level, count in zip(LEVELS, counts, strict=True)
        if count
    ]


def prepare_round(contest: Contest, plan: RoundPlan, hours: list[tuple[datetime, datetime]]) -> Round:
    """A new round "Vòng N" with a window in each district, opened for ``hours``. Raises NotReady; inside a unit of work."""
    number = max((r.position for r in contest.rounds), default=0) + 1
    round_ = add_round(contest, f"Vòng {number}", minutes=plan.minutes, cells=blueprint(plan))
    change_round(round_, replace(round_rules(round_), instructions=plan.instructions))
    districts = [unit_named(f"{read_plan().unit} / {name}") for name in read_plan().districts]
    windows = [WindowPlan(unit, *opens_closes) for unit, opens_closes in zip(districts, hours, strict=True)]
    set_windows(round_, windows)
    open_round(round_)
    return round_


def load_finished_round(contest: Contest, day: datetime, clock: ManualClock) -> Round:
    """The first round, on ``day`` (Hanoi), opened the evening before, sat and closed; ``clock`` is moved along."""
    if contest.rounds:
        round_ = contest.rounds[0]
    else:
        hours = [(at(day, opens), at(day, closes)) for opens, closes in FINISHED_HOURS]
        clock.moment = at(day - timedelta(days=1), time(16, 30))
        with unit_of_work(), acting_as("organiser"):
            round_ = prepare_round(contest, read_plan().finished, hours)
    if round_.state == "open":
        clock.moment = max(clock.moment, min(w.opens_at for w in round_.windows))
        sit(round_, SITTINGS, clock)
    return round_


def is_over(contest: Contest, moment: datetime | None = None) -> bool:
    """True when no opened round of ``contest`` has a window that is open or still to come."""
    moment = moment or now()
    closes = [w.closes_at for r in contest.rounds if r.state != "draft" for w in r.windows]
    return all(end <= moment for end in closes)


def open_next_round(contest: Contest) -> Round:
    """Open another round in both districts from now on. Raises NotReady where the bank no longer fills it."""
    hours = open_hours(now())
    with unit_of_work(), acting_as("organiser"):
        return prepare_round(contest, read_plan().open, [hours, hours])


def newest_open_round(contest: Contest) -> Round | None:
    """The latest round with a window that is open now."""
    moment = now()
    rounds = [r for r in contest.rounds if r.state == "open"]
    return next((r for r in reversed(rounds) if any(w.opens_at <= moment < w.closes_at for w in r.windows)), None)


def offered_contestants(round_: Round, count: int = 3) -> list[tuple[Person, Unit]]:
    """People who may sit ``round_`` and have not begun: from the windows in turn, no two of one unit above the cell."""
    begun = select(Sitting.id).where(Sitting.round_id == round_.id, Sitting.entry_id == Entry.id).exists()
    statement = (
        select(Person, Unit)
        .join(Unit, Unit.id == Person.unit_id)
        .join(Entry, Entry.person_id == Person.id)
        .where(Entry.contest_id == round_.contest_id, Entry.ranked, Person.active, Person.visible, ~begun)
        .order_by(Person.id)
        .limit(2000)
    )
    waiting = [(person, unit) for person, unit in db.session.execute(statement)]
    found: list[tuple[Person, Unit]] = []
    taken: set[int | None] = set()
    windows = list(round_.windows)
    for turn in range(count):
        window = windows[turn % len(windows)]
        fitting = (pair for pair in waiting if _may(pair[1], window) and pair[1].parent_id not in taken)
        pair = next(fitting, None)
        if pair is not None:
            found.append(pair)
            taken.add(pair[1].parent_id)
    return found


def _may(unit: Unit, window: Window) -> bool:
    return unit.path.startswith(window.unit.path)
