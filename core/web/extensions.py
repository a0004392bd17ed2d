"""Flask extensions, made once and bound to the app by ``init_extensions``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from babel import Locale
from flask import Flask, Request, g, request, url_for
from flask_babel import Babel, get_translations
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context

from config import ROOT
from core.database import db
from core.web.constant_parts import init_constant_parts
from core.web.texts import text_of


class FormRequest(Request):
    """The full app takes forms; Flask-WTF would read a form out of any JSON, however deep or misshapen."""

    is_json = False


login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
bootstrap = Bootstrap5()
migrate = Migrate(render_as_batch=True, directory=str(ROOT / "migrations"))

#: Vietnamese is the source of every text; a catalogue for English can follow.
LOCALES = {name: Locale.parse(name) for name in ("vi", "en")}
TIME_ZONE = "Asia/Ho_Chi_Minh"


def _locale() -> Locale:
    chosen = request.cookies.get("ngon_ngu", "vi") if request else "vi"
    return LOCALES.get(chosen, LOCALES["vi"])


@pass_eval_context
def _text(context: EvalContext, message: str, **values: Any) -> str:
    """``_()`` in templates. The request's catalogue is looked up once, not for each text of a page as by Flask-Babel, which
    took as long as all the rest of the page."""
    catalogue = g.get("catalogue")
    if catalogue is None:
        catalogue = g.catalogue = get_translations()
    return text_of(catalogue, context, message, values)


def _addresses() -> Callable[..., str]:
    """``url_for()`` for templates, which keeps the static files' addresses: some twenty a page, the same for every request."""
    known: dict[tuple[str, str], str] = {}

    def address(endpoint: str, **values: Any) -> str:
        if endpoint != "static" or values.keys() != {"filename"}:
            return url_for(endpoint, **values)
        key = (request.root_path, values["filename"])
        if key not in known:
            known[key] = url_for("static", filename=values["filename"])
        return known[key]

    return address


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
    app.jinja_env.globals.update(_=_text, gettext=_text, url_for=_addresses())
    init_constant_parts(app)
