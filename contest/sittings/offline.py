"""What the sitting needs of the server to live without it: the service worker, the list of its files, the server's time."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app

from contest.sittings.hot_path import milliseconds
from contest.sittings.words import practice_questions, wait_words
from core.access.routes import public
from core.database.server_time import now

blueprint = Blueprint("offline", __name__)

#: Below the static folder: the styles of layouts/sitting.html and what base.html asks for beside them.
STYLES = ("css/tokens.css", "css/base.css", "css/contest.css", "js/fontsize.js", "img/mark.svg")

#: Scripts of the same folder that the page of a sitting does not load.
OTHER_PAGES = frozenset({"worker.js", "wait.js", "ready.js", "practice.js", "start.js", "leaving.js"})


def sitting_files(static: Path) -> list[str]:
    """Addresses of everything that the page of a sitting loads, from the folder ``static``."""
    scripts = sorted(path.name for path in (static / "js" / "sitting").glob("*.js"))
    names = [*STYLES, *(f"js/sitting/{name}" for name in scripts if name not in OTHER_PAGES)]
    return [f"/static/{name}" for name in names]


def worker_script(static: Path) -> str:
    """The service worker with the list of its files. Its version is that of their contents, so that the browser sees when
    one has changed."""
    files = sitting_files(static)
    source = (static / "js" / "sitting" / "worker.js").read_text()
    digest = hashlib.sha256(source.encode())
    for address in files:
        digest.update((static / address.removeprefix("/static/")).read_bytes())
    settings = json.dumps({"version": digest.hexdigest()[:12], "files": files})
    return f"self.THI = {settings};\n{source}"


@blueprint.get("/sw.js")
@public
def worker() -> Response:
    """The service worker. It lies at the root, where it may serve the sitting's page; no cache keeps an old one."""
    return Response(current_app.extensions["sitting_worker"], content_type="text/javascript; charset=utf-8")


@blueprint.get("/thi/gio")
@public
def time() -> Response:
    """The server's time in milliseconds since 1970, for a waiting page whose device has slept."""
    return Response(json.dumps({"now": milliseconds(now())}), content_type="application/json")


def init_offline(app: Flask) -> None:
    """Register the pages, and what the templates of the room ask for."""
    static = Path(app.static_folder or "static")
    app.extensions["sitting_worker"] = worker_script(static)
    files = sitting_files(static)
    app.jinja_env.globals.update(
        sitting_files=lambda: files, waiting_words=wait_words, practice_questions=practice_questions
    )
    app.register_blueprint(blueprint)
