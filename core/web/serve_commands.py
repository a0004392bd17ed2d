"""The commands that serve."""

from __future__ import annotations

import click
from flask import Flask

from config import Settings
from core.web.serving import become


def register_serving(app: Flask) -> None:
    """Add the commands ``serve`` and ``web`` to ``app``."""

    @app.cli.command("serve", help="Chạy máy chủ web và bộ xử lý việc nền (mặc định).")
    def serve() -> None:
        settings: Settings = app.config["SETTINGS"]
        for announce in app.extensions.get("before_serving", []):
            announce()
        click.echo(f"Máy chủ chạy tại {settings.base_url}  (Ctrl+C để dừng)")
        become("serve")

    @app.cli.command("web", help="Chỉ chạy máy chủ web (lệnh serve gọi lệnh này).")
    @click.option("--parent", default=0, hidden=True)
    def web(parent: int) -> None:
        become("web", parent)
