"""The sample people: one secretary for each cell of both districts, and a deputy in some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from sqlalchemy import func, select

from contest.demo.accounts import acting_as
from contest.demo.places import cells_under, unit_named
from contest.demo.reading import Names, read_names, read_plan
from core.accounts.models import Person
from core.accounts.people import add_person, same_person
from core.database import db, unit_of_work
from core.organisation.models import Unit

#: Everything invented comes from generators seeded with this and a name: the same sample everywhere.
SEED = "hội thi mẫu 2016"

#: How many cells have a deputy on the list too.
DEPUTIES = 72

#: People put on lists in one unit of work.
CHUNK = 30


@dataclass(frozen=True)
class Invented:
    """Somebody who does not exist."""

    unit: Unit
    name: str
    born: date
    phone: str
    position: str


def load_people() -> int:
    """Put the sample people on their cells' lists; returns how many were new."""
    plan = read_plan()
    people = list(invented([c for d in plan.districts for c in cells_under(unit_named(f"{plan.unit} / {d}"))]))
    added = 0
    for start in range(0, len(people), CHUNK):
        with unit_of_work(), acting_as("organiser"):
            for each in people[start : start + CHUNK]:
                if same_person(each.unit, each.name, each.born) is None:
                    add_person(
                        each.unit, each.name, birth_date=each.born, phone=each.phone, position=each.position
                    )
                    added += 1
    return added


def invented(cells: list[Unit]) -> Iterator[Invented]:
    """A secretary for each of ``cells`` and a deputy for some; the same ones each time."""
    names, plan = read_names(), read_plan()
    with_deputy = set(Random(f"{SEED}|phó").sample(range(len(cells)), min(DEPUTIES, len(cells))))
    number = 0
    for index, cell in enumerate(cells):
        for position in (plan.secretary, plan.deputy) if index in with_deputy else (plan.secretary,):
            number += 1
            random = Random(f"{SEED}|{cell.full_name}|{position}")
            born = date(1956, 1, 1).toordinal() + random.randrange(30 * 365)
            yield Invented(cell, _name(names, random), date.fromordinal(born), f"0912000{number:03d}", position)


def _name(names: Names, random: Random) -> str:
    sex = "male" if random.random() < 0.62 else "female"
    # A third of all Vietnamese are called Nguyễn; without weights the sample would look foreign.
    family = random.choices(names.family, [12, 5, 4, *[1] * (len(names.family) - 3)])[0]
    middle, given = random.choice(names.middle[sex]), random.choice(names.given[sex])
    if middle.split()[-1] == given:
        given = next(g for g in names.given[sex] if g != given)
    return f"{family} {middle} {given}"


def count_people() -> int:
    """How many people are on any list."""
    return db.session.scalar(select(func.count()).select_from(Person)) or 0
