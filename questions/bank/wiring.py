"""Binds the question bank, its review and its imports to the app."""

from __future__ import annotations

from importlib import import_module

from flask import Flask
from flask_babel import lazy_gettext as _l

from core.access import Action
from core.jobs import register
from core.web.navigation import add_item
from questions.bank.importing.jobs import KINDS
from questions.bank.views.blueprint import blueprint
from questions.types.registry import all_types

#: Modules whose views hang on the blueprint. Fixed addresses come before those with an id in their place.
VIEWS = (
    "questions.bank.views.listing",
    "questions.bank.views.topics",
    "questions.bank.views.sources",
    "questions.bank.views.writing",
    "questions.bank.importing.views",
    "questions.bank.importing.deciding",
    "questions.review.views",
    "questions.statistics.views",
)


def init_app(app: Flask) -> None:
    """Pages of the bank, its menu item, its kinds of jobs."""
    for module in VIEWS:
        import_module(module)
    app.register_blueprint(blueprint)
    for kind in KINDS:
        register(kind)
    all_types()  # loaded here: within a bare app's request, which has no translations, their texts could not be
    add_item(app, _l("Ngân hàng câu hỏi"), "questions.index", Action.QUESTION_VIEW, 20)
