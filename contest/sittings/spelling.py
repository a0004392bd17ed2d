"""Spans of time in words, as a person says them."""

from __future__ import annotations

from flask_babel import gettext as _


def spelled(seconds: float) -> str:
    """"42 giây", "2 phút 5 giây", "1 giờ 3 phút": whole seconds, rounded down; from an hour on without seconds."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = {"hours": hours, "minutes": minutes, "seconds": rest}
    if hours:
        text: str = _("%(hours)s giờ %(minutes)s phút", **parts) if minutes else _("%(hours)s giờ", **parts)
    elif minutes:
        text = _("%(minutes)s phút %(seconds)s giây", **parts) if rest else _("%(minutes)s phút", **parts)
    else:
        text = _("%(seconds)s giây", **parts)
    return text
