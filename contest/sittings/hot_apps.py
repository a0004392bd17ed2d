"""The hot path's bare Flask apps; ``run.py`` mounts them under their prefixes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from flask import Flask, Response
from sqlalchemy import Engine
from werkzeug.exceptions import HTTPException

from contest.sittings.form_routes import FormRoutes, bad_token
from contest.sittings.hot_path import HotPath, answer
from contest.sittings.requests import BadRequest
from contest.sittings.script_routes import ScriptRoutes
from contest.sittings.tokens import BadToken, TokenSigner
from core.database.writer import GroupCommitWriter, WriterBusy
from core.web.security import add_headers

log = logging.getLogger(__name__)

PREFIX = "/s"

#: Bytes of a request: a full batch of rows.
MAX_REQUEST = 256 * 1024


def hot_apps(engine: Engine, writer: GroupCommitWriter, token_key: bytes) -> dict[str, Flask]:
    """The apps by their prefixes, over one HotPath."""
    path = HotPath(engine, writer, TokenSigner(token_key))
    return {PREFIX: _create_requests(path)}


def _create_requests(path: HotPath) -> Flask:
    """What the sitting's page asks for."""
    app = bare_app("hoithi.sittings", path)
    scripts, forms = ScriptRoutes(path), FormRoutes(path)
    routes: list[tuple[str, str, Callable[[], Response], str]] = [
        ("/luu", "save", scripts.save, "POST"),
        ("/nhip", "heartbeat", scripts.heartbeat, "POST"),
        ("/de", "paper", scripts.paper, "GET"),
        ("/ky", "epoch", scripts.epoch, "POST"),
        ("/nop", "submit", scripts.submit, "POST"),
        ("/cau", "save_form", forms.save_form, "POST"),
        ("/nop-bai", "submit_form", forms.submit_form, "POST"),
    ]
    for rule, name, view, method in routes:
        app.add_url_rule(rule, name, _sitting_only(view), methods=[method])
    app.register_error_handler(WriterBusy, forms.busy)
    return app


def bare_app(name: str, path: HotPath) -> Flask:
    """A Flask app with nothing but the hot path's bounds, errors and headers."""
    app = Flask(name, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    app.extensions["hot_path"] = path
    app.register_error_handler(BadToken, bad_token)
    app.register_error_handler(BadRequest, lambda _e: answer({"cause": "request"}, 400))
    app.register_error_handler(HTTPException, lambda e: answer({"cause": "http"}, e.code or 500))
    app.register_error_handler(Exception, _unexpected)
    app.after_request(add_headers)
    return app


def _sitting_only(view: Callable[[], Response]) -> Callable[[], Response]:
    @wraps(view)
    def guarded() -> Response:
        return view()

    guarded.access = "sitting token"  # type: ignore[attr-defined]
    return guarded


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error on the hot path")
    return answer({"cause": "server"}, 500)
