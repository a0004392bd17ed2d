"""Changes by hand to forms not confirmed yet: another question, an exchange between forms, another order; and undoing.

Whatever is changed, the set keeps every rule that it was assembled by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from contest.papers.allotment import Candidate, Cell
from contest.papers.making.asking import Wish
from contest.papers.making.bank import BankItem, bank_items
from contest.papers.making.models import FormPlace, FormSet, PaperForm
from contest.papers.making.service import cells_asked, questions_of, require_made, subject
from core.access import current_actor
from core.audit import record
from core.database import db, to_microseconds
from core.database.server_time import now

#: So many questions are offered in place of another, those nearest in difficulty first.
OFFERED = 30


class Refused(Exception):
    """The change would break a rule of the set; the message is for people."""


@dataclass(frozen=True, slots=True)
class Held:
    """What stands in a place."""

    question: int
    version: int
    cell: int
    difficulty: str
    exposure: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A question that may come to a place: from the bank, or (``place``) from another form, in exchange."""

    item: BankItem
    place: FormPlace | None
    change: Decimal


def held(place: FormPlace) -> Held:
    """What stands in ``place``."""
    return Held(place.question_id, place.version_id, place.cell, str(place.difficulty), place.exposure)


def offers(place: FormPlace) -> list[Offer]:
    """What may stand in ``place`` instead: the nearest in expected difficulty, those of the bank before exchanges."""
    form_set = place.form.set
    cell, rules = cells_asked(form_set)[place.cell], _Rules(form_set)
    items = [i for i in _bank(form_set) if cell.matches(i.candidate) and i.candidate.question_id != place.question_id]
    found: list[Offer] = []
    for item in sorted(items, key=lambda one: (abs(one.difficulty - place.difficulty), one.exposure)):
        if len(found) >= OFFERED:
            break
        elsewhere = rules.places_of.get(item.candidate.question_id, [])
        if any(other.form_id == place.form_id for other in elsewhere):
            continue
        if rules.objection({place: item.candidate.question_id}) is None:
            found.append(Offer(item, None, item.difficulty - place.difficulty))
        for other in elsewhere:
            asked = {place: item.candidate.question_id, other: place.question_id}
            if cells_asked(form_set)[other.cell].matches(_candidate(place)) and rules.objection(asked) is None:
                found.append(Offer(item, other, other.difficulty - place.difficulty))
    found.sort(key=lambda one: (abs(one.change), one.place is not None, one.item.exposure, one.item.candidate.question_id))
    return found[:OFFERED]


def replace(place: FormPlace, version_id: int) -> None:
    """Put another approved question of the bank into ``place``. Raises SetFrozen, Refused."""
    form_set = place.form.set
    require_made(form_set)
    item = next((i for i in _bank(form_set) if i.candidate.version_id == version_id), None)
    if item is None:
        raise Refused(_("Câu này không còn được duyệt trong ngân hàng."))
    if not cells_asked(form_set)[place.cell].matches(item.candidate):
        raise Refused(_("Câu này không thuộc ô ma trận của chỗ cần đổi."))
    _refuse(_Rules(form_set).objection({place: item.candidate.question_id}))
    new = Held(item.candidate.question_id, version_id, place.cell, str(item.difficulty), item.exposure)
    _change(form_set, "replace", [(place, new)])


def exchange(place: FormPlace, other: FormPlace) -> None:
    """Two places of two forms of one set exchange their questions. Raises SetFrozen, Refused."""
    form_set = place.form.set
    require_made(form_set)
    if other.form.set_id != form_set.id or other.form_id == place.form_id:
        raise Refused(_("Chỉ đổi chéo được với mã đề khác của cùng bộ."))
    cells = cells_asked(form_set)
    if not (cells[place.cell].matches(_candidate(other)) and cells[other.cell].matches(_candidate(place))):
        raise Refused(_("Hai câu không thuộc cùng ô ma trận nên không đổi chéo được."))
    _refuse(_Rules(form_set).objection({place: other.question_id, other: place.question_id}))
    one, two = held(place), held(other)
    _change(form_set, "exchange", [(place, _in_cell(two, place.cell)), (other, _in_cell(one, other.cell))])


def move(place: FormPlace, by: int) -> None:
    """Change the order within the form: the question trades places with the one ``by`` further on. Raises SetFrozen,
    Refused."""
    form_set = place.form.set
    require_made(form_set)
    other = next((p for p in place.form.places if p.number == place.number + by), None)
    if other is None or not by:
        raise Refused(_("Câu này đã ở đầu hoặc cuối đề."))
    one, two = held(place), held(other)
    _change(form_set, "move", [(place, two), (other, one)])


def undo(form_set: FormSet) -> None:
    """Take the last change back. Raises SetFrozen, Refused where there is none."""
    require_made(form_set)
    if not form_set.changes:
        raise Refused(_("Bộ đề chưa có thay đổi nào để hoàn tác."))
    last = form_set.changes[-1]
    for one in last["places"]:
        _put(db.session.get_one(FormPlace, one["place"]), Held(*one["before"]))
    form_set.changes = form_set.changes[:-1]
    record("papers.undone", subject(form_set), {"change": len(form_set.changes) + 1})


class _Rules:
    """What every form of a set must keep, beside its cells: no question twice, enemies apart, few shared."""

    def __init__(self, form_set: FormSet) -> None:
        self._forms = {form.id: form for form in form_set.forms}
        self._enemies = {question: group for group in form_set.enemies for question in group}
        self._inside = {form.id: questions_of(form) for form in form_set.forms}
        self._most = Wish(**form_set.wanted).max_shared
        self.places_of: dict[int, list[FormPlace]] = {}
        for form in form_set.forms:
            for place in form.places:
                self.places_of.setdefault(place.question_id, []).append(place)

    def objection(self, changed: dict[FormPlace, int]) -> str | None:
        """Why the questions ``changed`` may not come to their places; None: they may."""
        inside = {form: set(questions) for form, questions in self._inside.items()}
        for place in changed:
            inside[place.form_id].discard(place.question_id)
        for place, question in changed.items():
            here = inside[place.form_id]
            if question in here:
                return str(_("Mã đề %(code)s đã có câu này.", code=place.form.code))
            if here & set(self._enemies.get(question, ())):
                return str(_("Mã đề %(code)s đã có một câu không được đi cùng câu này.", code=place.form.code))
            here.add(question)
        for form in {place.form_id for place in changed}:
            for other, questions in inside.items():
                if other != form and len(inside[form] & questions) > self._most:
                    codes = {"one": self._forms[form].code, "other": self._forms[other].code}
                    return str(_("Mã đề %(one)s và %(other)s sẽ chung nhau hơn %(most)s câu.", most=self._most, **codes))
        return None


def _bank(form_set: FormSet) -> list[BankItem]:
    return bank_items(form_set.round.contest, Wish(**form_set.wanted).statistics)


def _candidate(place: FormPlace) -> Candidate:
    version = place.version
    topic = version.topic.name if version.topic else ""
    return Candidate(version.id, version.question_id, topic, version.level, version.type)


def _in_cell(one: Held, cell: int) -> Held:
    return Held(one.question, one.version, cell, one.difficulty, one.exposure)


def _refuse(objection: str | None) -> None:
    if objection is not None:
        raise Refused(objection)


def _put(place: FormPlace, new: Held) -> None:
    place.question_id, place.version_id, place.cell = new.question, new.version, new.cell
    place.difficulty, place.exposure = Decimal(new.difficulty), new.exposure


def _plain(one: Held) -> list[object]:
    return [one.question, one.version, one.cell, one.difficulty, one.exposure]


def _change(form_set: FormSet, what: str, places: Sequence[tuple[FormPlace, Held]]) -> None:
    change = {
        "what": what,
        "places": [{"place": place.id, "before": _plain(held(place)), "after": _plain(new)} for place, new in places],
        "by": current_actor().label,
        "at": to_microseconds(now()),
    }
    for place, new in places:
        _put(place, new)
    form_set.changes = [*form_set.changes, change]
    db.session.flush()
    for place, _new in places:
        db.session.expire(place, ["version"])
    where = [f"{place.form.code}/{place.number}" for place, _new in places]
    record("papers.exchanged", subject(form_set), {"what": what, "places": where})


def place_in(form: PaperForm, number: int) -> FormPlace | None:
    """Place ``number`` of ``form``; None where there is none."""
    return db.session.scalar(select(FormPlace).where(FormPlace.form_id == form.id, FormPlace.number == number))


def cell_of(place: FormPlace) -> Cell:
    """The cell of the blueprint that ``place`` fills."""
    return cells_asked(place.form.set)[place.cell]
