"""Papers for the tests of printing: every kind of thing that may stand on a page."""

from __future__ import annotations

from contest.papers.printing.model import PrintedPaper, form_of
from questions.types.printing import Printed, PrintedOption, PrintedRow
from questions.types.registry import type_of

YEARS = ("1986", "1991", "2001", "2011")
LONG = tuple(
    f"Phương án {n} dài: chi bộ họp thường lệ mỗi tháng một lần, đảng viên vắng mặt báo cáo lý do với bí thư và được chi bộ"
    " đồng ý trước khi họp"
    for n in ("một", "hai", "ba", "bốn")
)

Asked = tuple[Printed, str, str]


def options(*texts: str) -> tuple[PrintedOption, ...]:
    """Texts as options with letters from A on."""
    return tuple(PrintedOption("ABCDEFGHIJ"[n], text) for n, text in enumerate(texts))


def question(number: int, right: int, texts: tuple[str, ...] = YEARS, key: str = "single") -> Asked:
    """A question as its type prints it, options in their original order."""
    data = {"options": list(texts), "correct": [right] if key != "multiple" else [0, right]}
    printed = type_of(key).printed(data, None, f"Sự kiện thứ {number} diễn ra vào năm nào?")
    return printed, f"Văn kiện ghi rõ sự kiện {number}.", f"Điều {number}, Điều lệ Đảng"


def other_kinds() -> list[Asked]:
    """What further types may print: statements, pairs, a short answer, an essay."""
    statements = (PrintedRow("a)", "Chi bộ họp mỗi tháng."), PrintedRow("b)", "Chi bộ họp mỗi năm."))
    pairs = (PrintedRow("1.", "Đại hội sáu"), PrintedRow("2.", "Đại hội bảy"))
    return [
        (Printed("Mỗi ý đúng hay sai?", rows=statements, columns=("Đúng", "Sai"), key="a) Đúng, b) Sai"), "", ""),
        (Printed("Ghép đại hội với năm.", options("1986", "1991"), pairs, ("A", "B"), key="1–A, 2–B"), "", ""),
        (Printed("Cần mấy đảng viên?", lines=1, key="3"), "", ""),
        (Printed("Nêu cách xử lý.", lines=5), "", ""),
    ]


def paper(count: int = 30, forms: int = 1, more: list[Asked] | None = None) -> PrintedPaper:
    """``forms`` forms from 101 on; question n of form f has its right option at (n + f) modulo 4."""

    def asked(form: int) -> list[Asked]:
        return [question(n, (n + form) % 4, LONG if n % 5 == 0 else YEARS) for n in range(1, count + 1)]

    made = (form_of(str(101 + form), asked(form) + (more or [])) for form in range(forms))
    return PrintedPaper(
        "Đảng ủy phường Thanh Trì", "Hội thi Bí thư chi bộ giỏi", "Vòng 1", 30, tuple(made), "100", "Được dùng tài liệu."
    )
