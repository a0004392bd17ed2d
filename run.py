"""Wires the platform together: ``create_app()``, and every command (``python run.py --help``).

``python run.py`` alone serves: it starts the web server and the job worker and restarts either when it dies.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from flask import Flask

    from config import Settings

#: Rooms with pages, commands or jobs, lowest first; each has a ``wiring`` module with ``init_app(app)``.
ROOMS = (
    "core.jobs",
    "core.organisation",
    "core.accounts",
    "core.accounts.importing",
    "questions.bank",
    "contest.rounds",
    "contest.papers",
    "contest.sittings",
    "contest.standings",
    "contest.insights",
    "contest.demo",
)


#: Every module with tables, lowest room first; importing them makes the schema known to the migrations.
MODELS = (
    "core.database.server_time",
    "core.audit.models",
    "core.jobs.models",
    "core.organisation.models",
    "core.accounts.models",
    "core.accounts.importing.models",
    "questions.bank.models",
    "questions.bank.importing.models",
    "questions.statistics.models",
    "contest.rounds.models",
    "contest.papers.models",
    "contest.papers.making.models",
    "contest.sittings.models",
    "contest.standings.models",
)


def create_app(settings: Settings | None = None) -> Flask:
    """The full application over ``settings`` (default: the environment's)."""
    from flask import Flask

    from config import ROOT, load_settings
    from core.database import db, engine_options, prepare_engine
    from core.database.keys import load_keys
    from core.database.writer import GroupCommitWriter
    from core.web.bare import Page
    from core.web.errors import init_errors
    from core.web.extensions import init_extensions
    from core.web.filters import init_filters
    from core.web.navigation import init_navigation
    from core.web.security import init_security

    for module in MODELS:
        import_module(module)
    settings = settings or load_settings()
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    app = Flask(
        "hoithi",
        root_path=str(ROOT),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(settings.instance),
    )
    app.response_class = Page
    keys = load_keys(settings.instance / "keys")
    secure = settings.base_url.startswith("https://")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=keys["session"],
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.sqlalchemy_url),
        MAX_CONTENT_LENGTH=settings.max_upload,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        PERMANENT_SESSION_LIFETIME=settings.session_lifetime,
        SESSION_COOKIE_NAME="phien",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
        BOOTSTRAP_SERVE_LOCAL=True,
        TESTING=settings.testing,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["keys"] = keys
    init_extensions(app)
    init_security(app)
    init_errors(app)
    init_filters(app)
    init_navigation(app)
    with app.app_context():
        prepare_engine(db.engine)
        app.extensions["writer"] = GroupCommitWriter(db.engine)
    for room in ROOMS:
        import_module(f"{room}.wiring").init_app(app)
    return app


def create_server(app: Flask | None = None) -> WSGIApplication:
    """What a web server serves: the full app with the bare ones mounted, behind as many proxies as are trusted."""
    from werkzeug.middleware.dispatcher import DispatcherMiddleware
    from werkzeug.middleware.proxy_fix import ProxyFix

    from contest.sittings.hot_apps import hot_apps
    from contest.standings import boards
    from core.database import db
    from core.database.anchoring import anchored_clock
    from core.database.server_time import use_clock
    from core.web.static_files import static_apps

    app = app or create_app()
    with app.app_context():
        if not app.testing:
            use_clock(anchored_clock(db.engine))
        refresh = 0.0 if app.testing else 1.0
        hot = hot_apps(app, db.engine, app.extensions["writer"], app.extensions["keys"], refresh)
        settings = app.config["SETTINGS"]
        board_app = boards.create_boards(db.engine, settings.instance / "uploads", settings.hotline, refresh)
    app.extensions["bare_apps"] = {**hot, boards.PREFIX: board_app}
    mounts = app.extensions["mounts"] = {**app.extensions["bare_apps"], **static_apps(app)}
    server: WSGIApplication = DispatcherMiddleware(app.wsgi_app, mounts)
    proxies = app.config["SETTINGS"].trusted_proxies
    return ProxyFix(server, x_for=proxies, x_proto=proxies, x_host=proxies) if proxies else server


def _command(module: str, function: str) -> Callable[[list[str]], int]:
    def run(arguments: list[str]) -> int:
        return int(getattr(import_module(module), function)(arguments))

    return run


#: Commands that need neither app nor database: they run in an empty read-only folder.
PLAIN_COMMANDS: dict[tuple[str, str], Callable[[list[str]], int]] = {
    ("questions", "read"): _command("questions.interchange.commands", "read_command"),
    ("papers", "assemble"): _command("contest.papers.assembly.assemble_command", "assemble_command"),
    ("questions", "convert"): _command("questions.interchange.convert_command", "convert_command"),
    ("questions", "similar"): _command("questions.interchange.similar_command", "similar_command"),
    ("questions", "statistics"): _command("questions.statistics.commands", "statistics_command"),
    ("standings", "rank"): _command("contest.standings.rank_command", "rank_command"),
}


def main(arguments: list[str]) -> int:
    """Run the command that ``arguments`` name (none: serve); returns the exit code."""
    if arguments[1:2] == ["--prepared"]:
        from core.web.serving import carry_out

        return carry_out(arguments[0], int(arguments[2]))
    plain = PLAIN_COMMANDS.get((arguments[0], arguments[1])) if len(arguments) >= 2 else None
    if plain is not None:
        return plain(arguments[2:])
    from core.web.command_line import run_command

    return run_command(create_app, arguments, PLAIN_COMMANDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
