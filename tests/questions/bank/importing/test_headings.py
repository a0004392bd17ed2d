"""Headings of lists as topics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.bank.importing.headings import LONGEST, topic_in_heading


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("Phần I. Điều lệ Đảng", "Điều lệ Đảng"),
        ("PHẦN 2: SINH HOẠT CHI BỘ", "SINH HOẠT CHI BỘ"),
        ("* Lĩnh vực công tác tuyên giáo:", "Lĩnh vực công tác tuyên giáo"),
        ("NGÂN HÀNG CÂU HỎI\nI. Lịch sử Đảng", "Lịch sử Đảng"),
        ("Chủ đề: Kiểm tra, giám sát", "Kiểm tra, giám sát"),
        ("Chương trình hành động", "Chương trình hành động"),
        ("Mục tiêu, lý tưởng", "Mục tiêu, lý tưởng"),
        ("Phần I.", "Phần I."),
        ("", ""),
    ],
)
def test_the_words_of_a_heading_are_the_topic(heading: str, topic: str) -> None:
    assert topic_in_heading(heading) == topic


@given(st.text(max_size=300))
def test_a_heading_with_words_always_gives_a_topic_of_bounded_length(heading: str) -> None:
    topic = topic_in_heading(heading)
    assert len(topic) <= LONGEST
    assert bool(topic) == bool(heading.strip()) or not any(c.isalnum() for c in heading)
