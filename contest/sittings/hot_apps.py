"""The hot path's bare Flask apps; ``run.py`` mounts them under their prefixes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec

from flask import Flask, Response
from sqlalchemy import Engine
from werkzeug.exceptions import HTTPException, NotFound

from contest.sittings.control import EVERY
from contest.sittings.form_routes import FormRoutes, bad_token
from contest.sittings.hot_path import HotPath, answer
from contest.sittings.receipt_pages import ReceiptPages
from contest.sittings.requests import MAX_REQUEST, BadRequest
from contest.sittings.script_routes import ScriptRoutes
from contest.sittings.sitting_pages import SittingPages
from contest.sittings.start_routes import StartRoutes
from contest.sittings.tokens import BadToken, TicketSigner, TokenSigner
from core.database import DATABASE_AWAY
from core.database.writer import GroupCommitWriter, WriterBusy
from core.web.bare import Answer, BareFlask
from core.web.security import BareHeaders, PageSessions

log = logging.getLogger(__name__)

#: Where what the page asks for is mounted, the page itself, and its receipt.
PREFIX, PAGES, RECEIPTS = "/s", "/thi/bai", "/thi/xong"

#: What the page's app takes over from the full one to read a contestant's session.
SESSION = (
    "SECRET_KEY", "PERMANENT_SESSION_LIFETIME", "SESSION_COOKIE_NAME", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_SECURE",
)  # fmt: skip

P = ParamSpec("P")


def hot_apps(
    full: Flask, engine: Engine, writer: GroupCommitWriter, keys: Mapping[str, bytes], refresh: float = EVERY
) -> dict[str, Flask]:
    """The apps by their prefixes, over one HotPath, beside the ``full`` app.

    ``keys["token"]`` signs tokens and tickets, papers are drawn with ``keys["paper"]``; ``refresh``: seconds between two
    looks at what others have changed.
    """
    path = HotPath(engine, writer, TokenSigner(keys["token"]), refresh)
    starting = StartRoutes(path, TicketSigner(keys["token"]), keys["paper"])
    pages = SittingPages(path, full.config["SETTINGS"].hotline)
    receipts = _page_app("hoithi.receipts", path, full, pages)
    receipts.add_url_rule("/<public_id>", "done", _only_with("contestant", ReceiptPages(path, full, refresh).done))
    sitting = _page_app("hoithi.sitting_pages", path, full, pages)
    sitting.add_url_rule("/<public_id>", "sit", _only_with("contestant", pages.sit))
    sitting.add_url_rule("/<public_id>/xem-lai", "look_over", _only_with("contestant", pages.look_over))
    return {PREFIX: _create_requests(path, starting), PAGES: sitting, RECEIPTS: receipts}


def _page_app(name: str, path: HotPath, full: Flask, pages: SittingPages) -> Flask:
    """An app for pages of a contestant's own, who is known by the full app's session. It renews no session."""
    app = bare_app(name, path, Flask)
    app.config.update({name: full.config[name] for name in SESSION}, SESSION_REFRESH_EACH_REQUEST=False)
    app.session_interface = PageSessions()
    app.response_class = Answer
    app.register_error_handler(NotFound, lambda _e: pages.missing())
    app.register_error_handler(Exception, lambda e: _failed_page(pages, e))
    return app


def _create_requests(path: HotPath, starting: StartRoutes) -> Flask:
    """What the waiting room and the sitting's page ask for."""
    app = bare_app("hoithi.sittings", path)
    scripts, forms = ScriptRoutes(path), FormRoutes(path)
    app.add_url_rule("/bat-dau", "start", _only_with("start ticket", starting.start), methods=["POST"])
    routes: list[tuple[str, str, Callable[[], Response], str]] = [
        ("/luu", "save", scripts.save, "POST"),
        ("/nhip", "heartbeat", scripts.heartbeat, "POST"),
        ("/tin", "notices", scripts.notices, "GET"),
        ("/de", "paper", scripts.paper, "GET"),
        ("/ky", "epoch", scripts.epoch, "POST"),
        ("/nop", "submit", scripts.submit, "POST"),
        ("/cau", "save_form", forms.save_form, "POST"),
        ("/nop-bai", "submit_form", forms.submit_form, "POST"),
    ]
    for rule, name, view, method in routes:
        app.add_url_rule(rule, name, _only_with("sitting token", view), methods=[method])
    app.register_error_handler(WriterBusy, forms.busy)
    for fault in DATABASE_AWAY:  # the database is away: reading says so like writing
        app.register_error_handler(fault, lambda _e: forms.busy(WriterBusy()))
    return app


def bare_app(name: str, path: HotPath, kind: type[Flask] = BareFlask) -> Flask:
    """A Flask app with nothing but the hot path's bounds, errors and headers."""
    app = kind(name, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    app.extensions["hot_path"] = path
    app.register_error_handler(BadToken, bad_token)
    app.register_error_handler(BadRequest, lambda _e: answer({"cause": "request"}, 400))
    app.register_error_handler(HTTPException, lambda e: answer({"cause": "http"}, e.code or 500))
    app.register_error_handler(Exception, _unexpected)
    app.wsgi_app = BareHeaders(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _only_with(what: str, view: Callable[P, Response]) -> Callable[P, Response]:
    """``view`` reads ``what`` by itself; this states that it does."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        return view(*args, **kwargs)

    guarded.access = what  # type: ignore[attr-defined]
    return guarded


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error on the hot path")
    return answer({"cause": "server"}, 500)


def _failed_page(pages: SittingPages, error: Exception) -> Response:
    """The page for an error; where the database is away it says when to come back."""
    if isinstance(error, DATABASE_AWAY):
        return pages.failed(503, WriterBusy().retry_after)
    log.error("unexpected error on a sitting's page", exc_info=error)
    return pages.failed(500)
