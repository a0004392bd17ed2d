"""Documents are named by number and date together, and come in chains."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from core.database import unit_of_work
from questions.bank.content import BankError
from questions.bank.sources import (
    SourceFacts,
    all_sources,
    change_source,
    create_source,
    in_force,
    label_of,
    match_source,
    place_of,
)

OLD = SourceFacts("Quy định thi hành Điều lệ Đảng", "24-QĐ/TW", date(2021, 7, 30), in_force_until=date(2025, 1, 1))
NEW = SourceFacts("Quy định thi hành Điều lệ Đảng", "232-QĐ/TW", date(2025, 1, 20))


def test_a_document_has_number_and_date(app: Flask) -> None:
    with unit_of_work():
        source = create_source(OLD)
        with pytest.raises(BankError):
            create_source(OLD)
        create_source(SourceFacts("Quy định khác", "24-QĐ/TW", date(2011, 5, 4)))
    assert label_of(source) == "24-QĐ/TW (30/07/2021): Quy định thi hành Điều lệ Đảng"
    assert place_of("khoản 1", "Điều 5", source) == "khoản 1, Điều 5, Quy định thi hành Điều lệ Đảng (24-QĐ/TW)"
    assert place_of("", "", None, "theo Điều lệ") == "theo Điều lệ"


def test_documents_replace_one_another_without_rings(app: Flask) -> None:
    with unit_of_work():
        old, new = create_source(OLD), create_source(NEW)
        change_source(old, OLD, replaced_by=new)
        with pytest.raises(BankError):
            change_source(new, NEW, replaced_by=old)
    assert old.replaced_by_id == new.id
    assert in_force(old, date(2024, 12, 31))
    assert not in_force(old, date(2025, 1, 1))


def test_a_documents_dates_must_follow_one_another(app: Flask) -> None:
    with pytest.raises(BankError) as refused, unit_of_work():
        create_source(SourceFacts("Lạ", in_force_from=date(2025, 1, 2), in_force_until=date(2025, 1, 1)))
    assert refused.value.field == "in_force_until"


def test_a_lists_words_find_their_document(app: Flask) -> None:
    with unit_of_work():
        old, new = create_source(OLD), create_source(NEW)
        same_number = create_source(SourceFacts("Quy định cũ hơn", "24-QĐ/TW", date(2011, 5, 4)))
    assert match_source("Điểm 3.1, Quy định số 232-QĐ/TW của Trung ương") is new
    assert match_source("Quy định 24-QĐ/TW ngày 30/7/2021") is old
    assert match_source("Quy định 24-QĐ/TW ngày 4-5-2011") is same_number
    assert match_source("Quy định 24-QĐ/TW") is None
    assert match_source("Hướng dẫn 01") is None
    assert [s.number for s in all_sources("thi hanh dieu le")] == ["232-QĐ/TW", "24-QĐ/TW"]
