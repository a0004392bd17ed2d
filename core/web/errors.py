"""Every error has a page in the same look that says what is wrong, why, and what to do now."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, current_app, flash, redirect, request, url_for
from flask.globals import request_ctx
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from core.access import Forbidden
from core.database import DATABASE_AWAY
from core.database.writer import WriterBusy

log = logging.getLogger(__name__)

#: The pages that ``templates/errors/error.html`` knows; any other status shows the nearest of them.
KNOWN = (400, 401, 403, 404, 405, 413, 429, 500, 503)

Answer = Response | tuple[str, int] | tuple[str, int, dict[str, str]]


def error_page(status: int, reason: str = "", **more: Any) -> tuple[str, int]:
    """The page for ``status``; ``reason`` is a sentence for people, or empty for the page's own.

    ``more`` are further values the template names: kind, retry_seconds, sign_in_url. It is rendered without the context
    processors: those ask who is signed in, and the database may be the very thing that failed.
    """
    code = status if status in KNOWN else (500 if status >= 500 else 400)
    template = current_app.jinja_env.get_template("errors/error.html")
    return template.render(code=code, reason=reason, **more), status


def _http(error: HTTPException) -> Answer:
    status = error.code or 500
    if request_ctx.url_adapter is None:  # the Host header names no host: there is no address for links
        return error.get_response()
    if status == 401:
        return _sign_in_again()
    if 300 <= status < 400:
        return error.get_response()
    return error_page(status)


def _sign_in_again() -> Answer:
    if request.method == "GET" and "text/html" in request.headers.get("Accept", "text/html"):
        flash(_("Xin đăng nhập để tiếp tục."), "info")
        return redirect(url_for("accounts.sign_in", tiep=request.full_path.rstrip("?")))
    return error_page(401, kind="session_expired", sign_in_url=url_for("accounts.sign_in"))


def _forbidden(error: Forbidden) -> Answer:
    return error_page(403)


def _csrf(error: CSRFError) -> Answer:
    return error_page(400, kind="csrf")


def _busy(error: WriterBusy) -> Answer:
    page, status = error_page(503, retry_seconds=error.retry_after)
    return page, status, {"Retry-After": str(error.retry_after)}


def _away(error: Exception) -> Answer:
    log.error("the database is away on %s %s", request.method, request.path, exc_info=error)
    return _busy(WriterBusy())


def _unexpected(error: Exception) -> Answer:
    log.exception("unexpected error on %s %s", request.method, request.path)
    return error_page(500)


def init_errors(app: Flask) -> None:
    """Register the pages. In debug mode unexpected errors keep their traceback."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(WriterBusy, _busy)
    for fault in DATABASE_AWAY:
        app.register_error_handler(fault, _away)
    if not app.debug and not app.config.get("PROPAGATE_EXCEPTIONS"):
        app.register_error_handler(Exception, _unexpected)
