"""Flask extensions, made once and bound to the app by ``init_extensions``."""

from __future__ import annotations

from flask import Flask, Request, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from config import ROOT
from core.database import db


class FormRequest(Request):
    """The full app takes forms; Flask-WTF would read a form out of any JSON, however deep or misshapen."""

    is_json = False


login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
bootstrap = Bootstrap5()
migrate = Migrate(render_as_batch=True, directory=str(ROOT / "migrations"))

#: Vietnamese is the source of every text; a catalogue for English can follow.
LOCALES = ("vi", "en")
TIME_ZONE = "Asia/Ho_Chi_Minh"


def _locale() -> str:
    chosen = request.cookies.get("ngon_ngu") if request else None
    return chosen if chosen in LOCALES else "vi"


def init_extensions(app: Flask) -> None:
    """Bind every extension to ``app``; its settings must be in place."""
    app.request_class = FormRequest
    db.init_app(app)
    migrate.init_app(app, db)
    login_manager.init_app(app)
    csrf.init_app(app)
    babel.init_app(
        app,
        default_locale="vi",
        default_timezone=TIME_ZONE,
        default_translation_directories=str(ROOT / "translations"),
        locale_selector=_locale,
    )
    bootstrap.init_app(app)
