"""A list's heading as the name of a topic. Pure."""

from __future__ import annotations

import re

#: "Phần I.", "Chương 2:", "Mục III -", "Chủ đề:", "I.", "1)", "A.", "* ": what stands before a heading's own words.
_NUMBERING = re.compile(
    r"^\s*[*•\-–+]*\s*(?:(?:phần|chương|mục|chuyên đề|chủ đề|lĩnh vực)\s*(?:thứ\s+)?(?:[ivxlc]+|\d+|[a-z])?\s*[.:)–-]+\s*"
    r"|(?:[ivxlc]+|\d{1,2}|[a-z])\s*[.)]\s+)?",
    re.IGNORECASE,
)

#: Letters that a topic's name may have.
LONGEST = 120


def topic_in_heading(heading: str) -> str:
    """The topic that ``heading`` names: its last line, without numbering and closing marks ("Phần I. Điều lệ Đảng:" gives
    "Điều lệ Đảng"); the whole line where nothing else would be left."""
    lines = [line.strip() for line in heading.splitlines() if line.strip()]
    if not lines:
        return ""
    bare = _NUMBERING.sub("", lines[-1], count=1).strip(" .:;–-")
    return (bare or lines[-1])[:LONGEST].strip()
