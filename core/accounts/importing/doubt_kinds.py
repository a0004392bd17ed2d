"""Every kind of doubt: how grave it is and what screens say. One registry; readers only name a kind by its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from core.accounts.importing.cells import Doubt
from core.accounts.importing.phones import show_phone

#: error: the row cannot be imported; review: a decision is due first; warning: it can, but look.
SEVERITIES = ("error", "review", "warning")


@dataclass(frozen=True)
class DoubtKind:
    """``message`` may use the doubt's params; ``label`` names the kind in filters ("Số điện thoại trùng").

    ``accept`` stands on the button that takes the proposal, ``keep`` on the one that waves the doubt through (None: it
    cannot be waved through).
    """

    code: str
    severity: str
    label: LazyString
    message: LazyString
    accept: LazyString = _l("Đúng")
    keep: LazyString | None = None

    @property
    def keep_all(self) -> str | None:
        """``keep`` for a button about many rows; None where it speaks of one row."""
        return None if self.keep is None or "%(" in str(self.keep) else str(self.keep)


_KINDS: dict[str, DoubtKind] = {}

_KEEP = _l("Giữ nguyên")
_DROP = _l("Bỏ số này")
_SURE = _l("Không sao")
_EMPTY = _l("Để trống ngày sinh")
_CHOOSE = _l("Chọn")


def register(kind: DoubtKind) -> None:
    """Make ``kind`` known. Raises ValueError for a code that is taken or an unknown severity."""
    if kind.code in _KINDS or kind.severity not in SEVERITIES:
        raise ValueError(kind.code)
    _KINDS[kind.code] = kind


def kind_of(code: str) -> DoubtKind:
    """The kind called ``code``. Raises KeyError."""
    return _KINDS[code]


def all_kinds() -> list[DoubtKind]:
    """Every kind, the gravest first."""
    return sorted(_KINDS.values(), key=lambda kind: SEVERITIES.index(kind.severity))


def message_of(doubt: Doubt) -> str:
    """What is wrong, in one sentence, without the proposal."""
    return str(kind_of(doubt.code).message) % _Lenient(doubt.params)


def shown_proposal(doubt: Doubt) -> str:
    """The proposal as people read it: a phone in groups, a unit by its short name."""
    if doubt.proposal is None:
        return ""
    return doubt.params.get("shown") or (show_phone(doubt.proposal) if doubt.field == "phone" else doubt.proposal)


class _Lenient(dict[str, str]):
    """Params of a doubt; one that an older row lacks is empty instead of an error."""

    def __init__(self, params: Mapping[str, str]) -> None:
        super().__init__(params)

    def __missing__(self, key: str) -> str:
        return ""


for _kind in (
    # names
    DoubtKind("name_missing", "error", _l("Thiếu họ và tên"), _l("Thiếu họ và tên.")),
    DoubtKind("name_long", "error", _l("Tên quá dài"), _l("Tên dài %(length)s chữ, nhiều nhất là %(most)s.")),
    DoubtKind("name_numbered", "review", _l("Số thứ tự trong tên"), _l("Có số thứ tự trước tên."), keep=_KEEP),
    DoubtKind("name_honorific", "review", _l("Chữ “đ/c” trong tên"), _l("Có chữ “đồng chí” trước tên."), keep=_KEEP),
    DoubtKind("name_strange", "review", _l("Ký tự lạ trong tên"), _l("Tên có ký tự lạ."), keep=_KEEP),
    DoubtKind("name_capitals", "warning", _l("Tên viết hoa cả"), _l("Tên viết hoa cả."), keep=_KEEP),
    DoubtKind("name_small", "warning", _l("Tên không viết hoa"), _l("Tên không viết hoa."), keep=_KEEP),
    DoubtKind("name_single", "warning", _l("Tên chỉ có một chữ"), _l("Tên chỉ có một chữ."), keep=_KEEP),
    # birth dates
    DoubtKind("date_missing", "warning", _l("Thiếu ngày sinh"), _l("Thiếu ngày sinh."), keep=_SURE),
    DoubtKind("date_turned", "review", _l("Ngày và tháng đổi chỗ"), _l("Không có tháng %(month)s.")),
    DoubtKind("date_no_day", "error", _l("Ngày không có trong lịch"), _l("Không có ngày %(day)s.")),
    DoubtKind(
        "date_unreadable",
        "error",
        _l("Ngày sinh không đọc được"),
        _l("Không đọc được ngày sinh. Xin ghi ngày/tháng/năm, ví dụ 15/03/1970."),
    ),
    DoubtKind("date_short_year", "review", _l("Năm sinh hai chữ số"), _l("Năm sinh chỉ có hai chữ số.")),
    DoubtKind("date_number", "review", _l("Ngày sinh thành số"), _l("Excel đã đổi ngày thành số.")),
    DoubtKind("date_digits", "review", _l("Ngày sinh viết liền"), _l("Ngày sinh viết liền.")),
    DoubtKind("date_year", "review", _l("Chỉ có năm sinh"), _l("Chỉ có năm sinh."), keep=_EMPTY),
    DoubtKind("date_month", "review", _l("Chỉ có tháng, năm sinh"), _l("Thiếu ngày."), keep=_EMPTY),
    DoubtKind("date_letters", "review", _l("Chữ lẫn trong ngày sinh"), _l("Có chữ lẫn trong ngày sinh.")),
    DoubtKind("date_future", "error", _l("Ngày sinh chưa tới"), _l("Ngày sinh ở tương lai.")),
    DoubtKind("date_young", "review", _l("Chưa đủ 18 tuổi"), _l("Tính ra mới %(age)s tuổi."), keep=_KEEP),
    DoubtKind("date_old", "review", _l("Trên 100 tuổi"), _l("Tính ra %(age)s tuổi."), keep=_KEEP),
    DoubtKind(
        "date_swapped",
        "warning",
        _l("Excel có thể đã đổi chỗ ngày, tháng"),
        _l("Cả cột không có ngày nào sau ngày 12: Excel có thể đã đổi chỗ ngày và tháng."),
        keep=_KEEP,
    ),
    # phones
    DoubtKind("phone_number", "review", _l("Điện thoại thành số"), _l("Excel đã đổi thành số."), keep=_DROP),
    DoubtKind(
        "phone_lost",
        "review",
        _l("Điện thoại mất chữ số"),
        _l("Excel đã làm mất chữ số cuối. Xin ghi lại số điện thoại."),
        keep=_DROP,
    ),
    DoubtKind("phone_no_zero", "review", _l("Điện thoại mất số 0"), _l("Thiếu số 0 ở đầu."), keep=_DROP),
    DoubtKind("phone_old", "review", _l("Đầu số cũ"), _l("Đầu số cũ, đã đổi từ năm 2018."), keep=_DROP),
    DoubtKind("phone_two", "review", _l("Hai số điện thoại"), _l("Có hai số. Lấy số đầu?"), keep=_DROP),
    DoubtKind("phone_letters", "review", _l("Chữ lẫn trong số"), _l("Có chữ lẫn trong số."), keep=_DROP),
    DoubtKind("phone_wrong", "review", _l("Điện thoại sai"), _l("Không phải số điện thoại."), keep=_DROP),
    DoubtKind(
        "phone_shared",
        "warning",
        _l("Trùng số điện thoại"),
        _l("Cùng số với %(others)s."),
        keep=_l("Dùng chung"),
    ),
    # units of people
    DoubtKind("unit_missing", "error", _l("Thiếu đơn vị"), _l("Thiếu đơn vị."), accept=_l("Như dòng trên")),
    DoubtKind("unit_unknown", "error", _l("Không có đơn vị"), _l("Không có đơn vị này."), accept=_CHOOSE),
    DoubtKind("unit_several", "error", _l("Tên đơn vị trùng nhau"), _l("Nhiều đơn vị cùng tên. Đơn vị nào?")),
    DoubtKind(
        "unit_outside",
        "error",
        _l("Đơn vị ngoài phạm vi"),
        _l("Đơn vị này ngoài phạm vi đồng chí được nhập."),
    ),
    DoubtKind(
        "unit_waiting",
        "error",
        _l("Đơn vị trong tệp chưa nhập được"),
        _l("Đơn vị này ở dòng %(row)s trang “%(sheet)s” còn lỗi."),
    ),
    DoubtKind("title_long", "error", _l("Chức vụ quá dài"), _l("Chức vụ dài quá %(most)s chữ.")),
    # rows beside each other, and beside who is there
    DoubtKind(
        "row_repeated",
        "warning",
        _l("Dòng lặp lại"),
        _l("Trùng dòng %(row)s, chỉ nhập một lần."),
        keep=_l("Đã rõ"),
    ),
    DoubtKind(
        "row_repeated_other",
        "review",
        _l("Dòng lặp lại, khác thông tin"),
        _l("Cùng người với dòng %(row)s nhưng khác %(what)s."),
        keep=_l("Lấy dòng %(row)s, bỏ dòng này"),
    ),
    DoubtKind(
        "row_same_name",
        "review",
        _l("Cùng tên, thiếu ngày sinh"),
        _l("Cùng tên, cùng đơn vị với dòng %(row)s mà thiếu ngày sinh để phân biệt."),
        keep=_l("Hai người khác nhau"),
    ),
    DoubtKind(
        "person_question",
        "review",
        _l("Có thể là người đã có"),
        _l("Đơn vị đã có người cùng tên, không cùng ngày sinh. Có phải một người?"),
        accept=_l("Là người này"),
    ),
    DoubtKind(
        "person_elsewhere",
        "warning",
        _l("Có người cùng tên ở đơn vị khác"),
        _l("Cùng họ tên và ngày sinh với một người ở %(unit)s."),
        keep=_l("Người khác"),
    ),
    DoubtKind(
        "person_missing",
        "error",
        _l("Người đã chọn không còn"),
        _l("Người đồng chí đã chọn không còn trong danh sách. Xin chọn lại."),
    ),
    # rows of units
    DoubtKind("unit_name_missing", "error", _l("Thiếu tên đơn vị"), _l("Thiếu tên đơn vị.")),
    DoubtKind("unit_name_long", "error", _l("Tên đơn vị quá dài"), _l("Tên dài quá %(most)s chữ.")),
    DoubtKind("unit_name_slash", "error", _l("Dấu / trong tên đơn vị"), _l("Tên không chứa dấu “/”.")),
    DoubtKind("level_unknown", "error", _l("Không rõ cấp"), _l("Không rõ cấp của đơn vị.")),
    DoubtKind("level_misplaced", "error", _l("Sai thứ bậc"), _l("Sai thứ bậc: %(level)s không đặt ở đây được.")),
    DoubtKind(
        "level_differs",
        "warning",
        _l("Khác cấp đang có"),
        _l("Đơn vị đang có là %(level)s. Cấp không đổi khi nhập."),
        keep=_l("Đã rõ"),
    ),
    DoubtKind("parent_missing", "error", _l("Thiếu cấp trên"), _l("Thiếu đơn vị cấp trên.")),
    DoubtKind("parent_unknown", "error", _l("Không có cấp trên"), _l("Không có đơn vị cấp trên này."), accept=_CHOOSE),
    DoubtKind("parent_several", "error", _l("Tên cấp trên trùng nhau"), _l("Nhiều đơn vị cùng tên. Đơn vị nào?")),
    DoubtKind(
        "parent_outside",
        "error",
        _l("Cấp trên ngoài phạm vi"),
        _l("Đơn vị cấp trên ngoài phạm vi đồng chí được nhập."),
    ),
    DoubtKind(
        "eligible_wrong",
        "review",
        _l("Số người dự thi sai"),
        _l("Phải là số nguyên từ 0 đến 100.000."),
        keep=_l("Bỏ trống"),
    ),
    DoubtKind(
        "unit_repeated",
        "warning",
        _l("Đơn vị lặp lại"),
        _l("Trùng dòng %(row)s, chỉ nhập một lần."),
        keep=_l("Đã rõ"),
    ),
):
    register(_kind)
