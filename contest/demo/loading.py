"""Loading the demo, stage by stage. Every stage leaves alone what is there, so an interrupted load goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from enum import Enum

from flask import current_app
from sqlalchemy import select

from config import Settings
from contest.demo.accounts import load_accounts
from contest.demo.bank import load_bank
from contest.demo.hours import at
from contest.demo.people import load_people
from contest.demo.places import load_places
from contest.demo.rounds import is_over, load_contest, load_finished_round, open_next_round, sample_contest
from contest.demo.standings import publish_finished_round
from contest.rounds.models import Contest, Round
from core.accounts.models import Account
from core.database import db
from core.database.server_time import ManualClock, clock_set_to, now
from core.organisation.models import Unit

#: The story of the sample, in days before it is loaded.
FOUNDED, WRITTEN, LISTED, FINISHED = 12, 11, 6, 3


class Demo(Enum):
    """What the database holds, as far as the demo is concerned."""

    EMPTY = "empty"
    UNFINISHED = "unfinished"
    LOADED = "loaded"
    OTHER = "other"


class Refused(Exception):
    """The demo is not loaded; the text says why to people."""


def state() -> Demo:
    """Nothing at all; a demo whose loading was interrupted; a whole demo; or somebody's own data."""
    contest = sample_contest()
    if contest is not None and len([r for r in contest.rounds if r.state != "draft"]) >= 2:
        return Demo.LOADED
    if contest is not None or db.session.scalars(select(Account.id).where(Account.is_demo)).first() is not None:
        return Demo.UNFINISHED
    owned = (select(model.id).limit(1) for model in (Unit, Account, Contest))
    return Demo.OTHER if any(db.session.scalar(statement) is not None for statement in owned) else Demo.EMPTY


def check_loopback() -> None:
    """Raises Refused where others can reach the server: demo accounts have passwords on the screen."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.listens_on_loopback:
        raise Refused("Máy chủ mở ra ngoài máy này nên không dùng dữ liệu mẫu và tài khoản mẫu.")


def load(tell: Callable[[str], None] = lambda _text: None) -> bool:
    """Load the demo into an empty database, or go on with an interrupted load; False when it was whole already.

    Raises Refused beyond loopback and for a database that holds other data. ``tell`` hears of each stage.
    """
    check_loopback()
    found = state()
    if found is Demo.LOADED:
        return False
    if found is Demo.OTHER:
        raise Refused("Cơ sở dữ liệu đã có dữ liệu nên không nạp dữ liệu mẫu vào.")
    today = now()
    clock = ManualClock(at(today - timedelta(days=FOUNDED), time(8, 30)))
    with clock_set_to(clock):
        tell("đơn vị và tài khoản")
        load_accounts()
        load_places()
        clock.moment = at(today - timedelta(days=WRITTEN), time(8, 0))
        tell("ngân hàng câu hỏi")
        load_bank(clock)
        clock.moment = at(today - timedelta(days=LISTED), time(9, 0))
        tell("thí sinh")
        load_people()
        contest = load_contest()
        tell("vòng thi đã kết thúc")
        finished = load_finished_round(contest, today - timedelta(days=FINISHED), clock)
        publish_finished_round(finished, clock)
    tell("vòng thi đang mở")
    open_next_round(contest)
    return True


def next_round_if_over() -> Round | None:
    """Open the demo's next round where its last window is over; None otherwise. Raises NotReady, Refused."""
    contest = sample_contest()
    if contest is None or not is_over(contest):
        return None
    check_loopback()
    return open_next_round(contest)
