"""What pages and commands say about a batch as a whole."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.accounts.importing.batches import Counts
from core.accounts.importing.models import ImportBatch
from core.accounts.importing.staging import dots

#: Tone and words of a batch's state.
BATCH_STATES: dict[str, tuple[str, LazyString]] = {
    "reading": ("info", _l("Đang đọc")),
    "ready": ("warn", _l("Chờ nhập")),
    "refused": ("danger", _l("Không đọc được")),
    "working": ("info", _l("Đang xem lại")),
    "importing": ("info", _l("Đang nhập")),
    "discarding": ("info", _l("Đang gỡ")),
    "done": ("ok", _l("Đã nhập")),
    "cancelled": ("neutral", _l("Đã bỏ")),
}

_RESULTS: tuple[tuple[str, str, LazyString], ...] = (
    ("person_new", "ok", _l("người mới")),
    ("person_change", "", _l("người có thay đổi")),
    ("person_same", "", _l("người đã có, không đổi")),
    ("unit_new", "ok", _l("đơn vị mới")),
    ("unit_change", "", _l("đơn vị có thay đổi")),
)


def count_chips(counts: Counts) -> list[tuple[str, str]]:
    """(tone, words) under the file's name."""
    chips = [("neutral", _("%(count)s dòng", count=dots(counts.total)))]
    for number, tone, text in (
        (counts.good, "ok", _l("%(count)s nhập được")),
        (counts.review, "warn", _l("%(count)s cần xem lại")),
        (counts.error, "danger", _l("%(count)s chưa nhập được")),
        (counts.warned, "info", _l("%(count)s nhập được, nên xem qua")),
        (counts.dropped, "neutral", _l("%(count)s bỏ ra")),
    ):
        if number:
            chips.append((tone, str(text) % {"count": dots(number)}))
    return chips


def effect_words(counts: Counts) -> str:
    """What an import would do now."""
    if not counts.effect:
        if counts.good:
            return str(_("Không có gì mới để nhập: các dòng tốt đều đã có trong danh sách."))
        return str(_("Chưa có dòng nào nhập được."))
    parts = []
    for number, text in (
        (counts.new, _l("thêm mới %(count)s")),
        (counts.change, _l("thay đổi %(count)s")),
        (counts.same, _l("đã có %(count)s")),
        (counts.skip, _l("dòng lặp %(count)s")),
    ):
        if number:
            parts.append(str(text) % {"count": dots(number)})
    first = ", ".join(parts)
    return first[:1].upper() + first[1:] + ". " + str(_("Nhập lại cùng tệp không tạo thêm ai."))


def result_figures(batch: ImportBatch) -> list[dict[str, Any]]:
    """What came of a finished import, for the figures of its page."""
    counts: dict[str, int] = batch.result.get("counts", {})
    figures = [
        {"value": dots(counts[name]), "label": str(label), "state": state or None}
        for name, state, label in _RESULTS
        if counts.get(name)
    ]
    return figures or [{"value": "0", "label": str(_("dòng mới")), "state": None}]
