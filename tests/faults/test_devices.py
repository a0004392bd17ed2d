"""One person on two devices, in a cleared browser, in two tabs: over real HTTP, and held against what counts in the end."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from contest.sittings.deadlines import finalise_due
from contest.sittings.models import ApartRow, Response, Sitting, SittingEpoch
from core.database import db
from core.database.server_time import now
from tests.faults.load import Phone
from tests.faults.programs import Site
from tests.faults.truth import open_for
from tests.faults.visitor import Visitor
from tests.world import slip_code

pytestmark = pytest.mark.faults


@pytest.fixture
def codes(sqlite_site: Site) -> list[str]:
    """The slips of two people; the server runs."""
    with sqlite_site.opened():
        codes = [slip_code(person) for person in open_for(2).people]
    sqlite_site.start_web()
    return codes


def start(browser: Visitor, code: str) -> str:
    """Come in with the slip and start; the sitting's public id."""
    page = browser.ask("/s/bat-dau", {"ve": browser.come_in(code).field("ve")})
    return page.url.rsplit("/", 1)[1]


def page_of(browser: Visitor, public_id: str) -> Phone:
    """The sitting's page in ``browser``, with nothing in its storage."""
    phone = Phone(browser.seat(public_id, 4), int(browser.base.rsplit(":", 1)[1]), random.Random(1))
    answer = browser.ask("/s/de", Authorization=f"Bearer {phone.token}")
    phone.epoch, phone.next = answer.json()["epoch"], answer.json()["next"]
    return phone


def answer(phone: Phone, item: int, option: int) -> tuple[int, Any]:
    """Give an answer under the phone's next number."""
    row = {"n": phone.next, "k": "answer", "i": item, "p": [option]}
    phone.next += 1
    came = phone.post("/s/luu", {"rows": [row]})
    return came.status, came.body["cause"]


def counted(site: Site, public_id: str) -> dict[int, Any]:
    """What counts once the time is over, by question, in the positions that were shown."""
    with site.opened():
        finalise_due(db.engine, now().replace(year=now().year + 1))
        sitting = db.session.scalars(select(Sitting).where(Sitting.public_id == public_id)).one()
        rows = db.session.execute(select(Response.item, Response.answer).where(Response.sitting_id == sitting.id)).all()
        return {row.item: [sitting.paper[row.item]["order"].index(n) for n in row.answer] for row in rows}


def test_two_devices_on_one_code(sqlite_site: Site, codes: Sequence[str]) -> None:
    port = sqlite_site.settings.port
    first, second = Visitor(port), Visitor(port)
    public_id = start(first, codes[0])
    old = page_of(first, public_id)
    assert answer(old, 0, 1) == (200, None)
    assert answer(old, 1, 1) == (200, None)

    asked = second.come_in(codes[0])
    asked = second.ask(f"/thi/bai/{public_id}")
    assert asked.url.endswith(f"/thi/tiep-quan/{public_id}")  # it asks, and nothing has changed yet
    assert answer(old, 2, 1) == (200, None)
    second.ask(f"/thi/tiep-quan/{public_id}", asked.hidden())
    new = page_of(second, public_id)
    assert new.epoch > old.epoch
    assert answer(old, 0, 3) == (409, "other_device")
    assert answer(new, 1, 2) == (200, None)
    assert old.post("/s/nop", {}).status == 409
    assert new.submit()

    assert counted(sqlite_site, public_id) == {0: [1], 1: [2], 2: [1]}
    with sqlite_site.opened():
        assert [(row.item, row.reason) for row in db.session.scalars(select(ApartRow))] == [(0, "old_epoch")]
        causes = db.session.scalars(select(SittingEpoch.cause).order_by(SittingEpoch.epoch)).all()
        assert causes == ["start", "take_over"]


def test_a_cleared_browser_and_two_tabs(sqlite_site: Site, codes: Sequence[str]) -> None:
    port = sqlite_site.settings.port
    browser = Visitor(port)
    public_id = start(browser, codes[0])
    tab = page_of(browser, public_id)
    other = page_of(browser, public_id)  # a tab that does not share the counter
    assert answer(tab, 0, 1) == (200, None)
    assert answer(other, 1, 2) == (409, "payload")  # its number is taken: nothing is lost, it is sent again under the next
    assert answer(other, 1, 2) == (200, None)

    browser = Visitor(port, browser.device)  # storage and session are gone, the device's cookie is not
    browser.come_in(codes[0])
    cleared = page_of(browser, public_id)
    assert cleared.renew()
    assert (cleared.epoch, cleared.next) == (2, 1)
    assert answer(cleared, 0, 3) == (200, None)
    tab.next = other.next
    assert answer(tab, 0, 2) == (200, None)  # late, under its old epoch: taken, and outranked
    browser = Visitor(port)  # everything is gone: it is another device
    browser.come_in(codes[0])
    asked = browser.ask(f"/thi/bai/{public_id}")
    assert asked.url.endswith(f"/thi/tiep-quan/{public_id}")
    browser.ask(f"/thi/tiep-quan/{public_id}", asked.hidden())
    stranger = page_of(browser, public_id)
    assert answer(stranger, 3, 0) == (200, None)
    assert stranger.submit()
    assert counted(sqlite_site, public_id) == {0: [3], 1: [2], 3: [0]}
    with sqlite_site.opened():
        causes = db.session.scalars(select(SittingEpoch.cause).order_by(SittingEpoch.epoch)).all()
        assert causes == ["start", "reopened", "take_over"]
