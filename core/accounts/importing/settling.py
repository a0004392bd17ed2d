"""Rows of people beside each other, and beside those who are there already: repeated, the same person, or a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core.accounts.importing.cells import Doubt
from core.accounts.importing.dates import show_day
from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.importing.phones import show_phone
from core.accounts.importing.workings import DROP, OTHER, codes_of, state_of
from core.accounts.models import Person
from core.database import db
from core.organisation.models import Unit
from core.organisation.tree import under

_MOST_NAMED = 3


@dataclass(frozen=True)
class Line:
    """A row of people as far as it concerns others."""

    id: int
    position: int
    number: int
    full_name: str
    folded: str
    unit_ref: int | None
    birth_date: date | None
    birth_year: int | None
    phone: str
    title: str
    answer: str


@dataclass(frozen=True)
class Asking:
    """A row to settle: itself, what was waved through, and the doubts that it has alone."""

    line: Line
    kept: Sequence[str]
    own_doubts: Sequence[Doubt]


@dataclass(frozen=True)
class Known:
    """Somebody who is there already."""

    id: int
    public_id: str
    unit_id: int
    unit_name: str
    full_name: str
    folded: str
    birth_date: date | None
    phone: str
    title: str
    active: bool


_LINE = (
    ImportRow.id,
    ImportRow.position,
    ImportRow.number,
    ImportRow.full_name,
    ImportRow.folded,
    ImportRow.unit_ref,
    ImportRow.birth_date,
    ImportRow.birth_year,
    ImportRow.phone,
    ImportRow.title,
    ImportRow.answer,
)


def settle(batch: ImportBatch, positions: Iterable[int]) -> list[dict[str, Any]]:
    """The final columns of the rows of people at ``positions``, each with its id, ready for a bulk update."""
    statement = select(*_LINE, ImportRow.kept, ImportRow.own_doubts).where(
        ImportRow.batch_id == batch.id, ImportRow.kind == "person", ImportRow.position.in_(list(positions))
    )
    rows = []
    for row in db.session.execute(statement.order_by(ImportRow.position)):
        values: list[Any] = list(row)
        doubts = [Doubt.from_plain(value) for value in values.pop()]
        kept = values.pop()
        rows.append(Asking(Line(*values), kept, doubts))
    return _Settler(batch, rows).settled()


def partners(batch: ImportBatch, rows: Iterable[tuple[str, str]]) -> set[int]:
    """Positions of the rows that share a folded name or a phone with one of ``rows`` (folded, phone)."""
    pairs = list(rows)
    names = {folded for folded, _phone in pairs if folded}
    phones = {phone for _folded, phone in pairs if phone}
    found: set[int] = set()
    for column, wanted in ((ImportRow.folded, names), (ImportRow.phone, phones)):
        if wanted:
            statement = select(ImportRow.position).where(
                ImportRow.batch_id == batch.id, ImportRow.kind == "person", column.in_(wanted)
            )
            found.update(db.session.scalars(statement))
    return found


def _lines(batch: ImportBatch, condition: Any) -> list[Line]:
    statement = select(*_LINE).where(ImportRow.batch_id == batch.id, ImportRow.kind == "person", condition)
    lines = []
    for row in db.session.execute(statement.order_by(ImportRow.position)):
        values: list[Any] = list(row)
        lines.append(Line(*values))
    return lines


class _Settler:
    def __init__(self, batch: ImportBatch, rows: list[Asking]) -> None:
        self.rows = rows
        names = {row.line.folded for row in rows if row.line.folded}
        phones = {row.line.phone for row in rows if row.line.phone}
        self.same_name: dict[str, list[Line]] = defaultdict(list)
        self.same_phone: dict[str, list[Line]] = defaultdict(list)
        if names:
            for line in _lines(batch, ImportRow.folded.in_(names)):
                self.same_name[line.folded].append(line)
        if phones:
            for line in _lines(batch, ImportRow.phone.in_(phones)):
                self.same_phone[line.phone].append(line)
        self.known = self._known(batch, names, phones)
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        self.by_phone: dict[str, list[Known]] = defaultdict(list)
        for known in self.known:
            self.by_name[known.folded].append(known)
            if known.phone:
                self.by_phone[known.phone].append(known)

    def _known(self, batch: ImportBatch, names: set[str], phones: set[str]) -> list[Known]:
        columns = (
            Person.id,
            Person.public_id,
            Person.unit_id,
            Unit.name,
            Person.full_name,
            Person.folded,
            Person.birth_date,
            Person.phone,
            Person.position,
            Person.active,
        )
        found: dict[int, Known] = {}
        for column, wanted in ((Person.folded, names), (Person.phone, phones)):
            if wanted:
                statement = (
                    select(*columns)
                    .join(Unit, Unit.id == Person.unit_id)
                    .where(column.in_(wanted), Person.visible, under(batch.unit_path))
                    .order_by(Person.id)
                )
                for row in db.session.execute(statement):
                    values: list[Any] = list(row)
                    found[values[0]] = Known(*values)
        return list(found.values())

    def settled(self) -> list[dict[str, Any]]:
        return [self._one(row) for row in self.rows]

    def _one(self, asking: Asking) -> dict[str, Any]:
        row = asking.line
        if row.answer == DROP:
            return self._values(row, [], "skip", state="dropped")
        doubts = [*asking.own_doubts]
        action, target, changes = "new", None, []
        if row.folded and row.unit_ref is not None:
            repeated = self._repeated(row)
            if repeated is not None:
                doubts = [*doubts, repeated]
                action = "skip"
            else:
                target, asked = self._person(row)
                if asked is not None:
                    doubts.append(asked)
                if target is not None:
                    changes = changes_to(target, row)
                    action = "change" if changes else "same"
                elif asked is None:
                    doubts.extend(self._namesakes(row))
            doubts.extend(self._shared_phone(row, target))
        doubts = [doubt for doubt in doubts if doubt.code not in asking.kept]
        return self._values(row, doubts, action, target, changes)

    def _values(
        self,
        row: Line,
        doubts: list[Doubt],
        action: str,
        target: Known | None = None,
        changes: list[dict[str, str]] | None = None,
        state: str | None = None,
    ) -> dict[str, Any]:
        return {
            "id": row.id,
            "doubts": [doubt.plain() for doubt in doubts],
            "codes": codes_of(doubts),
            "state": state or state_of(doubts),
            "attention": bool(doubts),
            "action": action,
            "changes": changes or [],
            "target_id": target.id if target else None,
        }

    def _others(self, row: Line) -> list[Line]:
        """Rows of the file of the same unit and name that come before ``row`` and are not left out."""
        return [
            other
            for other in self.same_name[row.folded]
            if other.position < row.position and other.unit_ref == row.unit_ref and other.answer != DROP
        ]

    def _repeated(self, row: Line) -> Doubt | None:
        """A row before that is certainly the same person (unit, name, birth date)."""
        for other in self._others(row):
            if row.birth_date is None or other.birth_date != row.birth_date:
                continue
            different = [
                label
                for label, mine, theirs in (
                    (_("điện thoại"), row.phone, other.phone),
                    (_("chức vụ"), row.title, other.title),
                )
                if mine and mine != theirs
            ]
            params = {"row": str(other.number), "what": _(" và ").join(different)}
            return Doubt("name", "row_repeated_other" if different else "row_repeated", params)
        return None

    def _namesakes(self, row: Line) -> list[Doubt]:
        """Doubts whether a new person is new."""
        for other in self._others(row):
            if row.birth_date is None or other.birth_date is None:
                return [Doubt("name", "row_same_name", {"row": str(other.number)})]
        if row.birth_date is not None:
            for known in self.by_name[row.folded]:
                if known.birth_date == row.birth_date and known.unit_id != row.unit_ref:
                    return [Doubt("name", "person_elsewhere", {"unit": known.unit_name})]
        return []

    def _person(self, row: Line) -> tuple[Known | None, Doubt | None]:
        """Who of those who are there the row means, or what to ask."""
        same = [known for known in self.by_name[row.folded] if known.unit_id == row.unit_ref]
        for known in same:
            if row.birth_date is not None and known.birth_date == row.birth_date:
                return known, None
        if not same or row.answer == OTHER:
            return None, None
        if row.answer:
            chosen = [known for known in same if known.public_id == row.answer]
            return (chosen[0], None) if chosen else (None, Doubt("name", "person_missing"))
        choices = [(known.public_id, _describe(known)) for known in same]
        proposal = _likely(row, same)
        params = {"shown": _describe(same[0])} if proposal else {}
        return None, Doubt("name", "person_question", params, proposal, (*choices, (OTHER, _("Người khác, thêm mới"))))

    def _shared_phone(self, row: Line, target: Known | None) -> list[Doubt]:
        if not row.phone:
            return []
        others = [
            _("dòng %(row)s (%(name)s)", row=other.number, name=other.full_name)
            for other in self.same_phone[row.phone]
            if other.position != row.position
            and other.answer != DROP
            and (other.folded, other.unit_ref, other.birth_date) != (row.folded, row.unit_ref, row.birth_date)
        ]
        named = {other.folded for other in self.same_phone[row.phone]}
        others += [
            _("%(name)s, %(unit)s", name=known.full_name, unit=known.unit_name)
            for known in self.by_phone[row.phone]
            if (target is None or known.id != target.id) and known.folded not in named
        ]
        if not others:
            return []
        text = ", ".join(others[:_MOST_NAMED])
        if len(others) > _MOST_NAMED:
            text += _(" và %(count)s người nữa", count=len(others) - _MOST_NAMED)
        return [Doubt("phone", "phone_shared", {"others": text})]


def _describe(known: Known) -> str:
    """Enough of a person to be recognised among namesakes of one unit."""
    parts = [known.full_name]
    parts.append(_("sinh %(day)s", day=show_day(known.birth_date)) if known.birth_date else _("chưa có ngày sinh"))
    if known.phone:
        parts.append(show_phone(known.phone))
    if known.title:
        parts.append(known.title)
    return ", ".join(parts)


def _likely(row: Line, same: list[Known]) -> str | None:
    """The public id to propose: the only namesake, where nothing speaks against it."""
    if len(same) != 1:
        return None
    known = same[0]
    phones_agree = bool(row.phone) and row.phone == known.phone
    years_agree = row.birth_year is not None and known.birth_date is not None and row.birth_year == known.birth_date.year
    unknown = row.birth_date is None or known.birth_date is None
    if unknown and (phones_agree or years_agree or (row.phone, row.title) == (known.phone, known.title)):
        return known.public_id
    return None


def changes_to(known: Known, row: Line) -> list[dict[str, str]]:
    """What the row would change of ``known``: (field, old, new). An empty cell takes nothing away."""
    changes = []
    if row.phone and row.phone != known.phone:
        changes.append({"field": "phone", "old": known.phone, "new": row.phone})
    if row.title and row.title != known.title:
        changes.append({"field": "position", "old": known.title, "new": row.title})
    if row.birth_date is not None and known.birth_date is None:
        changes.append({"field": "birth", "old": "", "new": show_day(row.birth_date)})
    if _better_spelled(row.full_name, known.full_name):
        changes.append({"field": "name", "old": known.full_name, "new": row.full_name})
    if not known.active:
        changes.append({"field": "active", "old": "", "new": "1"})
    return changes


def _better_spelled(new: str, old: str) -> bool:
    """True when ``new`` has letters that ``old`` lacks (accents, capitals): a list without accents changes no name."""

    def letters(name: str) -> int:
        return sum(1 for character in name if ord(character) > 127)

    return new != old and new != new.upper() and (letters(new) > letters(old) or old == old.upper())
