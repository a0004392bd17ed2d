"""What a browser calls itself, in words: "Chrome trên Android". Pure; a claim like everything that a device sends."""

from __future__ import annotations

import re

#: Names by a mark in the text, the more particular first: most browsers also name those whose pages they can show.
_BROWSERS = (
    ("Zalo", "Zalo"),
    ("FBAN", "Facebook"),
    ("FBAV", "Facebook"),
    ("coc_coc_browser", "Cốc Cốc"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("OPR/", "Opera"),
    ("Edg", "Edge"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "máy Mac"),
    ("Linux", "Linux"),
)
_NAME = re.compile(r"[A-Za-z][\w .-]{0,30}")


def browser_in_words(agent: str) -> str:
    """The browser and the system that ``agent`` names; what it begins with where neither is known; empty for nothing."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if browser and system:
        return f"{browser} trên {system}"
    found = _NAME.match(agent)
    return browser or system or (found.group().strip() if found else "")
