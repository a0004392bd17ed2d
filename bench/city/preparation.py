"""The city's database: everybody with a slip, a round whose window opens at the bell, two members of staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from bench.city.timetable import Phases
from bench.city_data import found_city
from contest.demo.accounts import acting_as, sign_in_details
from contest.demo.reading import read_plan
from contest.demo.rounds import blueprint
from contest.papers.opening import open_round
from contest.rounds.models import Contest, Entry
from contest.rounds.service import WindowPlan, add_round, change_round, round_rules, rules_of, set_windows
from core.accounts.models import Account, Person
from core.accounts.slips import code_for
from core.database import db, unit_of_work
from core.database.keys import key
from core.database.server_time import boot_nanoseconds, now
from questions.bank.models import QuestionVersion


@dataclass(frozen=True)
class Staff:
    """How somebody of the staff signs in."""

    username: str
    password: str


@dataclass(frozen=True)
class Prepared:
    """What the generator must know of the database: the slips' codes, the right options by the question's public id, who
    approves."""

    codes: Sequence[str]
    keys: dict[str, frozenset[str]]
    organiser: Staff
    checker: Staff


@dataclass(frozen=True)
class Bell:
    """The round, and its bell: on the boot clock in seconds, and in milliseconds since 1970."""

    round_id: str
    boot_seconds: float
    wall_ms: int
    questions: int
    grace: int


def prepare(app: Flask, people: int) -> Prepared:
    """Fill the empty database of ``app``."""
    with app.app_context():
        city = found_city(people)
        secret = key("slip")
        rows = db.session.execute(
            select(Person.public_id, Person.slip_generation)
            .join(Entry, Entry.person_id == Person.id)
            .where(Entry.contest_id == city.contest.id)
            .order_by(Entry.id)
        )
        codes = [code_for(public, generation, secret) for public, generation in rows]
        keys = {
            version.public_id: frozenset(version.data["options"][n] for n in version.data["correct"])
            for version in db.session.scalars(select(QuestionVersion))
        }
        known = {one.username: one.password or "" for one in sign_in_details()}
        with unit_of_work() as session:
            # Else ``serve`` takes this for a sample that was not loaded to its end, and loads the rest.
            session.execute(update(Account).values(is_demo=False))
        names = {role: read_plan().accounts[role].username for role in ("organiser", "checker")}
        staff = {role: Staff(name, known[name]) for role, name in names.items()}
        db.session.remove()
        db.engine.dispose()
        return Prepared(codes, keys, staff["organiser"], staff["checker"])


def open_for_everybody(app: Flask, phases: Phases) -> Bell:
    """A round of the contest with one window for the whole city, which opens when everybody has had time to sign in."""
    with app.app_context():
        contest = db.session.scalars(select(Contest)).one()
        with unit_of_work(), acting_as("organiser"):
            round_ = add_round(contest, "Vòng 1", minutes=phases.minutes, cells=blueprint(read_plan().finished))
            rules = rules_of(contest)
            rules = replace(rules, publication=replace(rules.publication, full_list=True))
            change_round(round_, replace(round_rules(round_), late_bound_minutes=phases.late_minutes), rules)
            moment, boot = now(), boot_nanoseconds()
            opens = moment + timedelta(seconds=phases.waiting)
            set_windows(round_, [WindowPlan(contest.unit, opens, opens + timedelta(seconds=phases.window))])
            open_round(round_)
        settings = round_rules(round_)
        bell = Bell(
            round_.public_id, boot / 1e9 + phases.waiting, round(opens.timestamp() * 1000), settings.questions,
            settings.grace_seconds,
        )  # fmt: skip
        db.session.remove()
        db.engine.dispose()
        return bell
