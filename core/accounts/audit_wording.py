"""What the audit chain's entries are called on screens. An action is "thing.deed"; both have words here."""

from __future__ import annotations

from flask_babel import gettext as _


def things() -> dict[str, str]:
    """The first part of actions, in words."""
    return {
        "unit": _("Đơn vị"),
        "units": _("Đơn vị"),
        "person": _("Thí sinh"),
        "people": _("Thí sinh"),
        "slips": _("Phiếu dự thi"),
        "account": _("Tài khoản"),
        "role": _("Vai trò"),
        "question": _("Câu hỏi"),
        "questions": _("Câu hỏi"),
        "topic": _("Chủ đề"),
        "source": _("Văn bản"),
        "contest": _("Hội thi"),
        "rules": _("Thể lệ"),
        "round": _("Vòng thi"),
        "papers": _("Đề thi"),
        "window": _("Ca thi"),
        "entry": _("Đăng ký dự thi"),
        "sitting": _("Lượt thi"),
        "entries": _("Đăng ký dự thi"),
        "late": _("Câu đến muộn"),
        "standing": _("Bảng kết quả"),
        "job": _("Việc nền"),
        "clock": _("Giờ của máy chủ"),
    }


def deeds() -> dict[str, str]:
    """The second part of actions, in words."""
    return {
        "create": _("lập mới"),
        "created": _("lập mới"),
        "add": _("thêm"),
        "added": _("thêm"),
        "create_many": _("thêm nhiều"),
        "import": _("nhập từ tệp"),
        "imported": _("nhập từ tệp"),
        "import_cancel": _("bỏ lần nhập"),
        "import_undo": _("rút lại lần nhập"),
        "import_undo_asked": _("yêu cầu rút lại lần nhập"),
        "update": _("sửa"),
        "updated": _("sửa"),
        "change": _("sửa"),
        "changed": _("sửa"),
        "rename": _("đổi tên"),
        "move": _("chuyển"),
        "moved": _("lùi giờ kết thúc"),
        "windows": _("đặt ca thi"),
        "paused": _("tạm dừng"),
        "resumed": _("cho tiếp tục"),
        "extra_time": _("cho thêm giờ"),
        "message": _("nhắn thí sinh"),
        "handed_in": _("nộp bài thay"),
        "annulled": _("hủy"),
        "reinstated": _("khôi phục"),
        "eligible": _("ghi số người thuộc diện"),
        "cancel": _("yêu cầu dừng"),
        "close": _("đóng"),
        "closed": _("kết thúc"),
        "reopen": _("mở lại"),
        "open": _("mở"),
        "opened": _("mở"),
        "taken_back": _("đưa về chuẩn bị"),
        "removed": _("xóa"),
        "delete": _("bỏ"),
        "take_off": _("rút tên"),
        "put_back": _("đưa lại vào danh sách"),
        "new_slip": _("cấp mã mới"),
        "printed": _("in"),
        "grant": _("giao"),
        "revoke": _("thu hồi"),
        "sign_in": _("đăng nhập"),
        "password": _("đổi mật khẩu"),
        "reset_password": _("đặt lại mật khẩu"),
        "person": _("gắn với người dự thi"),
        "comment": _("nhận xét"),
        "submit": _("gửi thẩm định"),
        "submit_many": _("gửi thẩm định nhiều câu"),
        "withdraw": _("rút về soạn tiếp"),
        "return": _("trả lại"),
        "version": _("viết bản mới"),
        "not_ranked": _("cho thi ngoài xếp hạng"),
        "approve": _("duyệt"),
        "approve_many": _("duyệt nhiều câu"),
        "retire": _("thôi dùng"),
        "restore": _("dùng lại"),
        "saved": _("lưu"),
        "ranked": _("cho xếp hạng"),
        "counted": _("cho tính"),
        "uncounted": _("thôi tính"),
        "prepared": _("lập bảng"),
        "confirmed": _("xác nhận"),
        "asked": _("yêu cầu ghép"),
        "chosen": _("chọn cách ra"),
        "discarded": _("bỏ đi"),
        "restored": _("lấy lại"),
        "exchanged": _("đổi câu"),
        "undone": _("hoàn tác"),
        "published": _("công bố"),
        "withdrawn": _("thu hồi"),
        "stepped": _("bị chỉnh; giờ thi không đổi"),
        "reset": _("lấy lại làm giờ thi"),
    }


def words_for(action: str) -> str:
    """ "round.opened" in words: "Vòng thi: mở". A part without words shows as it is."""
    thing, _dot, deed = action.partition(".")
    return f"{things().get(thing, thing)}: {deeds().get(deed, deed)}"
