"""The words that the sitting's scripts show: scripts hold none of their own, so that all text is in the catalogue."""

from __future__ import annotations

from flask_babel import gettext as _


def script_words() -> dict[str, str]:
    """Texts by the names that static/js/sitting uses; %(…)s parameters stay for the script to fill in."""
    return {
        "saved": _("Đã lưu"),
        "saving": _("Đang lưu…"),
        "unsent": _("Chưa gửi %(count)s", count="{count}"),
        "question": _("Câu %(number)s", number="{number}"),
        "of": _("/ %(total)s", total="{total}"),
        "left": _("còn lại"),
        "answered": _("đã trả lời"),
        "not_answered": _("chưa trả lời"),
        "flagged": _("đánh dấu"),
        "unseen": _("chưa xem"),
        "map_note": _(
            "%(answered)s đã trả lời · %(flagged)s đánh dấu · %(open)s chưa làm",
            answered="{answered}", flagged="{flagged}", open="{open}",
        ),
        "review": _("Xem lại bài"),
        "all_answered": _("Đã trả lời đủ %(total)s câu", total="{total}"),
        "unanswered": _("Còn %(count)s câu chưa trả lời", count="{count}"),
        "offline_title": _("Đang mất mạng."),
        "offline": _(
            "Đồng chí cứ làm tiếp. Máy đang giữ %(count)s thay đổi chưa gửi và sẽ tự gửi khi có mạng; xin đừng đóng trang này.",
            count="{count}",
        ),
        "other_device_title": _("Bài thi đang làm trên máy khác."),
        "other_device": _("Máy này không ghi thêm được nữa. Nếu muốn làm tiếp ở đây, xin bấm để chuyển về máy này."),
        "other_device_link": _("Làm tiếp trên máy này"),
        "time_over": _("Đã hết giờ. Bài đang được nộp với những câu đã lưu."),
        "time_over_unsent": _(
            "Đã hết giờ. Máy còn giữ %(count)s thay đổi chưa gửi; xin để nguyên trang này đến khi có mạng.", count="{count}"
        ),
        "submitting": _("Đang nộp bài…"),
        "submit_failed": _("Chưa nộp được vì mất mạng. Bài đã lưu vẫn còn; xin bấm Nộp bài lần nữa khi có mạng."),
        "reload": _("Phiên làm bài đã cũ. Xin tải lại trang để làm tiếp; bài đã lưu vẫn còn."),
        "five_minutes": _("Còn 5 phút."),
        "one_minute": _("Còn 1 phút."),
    }
