"""Writing, changing, previewing and comparing questions with rows; without JavaScript."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from core.database import db
from questions.bank.models import Question
from questions.types.registry import type_of

HOME = "/quan-tri/cau-hoi"
STATEMENTS = {
    "type": "statements",
    "stem": "Nhận định nào đúng?",
    "statements-0": "Chi bộ họp hằng tháng.",
    "verdicts-0": "0",
    "statements-1": "",
    "verdicts-1": "1",
    "statements-2": "Chi bộ tự định đảng phí.",
    "verdicts-2": "1",
    "credit": "rows",
}
MATCHING = {
    "type": "matching",
    "stem": "Ghép kỷ luật với đối tượng.",
    "items-0": "Khai trừ",
    "targets-0": "Đảng viên",
    "items-1": "Giải tán",
    "targets-1": "Tổ chức  đảng",
    "items-2": "Cảnh cáo",
    "targets-2": "Đảng viên",
    "spare": "Đoàn viên\n\nĐảng viên",
    "credit": "all",
}
ORDERING = {
    "type": "ordering",
    "stem": "Xếp các bước.",
    "steps-0": "Tuyên bố",
    "steps-1": "Báo cáo",
    "steps-2": " ",
    "steps-3": "Biểu quyết",
    "credit": "pairs",
}
DATA = {
    "statements": {"statements": ["Chi bộ họp hằng tháng.", "Chi bộ tự định đảng phí."], "key": [0, 1], "credit": "rows"},
    "matching": {
        "items": ["Khai trừ", "Giải tán", "Cảnh cáo"],
        "choices": ["Đảng viên", "Tổ chức đảng", "Đoàn viên"],
        "key": [0, 1, 0],
        "credit": "all",
    },
    "ordering": {"steps": ["Tuyên bố", "Báo cáo", "Biểu quyết"], "credit": "pairs"},
}


@pytest.mark.parametrize("filled", [STATEMENTS, MATCHING, ORDERING], ids=lambda f: f["type"])
def test_a_setter_writes_sees_tries_and_changes_a_question(here: Any, browser_of: Any, filled: dict[str, str]) -> None:
    browser, key = browser_of(here.setter), filled["type"]
    assert f'name="{type_of(key).rows_field}-3"' in browser.read(f"{HOME}/moi?loai={key}")  # type: ignore[attr-defined]
    answer = browser.post(f"{HOME}/moi", data=filled)
    question = db.session.query(Question).one()
    assert question.current_version is not None
    assert question.current_version.data == DATA[key]
    page = browser.read(answer.location)
    for row in type_of(key).answer_rows(DATA[key], None):
        assert row.label in page
    assert "đáp án:" in page
    trial = browser.read(f"{HOME}/{question.public_id}/xem-thu")
    assert 'name="chon-0"' in trial
    assert "đáp án" not in trial.partition("<form>")[2].partition("</form>")[0]
    # What the form shows of a version, sent back as it stands, is no change.
    with browser.application.test_request_context():
        values = type_of(key).values_for(DATA[key])
    sent: dict[str, str] = {"type": key, "stem": filled["stem"], "based_on": "1"}
    for name, value in values.items():
        sent |= {name: value} if isinstance(value, str) else {f"{name}-{n}": text for n, text in enumerate(value)}
    assert "Không có gì thay đổi." in browser.read(browser.post(f"{HOME}/{question.public_id}/sua", data=sent).location)
    first = f"{type_of(key).rows_field}-0"  # type: ignore[attr-defined]
    browser.post(f"{HOME}/{question.public_id}/sua", data={**sent, first: "Dòng đã sửa"})
    assert "Dòng đã sửa" in browser.read(f"{HOME}/{question.public_id}/so-sanh")


def test_what_is_missing_is_said_at_its_row_and_rows_are_added(here: Any, browser_of: Any) -> None:
    browser = browser_of(here.setter)
    answer = browser.post(f"{HOME}/moi", data={**MATCHING, "targets-1": "", "credit": "x"})
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert page.index("Giải tán") < page.index("Dòng này chưa có đáp án.") < page.index("Cảnh cáo")
    assert "Chưa chọn cách tính điểm." in page
    answer = browser.post(f"{HOME}/moi", data={"type": "ordering", "stem": "Xếp.", "steps-0": "Một", "steps-1": "Hai"})
    assert "Cần ít nhất ba bước." in unescape(answer.text)
    more = unescape(browser.post(f"{HOME}/moi", data={**MATCHING, "items-3": "", "them_phuong_an": "1"}).text)
    assert 'name="items-4"' in more
    assert 'name="targets-4"' in more
    assert "Khai trừ" in more
    assert db.session.query(Question).count() == 0
