"""The help page for contestants, and its address for the foot of every page."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template, url_for
from flask.typing import ResponseReturnValue

from core.access import public

blueprint = Blueprint("help", __name__)


@blueprint.get("/tro-giup")
@public
def page() -> ResponseReturnValue:
    """Short questions and answers for contestants, without signing in."""
    return render_template("public_home/help.html", enter_url=url_for("contestants.enter"))


def init_help(app: Flask) -> None:
    """The page, and ``help_url`` in every template."""
    app.register_blueprint(blueprint)

    @app.context_processor
    def _address() -> dict[str, str]:
        return {"help_url": url_for("help.page")}
