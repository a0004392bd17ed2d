"""Commands about contests."""

from __future__ import annotations

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from contest.rounds.entries import count_entries
from contest.rounds.jobs import enter_everybody
from contest.rounds.models import Contest
from contest.rounds.states import CONTEST_STATES, state_of_contest
from core.database import db, unit_of_work
from core.jobs import run_now

group = AppGroup("contests", help="Hội thi: xem danh sách, đưa thí sinh vào.")


@group.command("list", help="Liệt kê các hội thi: mã, tình trạng, số thí sinh, tên.")
@with_appcontext
def list_contests() -> None:
    """One line a contest."""
    for contest in db.session.scalars(select(Contest).order_by(Contest.id)):
        state = CONTEST_STATES[state_of_contest(contest)].label
        click.echo("\t".join([contest.public_id, str(state), str(count_entries(contest)), contest.name]))


@group.command("enter", help="Đưa mọi người trong danh sách đơn vị vào hội thi có mã MA.")
@click.argument("public_id", metavar="MA")
@with_appcontext
def enter(public_id: str) -> None:
    """Enter everybody who is not entered yet."""
    contest = db.session.scalar(select(Contest).where(Contest.public_id == public_id))
    if contest is None:
        raise click.ClickException(f"Không có hội thi nào mang mã {public_id}.")
    with unit_of_work():
        job_id = enter_everybody(contest).id
    click.echo(run_now(job_id).message)
