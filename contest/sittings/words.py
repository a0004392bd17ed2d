"""The words that the sitting's scripts show: scripts hold none of their own, so that all text is in the catalogue."""

from __future__ import annotations

from flask_babel import gettext as _


def script_words() -> dict[str, str]:
    """Texts by the names that static/js/sitting uses; %(…)s parameters stay for the script to fill in."""
    return {
        "saved": _("Đã lưu"),
        "saving": _("Đang lưu…"),
        "unsent": _("Chờ gửi %(count)s câu", count="{count}"),
        "question": _("Câu %(number)s", number="{number}"),
        "of": _("/ %(total)s", total="{total}"),
        "left": _("còn lại"),
        "standing": _("đang dừng"),
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
        "offline_title": _("Đang chờ mạng."),
        "offline_kept": _("%(count)s câu vẫn an toàn trên máy này, có mạng sẽ tự gửi.", count="{count}"),
        "offline_all_saved": _("Những câu đã trả lời đều đã lưu."),
        "offline_stay": _("Xin đừng đóng hay tải lại trang này: có mạng, máy tự gửi những câu đang chờ."),
        "offline_go_on": _("Đồng chí cứ làm tiếp; giờ thi vẫn chạy."),
        "other_device_title": _("Bài thi đang làm trên máy khác."),
        "other_device": _("Máy này không ghi thêm được nữa. Nếu muốn làm tiếp ở đây, xin bấm để chuyển về máy này."),
        "other_device_link": _("Làm tiếp trên máy này"),
        "time_over": _("Đã hết giờ. Bài đang được nộp với những câu đã lưu."),
        "time_over_unsent": _(
            "Đã hết giờ. Máy còn giữ %(count)s câu chưa gửi; xin để nguyên trang này đến khi có mạng.", count="{count}"
        ),
        "submitting": _("Đang nộp bài…"),
        "submit_failed": _("Chưa nộp được vì mất mạng. Bài đã lưu vẫn còn; xin bấm Nộp bài lần nữa khi có mạng."),
        "reload": _("Phiên làm bài đã cũ. Xin tải lại trang để làm tiếp; bài đã lưu vẫn còn."),
        "message_title": _("Ban tổ chức nhắn:"),
        "pause_reason": _("Lý do tạm dừng:"),
        "extra_reason": _("Lý do cho thêm giờ:"),
        "more_minutes": _("Ban tổ chức đã cho thêm %(count)s phút.", count="{count}"),
        "more_seconds": _("Ban tổ chức đã cho thêm %(count)s giây.", count="{count}"),
        "less_time": _("Ban tổ chức đã đổi giờ nộp bài."),
        "new_deadline": _("Bài tự nộp lúc %(time)s.", time="{time}"),
        "resumed_title": _("Ca thi tiếp tục."),
        "resumed": _("Thời gian đã dừng được cộng lại: bài tự nộp lúc %(time)s.", time="{time}"),
        "apart_title": _("Có câu trả lời cũ của máy này."),
        "apart": _("Các câu ấy đến sau khi bài đã chuyển sang máy khác. Ban tổ chức đã nhận và giữ riêng, không tính vào bài."),
        "refused_title": _("Câu %(number)s chưa ghi được.", number="{number}"),
        "refused": _("Xin mở câu ấy và chọn lại."),
        "five_minutes": _("Còn 5 phút."),
        "one_minute": _("Còn 1 phút."),
    }


def wait_words() -> dict[str, str]:
    """Texts of the waiting page's scripts, by name."""
    return {
        "trying": _("Đang thử máy…"),
        "ready": _("Máy đã sẵn sàng"),
        "not_quite": _("Máy thi được, xin lưu ý"),
        "not_ready": _("Máy chưa sẵn sàng"),
        "page": _("Đã tải xong trang làm bài"),
        "page_missing": _("Chưa tải được trang làm bài. Xin kiểm tra mạng rồi tải lại trang này."),
        "keeps": _("Lưu được bài trên máy khi mất mạng"),
        "keeps_answers": _("Lưu được câu trả lời trên máy. Khi mất mạng, xin đừng đóng hay tải lại trang làm bài."),
        "keeps_nothing": _(
            "Máy này không giữ được câu trả lời khi đóng trang: xin đừng đóng trang trước khi thấy “Đã lưu”."
        ),
        "network": _("Mạng tốt"),
        "network_slow": _("Mạng chậm. Vẫn thi được; nếu có thể, xin đến chỗ sóng khỏe hơn."),
        "network_lost": _("Đang mất mạng. Xin bật Wi-Fi hoặc dữ liệu di động."),
        "in_app": _("Đang mở trong %(app)s. Vẫn thi được; mở bằng %(browser)s thì chắc hơn.", app="{app}", browser="{browser}"),
        "entering": _("Đang vào phòng thi…"),
        "entering_again": _(
            "Đang vào phòng thi, máy tự thử lại. Đồng chí không mất phút nào: đồng hồ chỉ chạy khi đã vào được."
        ),
        "practice_of": _("Làm thử: câu %(number)s / %(total)s", number="{number}", total="{total}"),
        "practice_next": _("Câu sau"),
        "practice_end": _("Làm thử xong"),
    }


def practice_questions() -> list[dict[str, object]]:
    """Three questions that everybody can answer, to try one's hand on the waiting page; they count for nothing."""
    return [
        {
            "type": "single",
            "kind": _("Chọn một phương án"),
            "stem": _("Thủ đô của nước ta là thành phố nào?"),
            "options": [_("Hải Phòng"), _("Hà Nội"), _("Đà Nẵng")],
        },
        {
            "type": "true_false",
            "kind": _("Đúng hoặc Sai"),
            "stem": _("Một năm có mười hai tháng."),
            "options": [_("Đúng"), _("Sai")],
        },
        {
            "type": "multiple",
            "kind": _("Chọn mọi phương án đúng"),
            "stem": _("Những thành phố nào ở miền Bắc?"),
            "options": [_("Hà Nội"), _("Cần Thơ"), _("Hải Phòng"), _("Vũng Tàu")],
        },
    ]
