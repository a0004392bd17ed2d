"""Workbooks made by hand, a small tree, and an import from file to result in this process."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import select

from core.accounts.importing import batches
from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.models import Person
from core.database import db, unit_of_work
from core.jobs import run_now
from core.jobs.service import find
from core.organisation.models import Unit
from core.organisation.service import create_unit

HEADING = ("STT", "Họ và tên", "Đơn vị", "Ngày sinh", "Điện thoại", "Chức vụ")
CELL = "Chi bộ thôn 1, xã Đông Mỹ"

Rows = Sequence[Sequence[object]]


def workbook(sheets: dict[str, Rows], merge: Sequence[tuple[str, tuple[int, int, int, int], str]] = ()) -> bytes:
    """An .xlsx file; dates become Excel's own, floats numbers, None nothing. ``merge``: (sheet, block, text)."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(number, column, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(number, column, value)
                    elif value is not None:
                        sheet.write_number(number, column, value)
            for where, block, text in merge:
                if where == name:
                    sheet.merge_range(*block, text)
    return target.getvalue()


def people(*rows: Sequence[object], heading: Sequence[object] = HEADING) -> bytes:
    """A workbook with one list of people."""
    return workbook({"Thí sinh": [heading, *rows]})


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    """Two districts, each with a commune Tam Hiệp; cells of two depths."""
    with unit_of_work():
        city = create_unit(None, "city", "Hà Nội")
        thanh_tri = create_unit(city, "district", "Thanh Trì")
        phuc_tho = create_unit(city, "district", "Phúc Thọ")
        dong_my = create_unit(thanh_tri, "commune", "Xã Đông Mỹ")
        tam_hiep_tt = create_unit(thanh_tri, "commune", "Xã Tam Hiệp")
        tam_hiep_pt = create_unit(phuc_tho, "commune", "Xã Tam Hiệp")
        return {
            "city": city,
            "thanh_tri": thanh_tri,
            "phuc_tho": phuc_tho,
            "dong_my": dong_my,
            "cell": create_unit(dong_my, "cell", "Chi bộ thôn 1"),
            "cell2": create_unit(dong_my, "cell", "Chi bộ Trạm Y tế"),
            "cell_tt": create_unit(tam_hiep_tt, "cell", "Chi bộ thôn Đồng"),
            "cell_pt": create_unit(tam_hiep_pt, "cell", "Chi bộ thôn Đồng"),
            "police": create_unit(thanh_tri, "cell", "Chi bộ Công an huyện"),
        }


class Importer:
    """Takes files through the room as a page or command would."""

    def __init__(self, scope: Unit | None) -> None:
        self.scope = scope

    def read(self, data: bytes, name: str = "danh_sach.xlsx") -> ImportBatch:
        token = batches.receive(io.BytesIO(data))
        with unit_of_work():
            batch = batches.open_batch(self.scope, token, name)
        self.work(batch)
        return batch

    def work(self, batch: ImportBatch) -> None:
        """Let the worker do what waits for it."""
        for _ in range(5):
            job = find(batch.job_public_id or "")
            if job is None or job.state in ("done", "cancelled", "failed"):
                break
            done = run_now(job.id)
            assert done.state in ("done", "cancelled", "failed")
            db.session.expire_all()
        db.session.rollback()

    def decide(self, batch: ImportBatch, decision: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        with unit_of_work():
            result = decision(batch, *arguments, **more)
        self.work(batch)
        return result

    def on_row(self, batch: ImportBatch, number: int, decision: Callable[..., Any], *arguments: Any) -> None:
        """Decide about the row with Excel's number ``number``."""
        with unit_of_work():
            decision(batch, self.row(batch, number), *arguments)
        self.work(batch)

    def bring_in(self, batch: ImportBatch, **more: Any) -> ImportBatch:
        self.decide(batch, batches.bring_in, **more)
        return batch

    def whole(self, data: bytes) -> ImportBatch:
        """Read and import."""
        return self.bring_in(self.read(data))

    @staticmethod
    def row(batch: ImportBatch, number: int, kind: str = "person") -> ImportRow:
        statement = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.number == number, ImportRow.kind == kind)
        return db.session.execute(statement.execution_options(populate_existing=True)).scalar_one()

    def doubts(self, batch: ImportBatch, number: int, kind: str = "person") -> list[tuple[str, str | None]]:
        """(code, proposal) of the doubts of a row."""
        return [(doubt["code"], doubt["proposal"]) for doubt in self.row(batch, number, kind).doubts]


@pytest.fixture
def importer(tree: dict[str, Unit]) -> Importer:
    """An importer for Thanh Trì."""
    return Importer(tree["thanh_tri"])


def everybody() -> list[tuple[str, str, str, str]]:
    """(name, birth, phone, unit) of everybody on the lists, by name."""
    rows = db.session.execute(
        select(Person.full_name, Person.birth_date, Person.phone, Unit.full_name)
        .join(Unit)
        .where(Person.visible)
        .order_by(Person.full_name, Person.id)
    )
    return [(name, born.isoformat() if born else "", phone, unit) for name, born, phone, unit in rows]
