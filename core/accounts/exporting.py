"""People as Excel: in the form that an import reads back, without codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _

from core.accounts.models import Person
from core.accounts.people import people_within
from core.database import db
from core.documents.excel_writing import Cell, Column, Look, SheetSpec, write_workbook
from core.organisation.models import Unit


def people_workbook(paths: Iterable[str]) -> bytes:
    """An .xlsx file of the people on the lists of these subtrees, by unit and name."""
    return write_workbook(
        [
            SheetSpec(
                name=_("Thí sinh"),
                columns=[
                    Column(_("Họ và tên"), width=28),
                    Column(_("Ngày sinh"), look=Look.DATE),
                    Column(_("Chức vụ"), width=22),
                    Column(_("Số điện thoại"), width=14),
                    Column(_("Đơn vị"), width=70),
                ],
                rows=_rows(paths),
            )
        ]
    )


def _rows(paths: Iterable[str]) -> Iterator[Sequence[Cell]]:
    statement = people_within(paths).order_by(Unit.full_name, Person.sort_key, Person.id)
    for person in db.session.scalars(statement.execution_options(yield_per=1000)):
        yield [person.full_name, person.birth_date, person.position, person.phone, person.unit.full_name]
