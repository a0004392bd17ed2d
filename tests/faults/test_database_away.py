"""PostgreSQL is killed, away for a while, or hangs: saves are refused in bounded time and lost nowhere; when it is back all
arrive."""

from __future__ import annotations

import threading
import time

import pytest

from tests.faults.load import PATIENCE, Load
from tests.faults.postgres_server import PostgresServer
from tests.faults.programs import Site, until
from tests.faults.truth import compare, finalise_all, open_for, open_sittings
from tests.faults.visitor import Visitor
from tests.world import slip_code

pytestmark = pytest.mark.faults


def refusals(load: Load) -> int:
    """How many requests were told to come again later."""
    return load.statuses().get(503, 0)


def everything_arrives(site: Site, load: Load) -> None:
    """What the phones still have is taken now; each sitting ends with what its phone was told."""
    for phone in load.phones:
        phone.send_all_again()
    tally = compare(site, load.phones)
    assert tally.acknowledged == tally.journal
    print(f"all sent again: {tally}; {finalise_all(site, load.phones)} results")


@pytest.mark.parametrize("kills", [1, pytest.param(10, marks=pytest.mark.long)])
def test_postgres_is_killed_under_load(postgres_site: Site, own_postgres: PostgresServer, kills: int) -> None:
    seats = open_sittings(postgres_site, 16)
    postgres_site.start_web()
    with Load(seats, postgres_site.settings.port).running() as load:
        for number in range(1, kills + 1):
            done = load.acknowledged
            until(lambda: load.acknowledged > done + 50, "answers are acknowledged")  # noqa: B023
            own_postgres.kill()
            refused = refusals(load)
            until(lambda: refusals(load) > refused + 20, "saves are refused")  # noqa: B023
            own_postgres.start()
            tally = compare(postgres_site, load.phones)
            print(f"PostgreSQL killed, {number} of {kills}: {tally}")
        done = load.acknowledged
        until(lambda: load.acknowledged > done + 50, "answers are acknowledged again")
    assert load.statuses().keys() == {200, 503}
    everything_arrives(postgres_site, load)


@pytest.mark.parametrize("seconds", [3, pytest.param(30, marks=pytest.mark.long)])
def test_postgres_is_away_for_a_while(postgres_site: Site, own_postgres: PostgresServer, seconds: int) -> None:
    seats = open_sittings(postgres_site, 16)
    postgres_site.start_web()
    with Load(seats, postgres_site.settings.port).running() as load:
        until(lambda: load.acknowledged > 50, "answers are acknowledged")
        own_postgres.stop()
        gone = time.monotonic()
        threading.Event().wait(seconds)
        back = time.monotonic()
        own_postgres.start()
        done = load.acknowledged
        until(lambda: load.acknowledged > done + 50, "answers are acknowledged again")
    answers = [answer for phone in load.phones for answer in phone.answers]
    meanwhile = [answer for answer in answers if answer.sent > gone and answer.answered < back]
    assert {answer.status for answer in meanwhile} == {503}
    assert all(answer.retry_after for answer in meanwhile)
    assert not any(phone.failures for phone in load.phones), "somebody got no answer"
    slowest = max(answer.answered - answer.sent for answer in answers)
    assert slowest < PATIENCE
    print(f"PostgreSQL away for {seconds} s: {len(meanwhile)} requests refused, the slowest answer took {slowest:.2f} s")
    everything_arrives(postgres_site, load)


def test_whatever_a_page_asks_is_put_off_while_the_database_is_away(
    postgres_site: Site, own_postgres: PostgresServer
) -> None:
    with postgres_site.opened():
        code = slip_code(open_for(1).people[0])
    postgres_site.start_web()
    browser = Visitor(postgres_site.settings.port)
    ticket = browser.come_in(code).field("ve")
    door = browser.ask("/thi")
    page = browser.ask("/s/bat-dau", {"ve": ticket})
    seat = browser.seat(page.url.rsplit("/", 1)[1], 4)
    [phone] = Load([seat], postgres_site.settings.port).phones
    row = {"n": 1, "k": "answer", "i": 0, "p": [1]}
    own_postgres.stop()
    try:
        for path, value in (("/s/luu", {"rows": [row]}), ("/s/ky", {}), ("/s/nop", {}), ("/s/nhip", {})):
            answer = phone.post(path, value)
            assert (path, answer.status, bool(answer.retry_after)) in ((path, 503, True), ("/s/nhip", 200, False))
        bearer = {"Authorization": f"Bearer {phone.token}"}
        for asked in (
            browser.ask("/s/de", **bearer), browser.ask("/s/bat-dau", {"ve": ticket}), browser.ask("/thi/phong"),
            browser.ask(f"/thi/bai/{seat.public_id}"), browser.ask("/thi", {**door.hidden(), "ma": code}),
        ):
            assert (asked.url, asked.status, "Retry-After" in asked.headers) == (asked.url, 503, True)
        assert "url=/thi/phong" in browser.ask("/s/bat-dau", {"ve": ticket}).headers["Refresh"]
    finally:
        own_postgres.start()
    assert phone.post("/s/luu", {"rows": [row]}).status == 200
    assert browser.ask("/thi/phong").status == 200


@pytest.mark.long
def test_a_database_that_hangs_keeps_nobody_waiting_for_ever(postgres_site: Site, own_postgres: PostgresServer) -> None:
    seats = open_sittings(postgres_site, 4)
    postgres_site.start_web()
    load = Load(seats, postgres_site.settings.port, threads=4)
    with load.running():
        until(lambda: load.acknowledged > 20, "answers are acknowledged")
        with own_postgres.frozen():
            refused = refusals(load)
            until(lambda: refusals(load) > refused + 3, "saves are refused")
        done = load.acknowledged
        until(lambda: load.acknowledged > done + 20, "answers are acknowledged again")
    everything_arrives(postgres_site, load)
