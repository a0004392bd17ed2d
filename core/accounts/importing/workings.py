"""Everything a row of a batch is checked against, and the checking of rows as they lie in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy import select

from core.accounts.importing.cells import Doubt, Raw
from core.accounts.importing.checking import Surroundings, check_person, effective
from core.accounts.importing.checking_units import CheckedUnit, UnitRow, broken_refs, check_units
from core.accounts.importing.doubt_kinds import all_kinds, kind_of
from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.importing.reading import Numbered
from core.database import db
from core.organisation.importing.loading import load_index
from core.organisation.importing.matching import UnitIndex
from core.organisation.levels import is_level, level_of
from core.organisation.models import Unit
from core.organisation.tree import today

#: Answers to a row that mean "leave it out", and "somebody else than who is there".
DROP, OTHER = "drop", "other"
#: Doubts that are answered, not repaired by another text in the cell.
ANSWERED = frozenset({"person_question"})


@dataclass
class RowData:
    """A row as it stands before checking."""

    position: int
    kind: str
    sheet: str
    number: int
    cells: Mapping[str, Raw]
    edits: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    answer: str = ""
    id: int | None = None
    unit_ref: int | None = None
    own_doubts: Sequence[Doubt] = ()
    doubts: Sequence[Doubt] = ()

    @property
    def effective(self) -> dict[str, Raw]:
        """Its cells with what people put instead."""
        return effective(self.cells, self.edits)

    def accept(self, code: str) -> bool:
        """Take the proposals of the doubts called ``code``; False when there is none."""
        accepted = False
        for doubt in self.doubts or self.own_doubts:
            if doubt.code != code or doubt.proposal is None:
                continue
            self.choose(doubt, doubt.proposal)
            accepted = True
        return accepted

    def choose(self, doubt: Doubt, value: str) -> None:
        """Answer ``doubt`` with one of its choices."""
        if doubt.code in ANSWERED:
            self.answer = value
        else:
            self.edits = {**self.edits, doubt.field: value}

    def keep(self, code: str) -> bool:
        """Wave the doubts called ``code`` through; False when there is none, or that cannot be."""
        doubted = any(doubt.code == code for doubt in self.doubts or self.own_doubts)
        if not doubted or kind_of(code).keep is None or code in self.kept:
            return False
        self.kept = [*self.kept, code]
        return True


@dataclass(frozen=True)
class Decision:
    """What was decided for every row with a doubt of one kind: ``accept`` or ``keep`` is its code."""

    accept: str = ""
    keep: str = ""

    def apply(self, row: RowData) -> bool:
        """Decide for ``row``; False when it has no such doubt."""
        return bool(self.accept and row.accept(self.accept)) or bool(self.keep and row.keep(self.keep))


def row_data(row: ImportRow) -> RowData:
    """``row`` without its session."""
    return RowData(
        row.position,
        row.kind,
        row.sheet,
        row.number,
        {name: Raw.from_plain(value) for name, value in row.cells.items()},
        dict(row.edits),
        list(row.kept),
        row.answer,
        row.id,
        row.unit_ref,
        [Doubt.from_plain(value) for value in row.own_doubts],
        [Doubt.from_plain(value) for value in row.doubts],
    )


def rows_between(batch: ImportBatch, first: int, last: int) -> list[RowData]:
    """The rows of ``batch`` at positions ``first`` to ``last``."""
    found = db.session.scalars(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.position.between(first, last))
        .order_by(ImportRow.position)
        .execution_options(populate_existing=True)
    ).all()
    rows = [row_data(row) for row in found]
    for row in found:
        db.session.expunge(row)
    return rows


def numbered_row(numbered: Numbered) -> RowData:
    """A line of the file as a row that nobody has touched."""
    line = numbered.line
    return RowData(numbered.position, numbered.kind, line.sheet, line.number, line.cells)


def state_of(doubts: Iterable[Doubt]) -> str:
    """The state of a row with these doubts: error, review or good."""
    severities = {kind_of(doubt.code).severity for doubt in doubts}
    return "error" if "error" in severities else "review" if "review" in severities else "good"


def codes_of(doubts: Iterable[Doubt]) -> str:
    """For finding rows by kind of doubt: "|code|code|", with a mark where there is a proposal."""
    parts = [doubt.code + ("+" if doubt.proposal is not None else "") for doubt in doubts]
    return "|" + "|".join(dict.fromkeys(parts)) + "|" if parts else ""


#: Doubts that keep a unit's row out, and with it all that names the unit.
_BLOCKING = frozenset(kind.code for kind in all_kinds() if kind.severity != "warning")


class Workings:
    """The units as this batch sees them, loaded when first needed, and the reading of its rows."""

    def __init__(
        self, batch: ImportBatch, unit_rows: Sequence[RowData] | None = None, decision: Decision | None = None
    ) -> None:
        """``unit_rows``: those of the file while they are not in the database; ``decision`` applies to those that are."""
        self.batch_id = batch.id
        self.scope_id = batch.unit_id or None
        self.scope_path = batch.unit_path
        self.layout = batch.layout
        self.decision = decision or Decision()
        self._unit_rows = unit_rows

    @cached_property
    def unit_rows(self) -> list[RowData]:
        """The rows of units of the batch."""
        if self._unit_rows is not None:
            return list(self._unit_rows)
        count = self.layout.get("units", 0)
        if not count:
            return []
        batch = db.session.get_one(ImportBatch, self.batch_id)
        rows = rows_between(batch, 1, count)
        for row in rows:
            self.decision.apply(row)
        return rows

    @cached_property
    def _units(self) -> tuple[UnitIndex, dict[int, CheckedUnit], dict[int, tuple[str, str]]]:
        index = load_index(self.scope_path)
        rows = [
            UnitRow(row.position, row.sheet, row.number, row.effective, row.kept, row.answer == DROP) for row in self.unit_rows
        ]
        checked = check_units(rows, index, self.scope_id)
        broken = broken_refs([row for row in rows if not row.dropped], checked, _BLOCKING)
        for unit in checked.values():
            if unit.ref in broken and state_of(unit.doubts) == "good":
                sheet, number = broken[unit.ref]
                unit.doubts.append(Doubt("parent", "unit_waiting", {"sheet": sheet, "row": number}))
        return index, checked, broken

    @property
    def index(self) -> UnitIndex:
        """Every unit, those of the batch included."""
        return self._units[0]

    @cached_property
    def _base(self) -> Surroundings:
        index, _checked, broken = self._units
        return Surroundings(index, today(), self.layout.get("date_1904", False), broken=broken)

    @cached_property
    def _around(self) -> dict[str, Surroundings]:
        return {
            table["sheet"]: replace(self._base, present=table["present"], default_unit=self._default_unit)
            for table in self.layout.get("tables", ())
            if table["kind"] == "person"
        }

    @cached_property
    def _default_unit(self) -> int | None:
        entry = self.index.entries.get(self.scope_id) if self.scope_id else None
        return entry.ref if entry and is_level(entry.level) and level_of(entry.level).is_cell else None

    @cached_property
    def _eligible(self) -> dict[int, int | None]:
        refs = [unit.ref for unit in self._units[1].values() if unit.ref is not None and unit.ref > 0]
        result: dict[int, int | None] = {}
        for start in range(0, len(refs), 500):
            wanted = refs[start : start + 500]
            rows = db.session.execute(select(Unit.id, Unit.eligible).where(Unit.id.in_(wanted)))
            result.update((unit_id, eligible) for unit_id, eligible in rows)
        return result

    def check(self, row: RowData) -> dict[str, Any]:
        """The columns of ``row`` that follow from its own cells (a unit's are final, a person's go on to settling)."""
        values: dict[str, Any] = {"edits": row.edits, "kept": row.kept, "answer": row.answer}
        values.update(self._unit(row) if row.kind == "unit" else self._person(row))
        return values

    def _person(self, row: RowData) -> dict[str, Any]:
        around = self._around.get(row.sheet) or self._base
        person = check_person(row.effective, row.kept, around)
        return {
            "full_name": person.full_name,
            "folded": person.folded,
            "birth_date": person.birth_date,
            "birth_year": person.birth_year,
            "phone": person.phone,
            "title": person.title,
            "unit_ref": person.unit_ref,
            "own_doubts": [doubt.plain() for doubt in person.doubts],
            "tidied": person.tidied,
        }

    def _unit(self, row: RowData) -> dict[str, Any]:
        unit = self._units[1][row.position]
        changes = []
        if unit.repeats is not None or row.answer == DROP:
            action = "skip"
        elif unit.ref is None or unit.ref < 0:
            action = "new"
        else:
            old = self._eligible.get(unit.ref)
            action = "same"
            if unit.eligible is not None and unit.eligible != old:
                action = "change"
                changes = [{"field": "eligible", "old": "" if old is None else str(old), "new": str(unit.eligible)}]
        plain = [doubt.plain() for doubt in unit.doubts]
        dropped = row.answer == DROP
        return {
            "full_name": unit.name,
            "folded": unit.folded,
            "level": unit.level,
            "parent_ref": unit.parent_ref or 0,
            "unit_ref": unit.ref,
            "eligible": unit.eligible,
            "own_doubts": plain,
            "doubts": [] if dropped else plain,
            "codes": "" if dropped else codes_of(unit.doubts),
            "tidied": unit.tidied,
            "state": "dropped" if dropped else state_of(unit.doubts),
            "attention": bool(unit.doubts) and not dropped,
            "action": action,
            "changes": changes,
            "target_id": unit.ref if unit.ref is not None and unit.ref > 0 else None,
        }
