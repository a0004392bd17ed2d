"""Answers that are typed: what was sent, as one text. Pure."""

from __future__ import annotations

import unicodedata
from typing import Any

from questions.types.marks import BadAnswer


def typed_text(raw: Any, longest: int) -> str | None:
    """``raw`` (what a form or script sent: a text, or a list with one) composed and without spaces around it; None where
    nothing was typed. Raises BadAnswer for anything else, and for more than ``longest`` characters."""
    if isinstance(raw, (list, tuple)):
        if len(raw) > 1:
            raise BadAnswer(f"{len(raw)} texts for one answer")
        raw = raw[0] if raw else None
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise BadAnswer(f"no text: {type(raw).__name__}")
    if len(raw) > 4 * longest:  # before it is composed, which may make four characters one
        raise BadAnswer(f"longer than {longest} characters")
    text = unicodedata.normalize("NFC", raw).strip()
    if len(text) > longest:
        raise BadAnswer(f"longer than {longest} characters")
    # What no database keeps in JSON, or no Unicode text holds, was not typed by anybody.
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise BadAnswer("characters that cannot be kept")
    return text or None
