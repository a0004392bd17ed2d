"""People's names as lists write them. Pure."""

from __future__ import annotations

import re

from core.accounts.importing.cells import Doubt, Raw, Reading
from core.database.text import canonical

LONGEST_NAME = 120

_NUMBERING = re.compile(r"^\(?\d{1,5}\s*[.)/:\-]\s*(?=\D)")
_HONORIFIC = re.compile(r"^(?:đ\s*/\s*c|đồng chí|đ\.c)\.?[\s:]+", re.IGNORECASE)
_STRANGE = re.compile(r"[^\w\s.'’\-()]|_")


def read_name(raw: Raw) -> Reading[str]:
    """The name in canonical spelling.

    Spaces, composed letters and old tone marks are put right silently. Doubted: nothing there (name_missing), too long
    (name_long), a number in front (name_numbered), "đ/c" in front (name_honorific), signs that no name has
    (name_strange), all capitals (name_capitals) or all small letters (name_small), one word only (name_single).
    """
    name = canonical(raw.text)
    tidied = name != raw.text
    if not name:
        return Reading("", Doubt("name", "name_missing"))
    if len(name) > LONGEST_NAME:
        return Reading("", Doubt("name", "name_long", {"length": str(len(name)), "most": str(LONGEST_NAME)}))
    return Reading(name, _doubt(name), tidied)


def _doubt(name: str) -> Doubt | None:
    for code, pattern in (("name_numbered", _NUMBERING), ("name_honorific", _HONORIFIC)):
        rest = pattern.sub("", name)
        if rest != name:
            return Doubt("name", code, proposal=_good(rest))
    if not any(c.isalpha() for c in name):
        return Doubt("name", "name_strange")
    if _STRANGE.search(name):
        rest = canonical(_STRANGE.sub(" ", name))
        return Doubt("name", "name_strange", proposal=_good(rest) if any(c.isalpha() for c in rest) else None)
    words = name.split(" ")
    titled = title_case(name)
    if len(words) > 1 and titled != name and name in (name.upper(), name.lower()):
        return Doubt("name", "name_capitals" if name == name.upper() else "name_small", proposal=titled)
    if len(words) == 1:
        return Doubt("name", "name_single")
    return None


def _good(name: str) -> str | None:
    """``name`` as a proposal that ends every doubt, None when there is nothing good left of it."""
    for _ in range(5):
        name = canonical(name)
        doubt = _doubt(name) if name else Doubt("name", "name_missing")
        if doubt is None or doubt.code == "name_single":
            return name
        if doubt.proposal is None or doubt.proposal == name:
            return None
        name = doubt.proposal
    return None


def title_case(name: str) -> str:
    """Each word with a capital in front and small letters behind, after a hyphen or apostrophe too."""
    return canonical(re.sub(r"[^\W\d_]+", lambda word: word[0][0].upper() + word[0][1:].lower(), name))
