"""The blueprint (of Flask) on which the pages of forms hang."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("making", __name__, url_prefix="/quan-tri")
