"""``clock``: what the server's time is, what moved the machine's clock, and putting a wrong anchor right."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from core.audit import record
from core.database import db, unit_of_work
from core.database.anchoring import anchored_clock, forget_anchors, look
from core.database.server_time import ClockStep, now, use_clock
from core.jobs.single import single_lock
from core.web.filters import HANOI

clock = AppGroup("clock", help="Giờ máy chủ: xem, lấy lại.")

_FORMAT = "%d/%m/%Y %H:%M:%S"


@clock.command("show", help="Giờ thi, giờ của máy, và những lần giờ của máy bị chỉnh.")
def show() -> None:
    """The server's time, how the wall clock stands to it, and the steps on record."""
    click.echo(f"Giờ thi:     {now().astimezone(HANOI).strftime(_FORMAT)}")
    seen = look(db.engine, anchored_clock(db.engine))
    if seen is not None:
        click.echo(f"Giờ của máy: lệch {seen.wall_ahead / 1e6:+.3f} giây so với giờ thi")
    for step in db.session.scalars(select(ClockStep).order_by(ClockStep.id.desc()).limit(20)):
        at = step.noticed_at.astimezone(HANOI).strftime(_FORMAT)
        click.echo(f"{at}  giờ của máy bị chỉnh {step.by_microseconds / 1e6:+.3f} giây; giờ thi không đổi")


@clock.command("reset", help="Lấy giờ của máy làm giờ thi. Chỉ khi không ai đang làm bài; phải dừng máy chủ trước.")
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
def reset(yes: bool) -> None:
    """Forget the anchors and take one anew. Moves the deadline of every sitting under way: for a machine that was started
    with a wrong clock, before anybody sits."""
    lock = single_lock(db.engine, current_app.config["SETTINGS"].instance)
    if not lock.take():
        raise click.ClickException("Máy chủ đang chạy. Hãy dừng máy chủ rồi làm lại lệnh này.")
    try:
        if not yes:
            click.confirm("Giờ còn lại của người đang làm bài sẽ thay đổi. Lấy lại giờ?", abort=True)
        before = now()
        with unit_of_work() as session:
            forget_anchors(session.connection())
        use_clock(anchored_clock(db.engine))
        seconds = (now() - before).total_seconds()
        with unit_of_work():
            record("clock.reset", "clock", {"seconds": f"{seconds:+.3f}"})
        click.echo(f"Giờ thi đã lấy lại: {now().astimezone(HANOI).strftime(_FORMAT)} ({seconds:+.3f} giây).")
    finally:
        lock.release()
