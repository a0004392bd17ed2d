"""What everybody does in the same moment happens once for each."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from contest.sittings.models import JournalRow, Sitting, SittingEpoch
from core.database import db
from tests.faults.load import Load
from tests.faults.programs import Site
from tests.faults.truth import compare, finalise_all, open_for, open_sittings
from tests.faults.visitor import Visitor
from tests.world import slip_code

pytestmark = pytest.mark.faults

#: On SQLite in every run, on PostgreSQL in the long one.
SQLITE_ALWAYS = pytest.mark.parametrize(
    "engine_name", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
)


def at_once(actions: Sequence[Callable[[], object]]) -> list[object]:
    """Run all ``actions`` in the same moment, each in a thread of its own; what they returned, in order."""
    gate = threading.Barrier(len(actions))

    def run(action: Callable[[], object]) -> object:
        gate.wait(60)
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


@SQLITE_ALWAYS
def test_two_hundred_submits_in_the_same_moment(site: Site) -> None:
    everybody = 200
    seats = open_sittings(site, everybody)
    web = site.start_web()
    phones = Load(seats, site.settings.port).phones
    for phone in phones[::3]:
        phone.write(4)
        assert phone.save()
    assert at_once([phone.submit for phone in phones]) == [True] * everybody
    receipts = [phone.receipt for phone in phones]
    assert len(set(receipts)) == everybody
    assert at_once([phone.submit for phone in random.sample(phones, 50)]) == [True] * 50  # the same receipts again
    web.kill()
    compare(site, phones)
    assert finalise_all(site, phones) == everybody
    with site.opened():
        kinds = db.session.scalars(select(JournalRow.sitting_id).where(JournalRow.kind == "submit")).all()
        assert len(kinds) == len(set(kinds)) == everybody
    print(f"{everybody} submits at once: {len(set(receipts))} receipts, each once")


@SQLITE_ALWAYS
def test_fifty_starts_of_one_person_at_once(site: Site) -> None:
    presses = 50
    with site.opened():
        code = slip_code(open_for(1).people[0])
    site.start_web()
    browser = Visitor(site.settings.port)
    ticket = browser.come_in(code).field("ve")

    def press() -> str:
        answer = Visitor(site.settings.port, browser.device).ask("/s/bat-dau", {"ve": ticket}, Accept="application/json")
        assert answer.status == 200, answer
        return str(answer.json()["url"])

    urls = set(at_once([press] * presses))
    with site.opened():
        sittings = db.session.scalars(select(Sitting)).all()
        epochs = db.session.scalars(select(SittingEpoch)).all()
    assert len(sittings) == len(epochs) == 1
    assert urls == {f"/thi/bai/{sittings[0].public_id}"}
    print(f"{presses} presses of Start at once: {len(sittings)} sitting")
