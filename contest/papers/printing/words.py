"""What a printed paper says beside its questions. A paper is Vietnamese, whatever language its setter's screen has. Pure."""

from __future__ import annotations

from contest.papers.printing.model import PrintedPaper

WORDS = {
    "committee": "BAN TỔ CHỨC",
    "paper": "ĐỀ THI",
    "sheet": "PHIẾU TRẢ LỜI",
    "keys": "ĐÁP ÁN",
    "explained": "ĐÁP ÁN CÓ GIẢI THÍCH",
    "secret": "Chỉ dùng trong tổ ra đề và tổ chấm thi",
    "code": "Mã đề",
    "pages": "Đề có",
    "pages_end": "trang",
    "name": "Họ và tên thí sinh",
    "number": "Số báo danh",
    "unit": "Đơn vị",
    "signed": "Chữ ký thí sinh",
    "invigilator": "Chữ ký giám thị",
    "question": "Câu",
    "page": "Trang",
    "end": "HẾT",
    "how": "Mỗi câu tô kín một ô tròn ứng với phương án chọn (câu nhiều phương án: tô mọi ô chọn). "
    "Tô nhầm thì gạch chéo ô cũ rồi tô ô khác.",
    "how_written": "Câu viết: ghi câu trả lời vào dòng kẻ.",
    "key": "Đáp án",
    "source": "Căn cứ",
    "explanation": "Giải thích",
    "by_hand": "chấm tay",
}


def time_line(paper: PrintedPaper, questions: int) -> str:
    """ "Thời gian làm bài: 30 phút (30 câu, 100 điểm)"."""
    points = f", {paper.points} điểm" if paper.points else ""
    return f"Thời gian làm bài: {paper.minutes} phút ({questions} câu{points})"


def key_words(key: str) -> str:
    """A key as key sheets show it: where people mark the answer, that is said."""
    return key or WORDS["by_hand"]
