"""A city in a database, in bulk: its cells and their secretaries, the bank, a contest with everybody entered.

Bank, contest, rounds and pools are made by the platform's own services; only what comes by the ten thousand is inserted
directly, with SQLAlchemy Core.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from contest.demo.accounts import acting_as, load_accounts
from contest.demo.bank import load_bank
from contest.demo.places import found_top
from contest.demo.reading import Names, read_names, read_plan
from contest.demo.rounds import blueprint
from contest.papers.opening import open_round
from contest.rounds.entries import CHUNK, entry_values, insert_entries, people_without_entry
from contest.rounds.models import Contest, Entry, Round
from contest.rounds.service import WindowPlan, add_round, create_contest, rules_of, save_rules, set_windows
from contest.rules.document import Publication
from core.accounts.models import Person
from core.accounts.slips import code_for, slip_hash
from core.database import canonical, db, fold, name_sort_key, public_id, sort_key, table_of, unit_of_work
from core.database.keys import key
from core.database.server_time import ManualClock, clock_set_to, now
from core.organisation.models import Unit
from core.organisation.tree import SEPARATOR

#: The same city each time.
SEED = "hội thi đo tải"

#: A district's communes, and a commune's cells.
COMMUNES = 20
CELLS = 29

#: Minutes of a bench's rounds: nothing must come to its end by the clock meanwhile.
MINUTES = 600


@dataclass(frozen=True)
class City:
    """What ``found_city`` made: the contest, who is entered (entry and unit), and their names."""

    contest: Contest
    entries: Sequence[tuple[int, int]]
    names: Sequence[str]


def found_city(people: int) -> City:
    """Units, ``people`` secretaries, the sample bank, and a contest in which all are entered, made some days ago; in an
    app's context."""
    clock = ManualClock(now() - timedelta(days=10))
    with clock_set_to(clock):
        load_accounts()
        load_bank(clock)
        return _found(people)


def _found(people: int) -> City:
    with unit_of_work():
        top = found_top()
        cells = _found_units(top, people)
        names = _add_people(cells)
    with unit_of_work(), acting_as("organiser"):
        contest = create_contest(top, "Hội thi Bí thư chi bộ giỏi toàn thành phố", hotline="024 1234 5678")
        save_rules(contest, replace(rules_of(contest), publication=Publication(full_list=True)))
    while waiting := people_without_entry(contest, 10 * CHUNK):
        with unit_of_work():
            insert_entries(entry_values(contest, waiting))
    rows = db.session.execute(
        select(Entry.id, Person.unit_id)
        .join(Person, Person.id == Entry.person_id)
        .where(Entry.contest_id == contest.id)
        .order_by(Entry.id)
    )
    return City(contest, [(entry, unit) for entry, unit in rows], names)


def add_round_for_all(city: City, minutes: int = MINUTES, lasts: timedelta = timedelta(minutes=2 * MINUTES)) -> Round:
    """A round of 30 questions with one window for the whole city, open from now on."""
    with unit_of_work(), acting_as("organiser"):
        number = len(city.contest.rounds) + 1
        round_ = add_round(city.contest, f"Vòng {number}", minutes=minutes, cells=blueprint(read_plan().finished))
        opens = now()
        set_windows(round_, [WindowPlan(city.contest.unit, opens, opens + lasts)])
        open_round(round_)
        db.session.refresh(city.contest, ["rounds"])
    return round_


def _found_units(top: Unit, cells: int) -> list[dict[str, Any]]:
    """Districts, communes, and as many cells as people; the rows of the cells."""
    above = [{"id": top.id, "path": top.path, "full_name": top.full_name, "depth": top.depth}]
    communes = math.ceil(cells / CELLS)
    districts = _insert_units(above, "district", math.ceil(communes / COMMUNES), "Huyện số")
    above_cells = _insert_units(districts, "commune", COMMUNES, "Xã số")[:communes]
    return _insert_units(above_cells, "cell", CELLS, "Chi bộ thôn")[:cells]


def _insert_units(parents: list[dict[str, Any]], level: str, each: int, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for parent in parents:
        for number in range(1, each + 1):
            called = canonical(f"{name} {number}")
            rows.append(
                {
                    "public_id": public_id(), "parent_id": parent["id"], "depth": parent["depth"] + 1, "level": level,
                    "name": called, "folded": fold(called), "sort_key": sort_key(called), "path": "", "visible": True,
                    "full_name": parent["full_name"] + SEPARATOR + called, "of": parent["path"],
                }
            )  # fmt: skip
    insert_with_ids(Unit, rows, without=("of",))
    for row in rows:
        row["path"] = f"{row['of']}{row['id']}/"
    c = table_of(Unit).c
    db.session.connection().execute(
        update(table_of(Unit)).where(c.id == bindparam("unit")).values(path=bindparam("where")),
        [{"unit": row["id"], "where": row["path"]} for row in rows],
    )
    return rows


def _add_people(cells: Sequence[dict[str, Any]]) -> list[str]:
    """A secretary in each cell, with a slip; their names."""
    names, secret = read_names(), key("slip")
    rows = []
    for number, cell in enumerate(cells):
        name = canonical(invented_name(names, Random(f"{SEED}|{number}")))
        public = public_id()
        rows.append(
            {
                "public_id": public, "unit_id": cell["id"], "full_name": name, "folded": fold(name),
                "sort_key": name_sort_key(name), "phone": f"09{number:08d}", "position": "Bí thư chi bộ",
                "slip_generation": 1, "slip_hash": slip_hash(code_for(public, 1, secret), secret),
                "active": True, "visible": True,
            }
        )  # fmt: skip
    db.session.connection().execute(insert(table_of(Person)), rows)
    return [row["full_name"] for row in rows]


def invented_name(names: Names, random: Random) -> str:
    """A name as they are found on lists: a third of all are called Nguyễn."""
    sex = "male" if random.random() < 0.62 else "female"
    family = random.choices(names.family, [12, 5, 4, *[1] * (len(names.family) - 3)])[0]
    return f"{family} {random.choice(names.middle[sex])} {random.choice(names.given[sex])}"


def insert_with_ids(model: Any, rows: list[dict[str, Any]], without: Sequence[str] = ()) -> None:
    """Insert ``rows`` and give each its new "id"."""
    table = table_of(model)
    values = [{name: value for name, value in row.items() if name not in without} for row in rows]
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    for row, new in zip(rows, db.session.connection().execute(statement, values).scalars(), strict=True):
        row["id"] = new

