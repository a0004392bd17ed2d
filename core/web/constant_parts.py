"""Parts of pages that are the same for everybody: rendered once for each language and address of the site, then kept.

``constant_part("sittings/_ready.html")`` in a template stands for an ``include``, of a template that asks for nothing of the
page, the person or the moment. A city loads its waiting room within minutes; most of that page is the same for all.
"""

from __future__ import annotations

from flask import Flask, current_app, request
from flask_babel import get_locale
from markupsafe import Markup

#: More come only from clients that invent names for the site in their requests.
CAPACITY = 200


def constant_part(name: str) -> Markup:
    """The template ``name``, as it was rendered when it was first asked for."""
    kept: dict[tuple[str, str, str], Markup] = current_app.extensions["constant_parts"]
    key = (name, str(get_locale()), request.host_url)
    found = kept.get(key)
    if found is None:
        found = Markup(current_app.jinja_env.get_template(name).render())  # noqa: S704 (a template's own output)
        if len(kept) >= CAPACITY:
            kept.clear()
        kept[key] = found
    return found


def init_constant_parts(app: Flask) -> None:
    """Make ``constant_part`` known to templates."""
    app.extensions["constant_parts"] = {}
    app.jinja_env.globals["constant_part"] = constant_part
