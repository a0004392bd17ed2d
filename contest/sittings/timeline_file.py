"""A sitting's whole story as an Excel file, for a jury: every moment on a line of its own, nothing folded."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from contest.sittings.models import Sitting
from contest.sittings.timeline import Group, Story
from contest.sittings.timeline_words import DEVICE_LETTERS, line_of
from core.documents.excel_writing import Cell, Column, SheetSpec, write_workbook
from core.web.filters import show_clock_seconds, show_date, show_moment


def story_workbook(sitting: Sitting, story: Story, settled: bool) -> bytes:
    """The file. ``settled``: answers and marks may be told."""
    person = sitting.entry.person
    groups = {
        Group.ANSWERS: _("Câu trả lời"), Group.AWAY: _("Rời trang"), Group.NETWORK: _("Mạng"), Group.DEVICES: _("Máy"),
    }  # fmt: skip

    def rows() -> Iterator[list[Cell]]:
        for number, moment in enumerate(story.moments, 1):
            line = line_of(moment, settled)
            yield [
                number,
                show_date(moment.at),
                show_clock_seconds(moment.at),
                groups.get(moment.group, ""),
                line.text,
                line.note,
                show_clock_seconds(moment.claimed),
                None if moment.held is None else int(moment.held.total_seconds()),
                moment.device[:DEVICE_LETTERS],
            ]

    columns = [
        Column(_("STT"), 6),
        Column(_("Ngày"), 12),
        Column(_("Giờ máy chủ"), 12),
        Column(_("Nhóm"), 14),
        Column(_("Việc"), 44),
        Column(_("Ghi chú"), 60),
        Column(_("Giờ máy báo"), 12),
        Column(_("Đến chậm (giây)"), 12),
        Column(_("Máy"), 12),
    ]
    title = [_("Diễn biến lượt thi"), f"{person.full_name}, {person.unit.full_name}"]
    notes = [
        _("%(round)s, lượt thứ %(attempt)s, bắt đầu lúc %(moment)s.", round=sitting.round.name, attempt=sitting.attempt,
          moment=show_moment(sitting.started_at)),
        _("Mọi giờ là giờ Hà Nội của máy chủ. Giờ máy báo chỉ là lời khai của máy thí sinh, có thể chỉnh được."),
    ]  # fmt: skip
    return write_workbook([SheetSpec(_("Diễn biến"), columns, rows(), title=title, notes=notes)])
