"""Commands: the worker itself, and looking after jobs from the machine."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from core.database import db, unit_of_work
from core.jobs import running, service
from core.jobs.models import Job

group = AppGroup("jobs", help="Việc nền: xem, làm ngay, dừng.")


@click.command("worker", help="Chạy bộ xử lý việc nền (lệnh serve gọi lệnh này).")
@click.option("--parent", default=0, hidden=True)
@with_appcontext
def worker(parent: int) -> None:
    """Run the worker until it is told to end, or ``parent`` (a process id; 0: nobody) is gone."""
    from core.jobs.worker import main
    from core.web.serving import end_with_parent

    end_with_parent(parent)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    sys.exit(main(app))


@group.command("list", help="Các việc mới nhất, mỗi việc một dòng.")
@click.option("--number", default=20, show_default=True, help="Số dòng.")
def list_command(number: int) -> None:
    """Newest first: code, state, steps, title."""
    for job in db.session.scalars(select(Job).order_by(Job.id.desc()).limit(number)):
        total = "?" if job.steps_total is None else job.steps_total
        click.echo(f"{job.public_id}  {job.state:<9}  {job.steps_done}/{total}  {job.title}")


@group.command("run", help="Làm một việc đang chờ, ngay trong lệnh này.")
@click.argument("code")
def run_command(code: str) -> None:
    """Carry the job out here; exit code 1 when it does not end well."""
    job = running.run_now(_found(code).id)
    click.echo(f"{job.public_id}  {job.state}  {job.message}")
    if job.state != "done":
        sys.exit(1)


@group.command("cancel", help="Dừng một việc sau bước đang làm.")
@click.argument("code")
def cancel_command(code: str) -> None:
    """Ask the job to stop."""
    with unit_of_work():
        asked = service.request_cancel(_found(code))
    click.echo("Đã yêu cầu dừng." if asked else "Việc này đã kết thúc.")


def _found(code: str) -> Job:
    job = service.find(code)
    if job is None:
        raise click.ClickException(f"Không có việc nào mang mã {code}.")
    return job
