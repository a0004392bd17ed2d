"""One row of people: its cells become values and doubts. Pure, given an index of the units."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from core.accounts.importing.cells import Doubt, Raw, Reading
from core.accounts.importing.dates import Birth, read_birth, show_day
from core.accounts.importing.headers import LEVEL_COLUMNS
from core.accounts.importing.names import read_name
from core.accounts.importing.phones import read_phone
from core.database.text import canonical, fold
from core.organisation.importing.matching import Match, UnitIndex, ways_of_levels

LONGEST_TITLE = 120

#: The columns of a row of people, in the order in which they are shown.
PERSON_FIELDS = ("name", "unit", "birth", "phone", "position")


@dataclass(frozen=True)
class Surroundings:
    """What a row is read against.

    ``present`` are the fields for which the list has a column at all: only then is an empty cell worth a word.
    ``default_unit`` is the unit of a list that names none (that of a single cell). ``broken`` maps the refs of units
    that the file itself brings but that cannot be imported yet to (sheet, row).
    """

    index: UnitIndex
    today: date
    date_1904: bool = False
    present: Collection[str] = PERSON_FIELDS
    default_unit: int | None = None
    broken: Mapping[int, tuple[str, str]] = field(default_factory=dict)


@dataclass
class CheckedPerson:
    """What a row says, as far as it can be understood, and what is doubtful about it."""

    full_name: str = ""
    folded: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    phone: str = ""
    title: str = ""
    unit_ref: int | None = None
    doubts: list[Doubt] = field(default_factory=list)
    tidied: int = 0


def effective(cells: Mapping[str, Raw], edits: Mapping[str, str]) -> dict[str, Raw]:
    """The cells with what people put instead; a unit typed by hand replaces the columns of levels."""
    merged = {name: raw for name, raw in cells.items() if not (name.startswith("unit:") and "unit" in edits)}
    merged.update({name: Raw(text) for name, text in edits.items()})
    return merged


def check_person(cells: Mapping[str, Raw], kept: Collection[str], around: Surroundings) -> CheckedPerson:
    """Read the effective ``cells``; doubts whose codes are in ``kept`` are left out."""
    row = CheckedPerson()
    name = read_name(cells.get("name", Raw()))
    birth = _birth(cells, around)
    phone = read_phone(cells.get("phone", Raw()))
    title = _title(cells.get("position", Raw()))
    row.full_name, row.folded = name.value, fold(name.value)
    row.birth_date, row.birth_year = birth.value.day, birth.value.year
    row.phone, row.title = phone.value, title.value
    row.unit_ref, unit_doubt = find_unit(cells, around)
    doubts = [name.doubt, unit_doubt, birth.doubt, phone.doubt, title.doubt]
    row.doubts = [doubt for doubt in doubts if doubt is not None and doubt.code not in kept]
    row.tidied = sum((name.tidied, birth.tidied, phone.tidied, title.tidied))
    return row


def _birth(cells: Mapping[str, Raw], around: Surroundings) -> Reading[Birth]:
    raw = cells.get("birth", Raw())
    if raw.empty and "birth" not in around.present:
        return Reading(Birth())
    reading = read_birth(raw, around.today, around.date_1904)
    day = reading.value.day
    if reading.doubt is None and day is not None and raw.day is not None and "turned" in cells:
        turned = date(day.year, day.day, day.month)
        return Reading(reading.value, Doubt("birth", "date_swapped", {}, show_day(turned)))
    return reading


def _title(raw: Raw) -> Reading[str]:
    text = canonical(raw.text)
    if len(text) > LONGEST_TITLE:
        return Reading("", Doubt("position", "title_long", {"most": str(LONGEST_TITLE)}))
    return Reading(text, tidied=text != raw.text)


def find_unit(cells: Mapping[str, Raw], around: Surroundings) -> tuple[int | None, Doubt | None]:
    """The ref of the row's unit, or the doubt about it."""
    text = canonical(cells.get("unit", Raw()).text)
    if not text:
        if "unit" not in around.present and around.default_unit is not None:
            return around.default_unit, None
        above = canonical(cells.get("above", Raw()).text)
        return None, Doubt("unit", "unit_missing", {"shown": above}, above or None)
    levels = [(name, cells[f"unit:{name}"].text) for name in LEVEL_COLUMNS if f"unit:{name}" in cells]
    match = around.index.find(ways_of_levels(levels)) if levels else around.index.find_text(text)
    if match.ref is not None and match.ref in around.broken:
        sheet, row = around.broken[match.ref]
        return None, Doubt("unit", "unit_waiting", {"sheet": sheet, "row": row})
    return match.ref, unit_doubt("unit", match, around.index)


def unit_doubt(cell: str, match: Match, index: UnitIndex, prefix: str = "unit") -> Doubt | None:
    """What to ask about a unit that was not found for certain; None when it was."""
    if match.status == "found":
        return None
    if match.status == "outside":
        return Doubt(cell, f"{prefix}_outside")
    choices = tuple((index.full_name(ref), _told_apart(ref, match, index)) for ref in match.candidates)
    if match.status == "several":
        return Doubt(cell, f"{prefix}_several", choices=choices)
    if match.likely is None:
        return Doubt(cell, f"{prefix}_unknown", choices=choices)
    proposal, shown = index.full_name(match.likely), index.short_name(match.likely)
    others = tuple(choice for choice in choices if choice[0] != proposal)
    return Doubt(cell, f"{prefix}_unknown", {"shown": shown}, proposal, others)


def _told_apart(ref: int, match: Match, index: UnitIndex) -> str:
    """The short name, or the whole line where another candidate has the same short name."""
    short = index.short_name(ref)
    if sum(1 for other in match.candidates if index.short_name(other) == short) == 1:
        return short
    return ", ".join(entry.name for entry in index.line(ref))
