"""``_()`` in templates, as Jinja's "newstyle" gettext does it and without its detours: there are a hundred texts on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2.nodes import EvalContext
from markupsafe import Markup


def text_of(catalogue: Any, context: EvalContext, message: str, values: Mapping[str, Any]) -> str:
    """``message`` in the language of ``catalogue``, with ``values`` put in; they are escaped where the template escapes."""
    found: str = catalogue.ugettext(message)
    if context.autoescape:
        found = Markup(found)  # noqa: S704 (our own texts; values are escaped when they are put in)
    return found % values if "%" in found else found
