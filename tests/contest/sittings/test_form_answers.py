"""What a page without scripts sends becomes the same answer that a script sends."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from contest.sittings.form_routes import form_answer


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ([("chon", "2"), ("chon", "0"), ("chon", "2"), ("chon", "x"), ("chon", "99")], [0, 2]),
        ([], None),
        # Radios that nobody pressed send nothing: the number of rows says that they are there.
        ([("so_dong", "3"), ("chon-0", "1")], [1, None, None]),
        ([("so_dong", "2"), ("chon-0", ""), ("chon-1", "")], None),
        ([("so_dong", "2"), ("chon-0", "²"), ("chon-1", "14"), ("chon-7", "1")], [None, 14]),
        ([("so_dong", "2"), ("chu-0", " Hà Nội "), ("chu-1", "")], ["Hà Nội", None]),
        ([("so_dong", "-5"), ("chon-0", "1")], None),
        ([("so_dong", "999999999"), ("chon-49", "1"), ("chon-50", "1")], [*[None] * 49, 1]),
    ],
)
def test_a_form_is_read_by_its_fields(sent: list[tuple[str, str]], answer: Any) -> None:
    assert form_answer(MultiDict(sent)) == answer
