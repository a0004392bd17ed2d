"""Lists on their way in, as text files."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from core.database import unit_of_work
from core.documents import uploads
from core.jobs import run_now
from core.jobs.service import find
from questions.bank.importing import service
from questions.bank.importing.models import QuestionImport

LIST = """NGÂN HÀNG CÂU HỎI
Câu 14. Thời gian dự bị của đảng viên mới kết nạp là bao lâu?
A. 6 tháng
B. 12 tháng
C. 18 tháng
Đáp án: B
Câu 15. Chi bộ sinh hoạt thường lệ mấy tháng một lần?
A. Một tháng
B. Hai tháng
C. Ba tháng
Đáp án: A
Câu 16. Cấp ủy viên chi bộ do tổ chức nào bầu ra?
A. Đại hội chi bộ
B. Đảng ủy cơ sở
C. Ban Thường vụ
Câu 17. Đảng viên đóng đảng phí theo kỳ hạn nào?
A. Hằng tháng
B. Hằng quý
C. Hằng năm
Đáp án: A
"""


@pytest.fixture
def list_text() -> str:
    """Four questions, the third without a key."""
    return LIST


@pytest.fixture
def bring(app: Any, place: Any) -> Callable[..., QuestionImport]:
    """Upload a text and let the worker read it."""

    def upload(text: str, key: str = "") -> QuestionImport:
        file = service.Upload("danh sach.txt", uploads.keep(io.BytesIO(text.encode())))
        second = service.Upload("dap an.txt", uploads.keep(io.BytesIO(key.encode()))) if key else None
        with unit_of_work():
            batch = service.start(place.district, place.setter, file, second, str(hash((text, key))))
        work(batch)
        return batch

    return upload


def work(batch: QuestionImport) -> None:
    """Do the batch's latest job here and now."""
    job = find(batch.job_public_id or "")
    assert job is not None
    done = run_now(job.id)
    assert done.state == "done", done.message


@pytest.fixture
def finish() -> Callable[[QuestionImport], None]:
    """Do the batch's latest job here and now."""
    return work
