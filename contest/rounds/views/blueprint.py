"""The blueprint of pages about contests, their windows and entries."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("contests", __name__, url_prefix="/quan-tri")
