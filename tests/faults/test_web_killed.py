"""kill -9 of the web server at random moments under load: it is started again and goes on; what was acknowledged is there,
nothing is there twice, every sitting ends.

A killed process leaves its writes in the page cache, so this proves the program's order of things; ``test_disk.py`` proves
that it waits for the disk.
"""

from __future__ import annotations

import random
import threading

import pytest

from tests.faults.load import Load
from tests.faults.programs import Site, until
from tests.faults.truth import compare, finalise_all, open_sittings

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.long)])
def test_the_web_server_is_killed_under_load(site: Site, kills: int) -> None:
    seats = open_sittings(site, 24)
    web = site.start_web()
    with Load(seats, site.settings.port).running() as load:
        for number in range(1, kills + 1):
            before = load.acknowledged
            until(lambda: load.acknowledged > before + 20, "answers are acknowledged again")  # noqa: B023
            moment = random.uniform(0, 0.4)
            threading.Event().wait(moment)
            web.kill()
            tally = compare(site, load.phones)
            print(f"kill {number} of {kills}, {moment:.3f} s after the 20th acknowledgement: {tally}")
            web = site.start_web()
        before = load.acknowledged
        until(lambda: load.acknowledged > before + 20, "answers are acknowledged after the last kill")
    assert load.statuses().keys() <= {200}
    submitted = load.phones[::2]
    for phone in load.phones:
        phone.send_all_again()
    for phone in submitted:
        assert phone.submit()
    tally = compare(site, load.phones)
    web.kill()
    assert compare(site, load.phones) == tally
    assert tally.acknowledged == tally.journal
    sittings = finalise_all(site, load.phones)
    print(f"all sent again: {tally}; {sittings} sittings, {sittings} results")
