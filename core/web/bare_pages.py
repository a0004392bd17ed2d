"""The platform's own templates for the bare apps: an environment without session, database or request context.

Texts come from the Vietnamese catalogue, read once; the only addresses that templates may ask for are those of static files.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, pass_eval_context
from jinja2.nodes import EvalContext

from config import ROOT
from core.web import filters
from core.web.texts import text_of


@cache
def catalogue() -> Any:
    """The Vietnamese catalogue; an empty one where there is none (the texts in the code are Vietnamese)."""
    found = Translations.load(ROOT / "translations", ["vi"])
    return found if isinstance(found, Translations) else NullTranslations()


@cache
def environment() -> Environment:
    """The templates, ready to be rendered by any thread; one a process."""
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(catalogue(), newstyle=True)  # type: ignore[attr-defined]
    made.globals["_"] = made.globals["gettext"] = _text
    made.globals["url_for"] = _static_url
    made.globals["percent"] = filters.show_percent
    made.filters.update(
        date=filters.show_date, clock=filters.show_clock, clock_seconds=filters.show_clock_seconds,
        moment=filters.show_moment, number=filters.show_number,
        duration=filters.show_duration,
    )  # fmt: skip
    return made


def error_page(code: int, hotline: str, **more: Any) -> str:
    """The page for an error, in the same look as the full app's."""
    return environment().get_template("errors/error.html").render(code=code, hotline=hotline, **more)


@pass_eval_context
def _text(context: EvalContext, message: str, **values: Any) -> str:
    """``_()`` in templates."""
    return text_of(catalogue(), context, message, values)


def _static_url(endpoint: str, filename: str) -> str:
    if endpoint != "static":
        raise LookupError(f"a page of a bare app cannot link to {endpoint}")
    return f"/static/{filename}"
