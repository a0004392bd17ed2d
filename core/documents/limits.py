"""What an uploaded document may be, and the one error that says why it was not taken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024


class DocumentRefused(Exception):
    """The file is not what we take. `str()` is one Vietnamese sentence for the person who sent it.

    `reason` is a short code for tests and logs: too_big, empty, zip_bomb, encrypted, macro, xml_entity,
    damaged, wrong_kind, too_many_rows, not_text, scan, unmapped, converter.
    """

    def __init__(self, message: str, reason: str = "wrong_kind") -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class ReadingLimits:
    """Bounds that hold before and while a document is read (sizes in bytes)."""

    upload_bytes: int = 25 * MIB
    unzipped_bytes: int = 200 * MIB
    package_parts: int = 5_000
    rows: int = 60_000
    columns: int = 300
    cells: int = 3_000_000
    paragraphs: int = 400_000
    pages: int = 400


DEFAULT_LIMITS = ReadingLimits()


def load(source: bytes | Path, limits: ReadingLimits = DEFAULT_LIMITS) -> bytes:
    """The bytes of a document, refused when there are none or too many. Raises DocumentRefused."""
    if isinstance(source, Path):
        try:
            size = source.stat().st_size
            if source.is_dir():
                raise DocumentRefused("Đây là một thư mục, không phải một tệp.")
            _check_size(size, limits)
            data = source.read_bytes()
        except FileNotFoundError as error:
            raise DocumentRefused("Không tìm thấy tệp này.", "damaged") from error
        except OSError as error:
            raise DocumentRefused("Không mở được tệp này.", "damaged") from error
    else:
        data = source
    _check_size(len(data), limits)
    if not data.strip(b"\x00\x09\x0a\x0d\x20"):
        raise DocumentRefused("Tệp trống, không có nội dung nào để đọc.", "empty")
    return data


def _check_size(size: int, limits: ReadingLimits) -> None:
    if size > limits.upload_bytes:
        raise DocumentRefused(
            f"Tệp nặng {size / MIB:.0f} MB, quá mức {limits.upload_bytes // MIB} MB. Hãy chia nhỏ hoặc bớt hình ảnh.",
            "too_big",
        )
