"""Commands about contests."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from contest.rounds.entries import count_entries
from contest.rounds.jobs import enter_everybody
from contest.rounds.models import Contest, Round
from contest.rounds.slip_jobs import ask_for_slips
from contest.rounds.states import CONTEST_STATES, state_of_contest
from core.database import db, unit_of_work
from core.documents import uploads
from core.jobs import run_now
from core.organisation.commands import unit_at

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


@group.command("slips", help="In phiếu dự thi của vòng thi có mã MA ra tệp RA (.pdf; rất nhiều phiếu thì .zip).")
@click.argument("public_id", metavar="MA")
@click.argument("target", metavar="RA", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--unit", "unit_path", default="", help="Chỉ một đơn vị, viết từ cấp trên xuống, ngăn bằng dấu /.")
@with_appcontext
def slips(public_id: str, target: Path, unit_path: str) -> None:
    """The same job as the page's, done here; the file ends where it is wanted, readable by its owner only."""
    round_ = db.session.scalar(select(Round).where(Round.public_id == public_id))
    if round_ is None:
        raise click.ClickException(f"Không có vòng thi nào mang mã {public_id}.")
    unit = unit_at(unit_path) if unit_path else round_.contest.unit
    with unit_of_work():
        job_id = ask_for_slips(round_.contest, round_, unit.path, unit.name).id
    job = run_now(job_id)
    if job.state != "done" or job.result is None:
        raise click.ClickException(job.message)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(uploads.path_of(str(job.result["file"])).read_bytes())
    click.echo(f"{job.result['count']} phiếu: {target} (.{job.result['ending']})")
