"""Finds the types of questions: every folder here that has a ``kind`` module. Nobody keeps a list."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import questions.types
from questions.types.base import QuestionType


@cache
def all_types() -> dict[str, QuestionType]:
    """Every type by its key, in the order of lists."""
    found: list[QuestionType] = []
    for entry in pkgutil.iter_modules(questions.types.__path__):
        if entry.ispkg and _has_kind(entry.name):
            found.append(importlib.import_module(f"questions.types.{entry.name}.kind").TYPE)
    return {kind.key: kind for kind in sorted(found, key=lambda k: (k.order, k.key))}


def _has_kind(folder: str) -> bool:
    package = importlib.import_module(f"questions.types.{folder}")
    return any(entry.name == "kind" for entry in pkgutil.iter_modules(package.__path__))


def type_of(key: str) -> QuestionType:
    """The type called ``key``. Raises KeyError when there is none."""
    return all_types()[key]
