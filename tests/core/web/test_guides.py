"""The guides for each role name what stands on the screens: a button renamed in a template must be renamed there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
GUIDES = ROOT / "docs" / "huong-dan"

#: For those who write on these screens; the installer's guide has no screens.
ROLES = ("ban-to-chuc", "to-thu-ky", "to-ra-de", "to-tham-dinh", "nguoi-kiem-tra", "thi-sinh")

#: Bold for weight, not for what a screen says; and what Excel, not this house, calls it.
EMPHASIS = {
    "A", "chữ", "chỉ một lần", "chưa có gì thay đổi", "Phiếu dự thi", "16 số", "tự chuyển", "tự nộp", "tự mở, tự đóng",
    "khi đồng chí bấm nút này", "vẫn chạy", "một lần", "ngay trong ô", "dự thảo", "người kiểm tra kết quả", "người thứ hai",
    "đừng xác nhận", "đã duyệt", "đang có hiệu lực", "chủ đề", "mức độ", "bản", "in đậm", "Cả đơn vị", "Một người:",
    "Mất phiếu:", "Thu hồi:", "Một chiếc điện thoại hoặc máy tính có mạng.", "Phiếu dự thi.", "Cách 1: quét ô vuông",
    "Cách 2: gõ 16 số", "Mất mạng", "Lỡ đóng trang", "Máy hết pin, hỏng", "Mất phiếu", "Hết giờ ca thi", "Lập bản mới:",
}  # fmt: skip

_TEXT = re.compile(r"""_l?\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
_GAP = re.compile(r"%\(\w+\)s|…|\d+")


@pytest.fixture(scope="module")
def said() -> list[str]:
    """All texts of screens, with gaps where a number or a name stands."""
    rooms = [ROOT / room for room in ("core", "questions", "contest")]
    files = [*(ROOT / "templates").rglob("*.html"), *(file for room in rooms for file in room.rglob("*.py"))]
    texts = {double or single for file in files for double, single in _TEXT.findall(file.read_text())}
    return [_GAP.sub("…", text) for text in texts]


def named(guide: str) -> list[str]:
    """What is bold in ``guide``."""
    return re.findall(r"\*\*([^*]+)\*\*", (GUIDES / f"{guide}.md").read_text())


@pytest.mark.parametrize("guide", ROLES)
def test_every_word_in_bold_stands_on_a_screen(guide: str, said: list[str]) -> None:
    everything = "\n".join(said)
    assert [word for word in named(guide) if word not in EMPHASIS and _GAP.sub("…", word).strip("… ") not in everything] == []


def test_every_guide_is_in_the_table_of_contents() -> None:
    listed = set(re.findall(r"\]\(([a-z-]+\.md)", (GUIDES / "README.md").read_text()))
    assert listed == {path.name for path in GUIDES.glob("*.md")} - {"README.md"}


def test_links_between_guides_lead_somewhere() -> None:
    for path in GUIDES.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
