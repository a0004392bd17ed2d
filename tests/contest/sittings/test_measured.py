"""What assembly learns from sittings: how many answered a question version and how many rightly, once a round is over."""

from __future__ import annotations

import json

from flask import Flask

from contest.papers.making.measured import measured
from contest.rounds.models import Round
from contest.sittings.deadlines import close_settled_rounds
from contest.sittings.journal import NewRow, Save, save
from contest.sittings.lifecycle import Submit, submit
from contest.sittings.models import Sitting
from contest.sittings.service import committed, seats_of
from core.accounts.models import Person
from core.database import db
from core.database.server_time import ManualClock, now
from tests import world as w
from tests.starts import start_sitting

DEVICE = "a" * 64


def sit(person: Person, round_: Round, wrong: int) -> list[int]:
    """``person`` answers everything, the first ``wrong`` questions wrongly; the versions in the order of the paper."""
    seat = next(seat for seat in seats_of(person) if seat.round.id == round_.id)
    started = start_sitting(seat, DEVICE)
    sitting = db.session.get_one(Sitting, started.sitting_id, populate_existing=True)
    rows = [NewRow(1, "display", 0, None, "null")]
    for item, drawn in enumerate(sitting.paper):
        place = drawn["order"].index(0)  # the right option was written first
        rows.append(NewRow(item + 2, "answer", item, None, json.dumps([(place + (item < wrong)) % 4])))
    committed(save, Save(sitting.id, 1, DEVICE, tuple(rows), now()))
    committed(submit, Submit(sitting.id, 1, DEVICE, now()))
    return [drawn["version"] for drawn in sitting.paper]


def test_answers_of_a_closed_round_are_counted_and_of_an_open_one_are_not(app: Flask, clock: ManualClock) -> None:
    opened = w.open_district_round(questions=3, per_paper=3)
    sit(opened.people[0], opened.round, wrong=0)
    versions = sit(opened.people[1], opened.round, wrong=1)
    assert measured() == {}
    clock.advance(3600 + 700)
    close_settled_rounds()
    db.session.rollback()
    # Two answered each of the three questions; the second person missed the first of theirs.
    assert measured() == {versions[0]: (2, 1), versions[1]: (2, 2), versions[2]: (2, 2)}
