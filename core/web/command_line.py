"""Every command but the plain ones: migrations, serving, and the groups that the rooms register on ``app.cli``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import upgrade

from core.database import db
from core.database.anchoring import ClockNeverSet, anchored_clock
from core.database.server_time import use_clock


def migrate(app: Flask) -> None:
    """Bring the database of ``app`` to the newest schema; on PostgreSQL one process at a time."""
    import logging

    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        upgrade()
        if db.engine.url.database and db.engine.dialect.name == "sqlite":
            # Its journal files get the same mode: nobody else reads people's data, whatever the folder allows.
            Path(db.engine.url.database).chmod(0o600)


def prepared(app: Flask) -> Flask:
    """``app`` with a migrated database and the machine's anchored clock. Raises ClockNeverSet."""
    migrate(app)
    with app.app_context():
        use_clock(anchored_clock(db.engine))
    return app


def list_plain(app: Flask, plain: Mapping[tuple[str, str], Callable[[list[str]], int]]) -> None:
    """Show the plain commands, which need no app, in the help of their groups."""
    texts = {
        "questions": "Câu hỏi: đọc danh sách từ tệp.",
        "papers": "Đề thi: ghép nhiều đề tương đương.",
        "standings": "Xếp hạng từ tệp kết quả, xuất bảng xếp hạng.",
    }
    for group_name, name in plain:
        group = app.cli.commands.get(group_name)
        if not isinstance(group, click.Group):
            group = click.Group(group_name)
            app.cli.add_command(group)
        group.help = group.help or texts.get(group_name)
        summary = f"(không cần cơ sở dữ liệu) xem: python run.py {group_name} {name} --help"
        group.add_command(click.Command(name, help=summary))


def run_command(
    factory: Callable[[], Flask],
    arguments: list[str],
    plain: Mapping[tuple[str, str], Callable[[list[str]], int]],
) -> int:
    """Run the click command that ``arguments`` name over the app that ``factory`` makes; returns the exit code.

    ``plain`` are the commands that run without an app; here they are only listed.
    """
    from core.web.serve_commands import register_serving

    app = factory()
    register_serving(app)
    list_plain(app, plain)
    group = click.Group(
        "run.py",
        commands=dict(app.cli.commands),
        help="Hội thi Bí thư chi bộ giỏi: máy chủ và các lệnh quản trị.",
    )
    if not arguments:
        arguments = ["serve"]
    needs_schema = not {"--help", "-h"} & set(arguments) and arguments[0] in app.cli.commands
    try:
        if needs_schema:
            prepared(app)
    except ClockNeverSet as error:
        click.echo(f"Đồng hồ của máy đang chỉ {error.args[0]:%d/%m/%Y}. Hãy chỉnh giờ của máy rồi chạy lại.", err=True)
        return 1
    try:
        group.main(
            args=arguments,
            prog_name=f"python {Path(sys.argv[0]).name}",
            obj=ScriptInfo(create_app=lambda: app),
            standalone_mode=False,
        )
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 130
    return 0
