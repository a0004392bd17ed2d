"""Commands about rounds."""

from __future__ import annotations

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from contest.papers.opening import NotReady, checklist, open_round
from contest.rounds.models import Round
from contest.rounds.service import RoundFrozen
from core.database import db, unit_of_work

group = AppGroup("rounds", help="Vòng thi: xem còn thiếu gì, mở vòng.")


def _round(public_id: str) -> Round:
    found = db.session.scalar(select(Round).where(Round.public_id == public_id))
    if found is None:
        raise click.ClickException(f"Không có vòng thi nào mang mã {public_id}.")
    return found


@group.command("check", help="Nói vòng thi có mã MA còn thiếu gì.")
@click.argument("public_id", metavar="MA")
@with_appcontext
def check(public_id: str) -> None:
    """One line a check; the exit code is 1 when something that blocks is missing."""
    checks = checklist(_round(public_id))
    for one in checks:
        sign = "✓" if one.done else ("✗" if one.blocks else "!")
        click.echo(f"{sign} {one.text}" + (f" ({one.detail})" if one.detail and not one.done else ""))
    if any(one.blocks and not one.done for one in checks):
        raise click.exceptions.Exit(1)


@group.command("open", help="Mở vòng thi có mã MA: đóng băng bộ câu hỏi và thể lệ.")
@click.argument("public_id", metavar="MA")
@with_appcontext
def open_command(public_id: str) -> None:
    """Open a round; says what is missing when it cannot."""
    round_ = _round(public_id)
    try:
        with unit_of_work():
            size = open_round(round_)
    except NotReady as error:
        raise click.ClickException("; ".join(error.missing)) from None
    except RoundFrozen:
        raise click.ClickException("Vòng thi này đã mở rồi.") from None
    click.echo(f"Đã mở vòng thi với {size} câu hỏi.")
