"""Commands of the demo, and what it does before the server starts."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from contest.demo import loading, showing
from contest.demo.loading import Demo, Refused
from contest.demo.rounds import open_next_round, sample_contest
from contest.papers.opening import NotReady

demo = AppGroup("demo", help="Dữ liệu mẫu: nạp, xem cách đăng nhập, mở vòng thi mẫu tiếp theo.")


@demo.command("load", help="Nạp dữ liệu mẫu vào cơ sở dữ liệu trống.")
def load_command() -> None:
    """Loading twice changes nothing."""
    try:
        new = loading.load(lambda stage: click.echo(f"  … {stage}"))
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo("Đã nạp dữ liệu mẫu." if new else "Dữ liệu mẫu đã có, không thay đổi gì.")
    _show()


@demo.command("status", help="Địa chỉ và cách đăng nhập của dữ liệu mẫu.")
def status_command() -> None:
    """What ``serve`` prints at each start."""
    try:
        loading.check_loopback()
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from None
    _show()


@demo.command("next-round", help="Mở vòng thi mẫu tiếp theo ngay bây giờ.")
def next_round_command() -> None:
    """Beside the one that may still be open."""
    contest = sample_contest()
    try:
        loading.check_loopback()
        if contest is None or loading.state() is not Demo.LOADED:
            raise Refused("Chưa có dữ liệu mẫu.")
        round_ = open_next_round(contest)
    except (Refused, NotReady) as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"Đã mở {round_.name}.")
    _show()


def before_serving() -> None:
    """Load the demo into an empty database, or open its next round, and show how to come in.

    Never keeps the server from starting on somebody's own data, nor for a bank that no longer fills a round.
    """
    found = loading.state()
    if found is Demo.OTHER:
        return
    try:
        loading.check_loopback()
        if found is not Demo.LOADED:
            click.echo("Nạp dữ liệu mẫu vào cơ sở dữ liệu trống (chừng mười giây):")
            loading.load(lambda stage: click.echo(f"  … {stage}"))
        else:
            _open_next()
    except Refused as refusal:
        if found is not Demo.EMPTY:
            click.echo(str(refusal))
        return
    _show()


def _open_next() -> None:
    try:
        round_ = loading.next_round_if_over()
    except NotReady as reason:
        click.echo(f"Chưa mở được vòng thi mẫu tiếp theo: {reason}")
        return
    if round_ is not None:
        click.echo(f"Vòng thi mẫu trước đã kết thúc, đã mở {round_.name}.")


def _show() -> None:
    for line in showing.lines():
        click.echo(line)
