"""A contestant's pages: the waiting room, Start, the sitting, the receipt, the result. Thin: the work is in ``service``."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.wrappers import Response

from contest.rounds.clock import Phase, standing
from contest.rounds.service import contest_rules_for
from contest.rules.reading_back import WindowTold, read_back_round
from contest.sittings.hot_apps import PAGES, RECEIPTS
from contest.sittings.hot_path import browser_name, milliseconds
from contest.sittings.models import Sitting
from contest.sittings.received import received_of
from contest.sittings.review import distribution, items_of, may_show, newest_result, topics_of
from contest.sittings.service import Seat, seats_of, signed_ticket, sitting_of, take_over
from core.accounts.contestants import contestant_only, current_person, device_hash
from core.accounts.models import Person
from core.database import EngineCache, db
from core.database.server_time import now

blueprint = Blueprint("sitting", __name__, url_prefix="/thi")


class PressForm(FlaskForm):
    """A button: nothing but its token."""


def person() -> Person:
    """The contestant who asks (the decorator has seen to it that there is one)."""
    found = current_person()
    if found is None:
        abort(401)
    return found


def this_device() -> str:
    """The hash of the device that asks. One without its cookie is asked to come in again."""
    found = device_hash()
    if found is None:
        abort(redirect(url_for("contestants.enter"), 303))
    return found


def own_sitting(public_id: str) -> Sitting:
    """The asker's own sitting, or 404 for anybody else's."""
    found = sitting_of(person(), public_id)
    if found is None:
        abort(404)
    return found


def goes_on(sitting: Sitting) -> bool:
    """True while the sitting has time left, as the clock of its window shows it: it stands in a pause."""
    return sitting.state == "open" and standing(now(), sitting.window.paused_at) <= sitting.deadline


def chosen_seat(seats: list[Seat], round_id: str | None) -> Seat | None:
    """The seat in the round that the address names, or the most urgent one."""
    return next((s for s in seats if s.round.public_id == round_id), seats[0] if seats else None)


@blueprint.get("/phong")
@contestant_only
def lobby() -> str | Response:
    """Waits before the bell, offers Start at it, leads back into a running sitting, shows what is over."""
    seats = seats_of(person())
    seat = chosen_seat(seats, request.args.get("vong"))
    others = [s for s in seats if seat is None or s.round.id != seat.round.id]
    if seat is None:
        return render_template("sittings/nothing.html", person=person())
    if seat.window is not None and seat.sitting is None and seat.phase in (Phase.BEFORE, Phase.MAY_START):
        return render_template(
            "sittings/wait.html",
            person=person(),
            seat=seat,
            others=others,
            ticket=ticket_in(seat),
            rules=rules_told(seat),
            wait_seconds=max(0, int((seat.window.opens_at - seat.at).total_seconds())),
            opens_ms=milliseconds(seat.window.opens_at),
            now_ms=milliseconds(seat.at),
        )
    return render_template(
        "sittings/round.html",
        person=person(),
        seat=seat,
        others=others,
        ticket=ticket_in(seat, seat.next_attempt) if seat.next_attempt else None,
        shown=may_show(seat.round, seat.rules),
        Phase=Phase,
    )


def ticket_in(seat: Seat, attempt: int = 1) -> str | None:
    """The start ticket for this device, or None where there is nothing to start. Its own device cookie goes with it."""
    this = this_device()
    return signed_ticket(seat, this, attempt) if seat.entry is not None and seat.window is not None else None


#: The rules as the waiting room shows them, by the frozen document and the hours of the window.
_rules_shown: EngineCache[tuple[int | None, datetime | None, str, datetime, datetime], Markup] = EngineCache(1000)


def rules_told(seat: Seat) -> Markup:
    """The round's rules in plain words, with the asker's own window. Read back once for all who have the same."""
    assert seat.window is not None
    round_, opens, closes = seat.round, seat.window.opens_at, seat.window.closes_at
    kept, key = _rules_shown.store(db.engine), (round_.rules_version_id, round_.opened_at, round_.key, opens, closes)
    if key not in kept:
        sections = read_back_round(contest_rules_for(round_), seat.rules, [WindowTold(opens, closes)])
        kept[key] = Markup(render_template("sittings/_rules.html", sections=sections))  # noqa: S704 (a template's own output)
    return kept[key]


@blueprint.get("/tiep-quan/<public_id>")
@contestant_only
def ask_take_over(public_id: str) -> str | Response:
    """Another device has the sitting: ask before it is taken over."""
    sitting = own_sitting(public_id)
    if not goes_on(sitting):
        return redirect(f"{RECEIPTS}/{public_id}", 303)
    if sitting.device_hash == this_device():
        return redirect(f"{PAGES}/{public_id}", 303)
    return render_template("sittings/take_over.html", sitting=sitting, person=person(), form=PressForm())


@blueprint.post("/tiep-quan/<public_id>")
@contestant_only
def do_take_over(public_id: str) -> Response:
    """Go on here; the other device's next save is refused and its page says why."""
    sitting = own_sitting(public_id)
    if not take_over(sitting, this_device(), browser_name()):
        return redirect(f"{RECEIPTS}/{public_id}", 303)
    return redirect(f"{PAGES}/{public_id}", 303)


@blueprint.get("/ket-qua/<public_id>")
@contestant_only
def result(public_id: str) -> str | Response:
    """The mark, by topic, where it lies among all; right and wrong with explanations, as the rules allow."""
    sitting = own_sitting(public_id)
    shown = may_show(sitting.round)
    found = newest_result(sitting)
    if found is None or not shown.marks:
        return redirect(f"{RECEIPTS}/{public_id}", 303)
    items = items_of(sitting, found)
    only = request.args.get("xem", "sai")
    return render_template(
        "sittings/result.html",
        sitting=sitting,
        person=person(),
        result=found,
        items=items if shown.answers else [],
        visible=[i for i in items if only == "tat-ca" or not i.correct] if shown.answers else [],
        only=only,
        shown=shown,
        topics=topics_of(items),
        spread=distribution(sitting.round),
        late=received_of(sitting).late,
        published=sitting.round.published_at is not None,
        board_url=f"/ket-qua/{sitting.round.public_id}",
    )


