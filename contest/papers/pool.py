"""The frozen pool of a round: what the bank offers, whether it is enough, and freezing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from contest.papers.allotment import Allotment, Candidate, Cell, allot
from contest.papers.drawing import PoolQuestion
from contest.papers.models import PoolItem, PoolRevision
from contest.papers.sheets import Wording, wordings
from contest.rounds.models import Contest, Round, Window
from contest.rounds.service import round_rules, same_hours
from contest.rules.document import RoundRules
from core.database import db, table_of
from core.database.keys import key
from core.organisation.models import Unit
from questions.bank.models import Question, QuestionVersion, Topic
from questions.types.registry import type_of


@dataclass(frozen=True)
class CellSupply:
    """A cell of the blueprint against the bank: what all parts need together, what matches it, what it can get."""

    cell: Cell
    needed: int
    matching: int
    available: int

    @property
    def short(self) -> int:
        """How many questions are missing."""
        return max(0, self.needed - self.available)


def bank_candidates(contest: Contest) -> list[Candidate]:
    """Every approved question in the banks from which ``contest`` draws: its bank's unit and those above it."""
    units = [int(part) for part in contest.bank_unit.path.strip("/").split("/")]
    rows = db.session.execute(
        select(QuestionVersion.id, Question.id, Topic.name, QuestionVersion.level, QuestionVersion.type)
        .join(Question, Question.approved_version_id == QuestionVersion.id)
        .outerjoin(Topic, Topic.id == QuestionVersion.topic_id)
        .where(Question.unit_id.in_(units), Question.state != "retired")
        .order_by(Question.id)
    )
    return [Candidate(version, question, topic or "", level, type_) for version, question, topic, level, type_ in rows]


def cells_of(rules: RoundRules) -> list[Cell]:
    """The blueprint of the round's quizzes, cell by cell, in the order in which pool items number them."""
    return [Cell(c.topic, c.level, c.type, c.count) for quiz in rules.quizzes for c in quiz.blueprint]


def _allotment(round_: Round, candidates: Sequence[Candidate]) -> tuple[list[Cell], list[list[Window]], Allotment]:
    cells = cells_of(round_rules(round_))
    groups = same_hours(round_.windows)
    allotment = allot(candidates, cells, max(1, len(groups)), key("paper"), f"pool|{round_.public_id}")
    return cells, groups, allotment


def parts_of(round_: Round) -> int:
    """How many parts the pool needs: windows with other hours must not share questions."""
    return max(1, len(same_hours(round_.windows)))


def supply(round_: Round, cells: Sequence[Cell] | None = None) -> list[CellSupply]:
    """Each cell of the blueprint (default: the one stored) against the bank, for all windows that must not share
    questions."""
    candidates = bank_candidates(round_.contest)
    cells = cells_of(round_rules(round_)) if cells is None else cells
    parts = parts_of(round_)
    allotment = allot(candidates, cells, parts, key("paper"), f"pool|{round_.public_id}")
    short = {s.cell: s.available for s in allotment.shortages}
    return [
        CellSupply(
            cell=cell,
            needed=parts * cell.count,
            matching=sum(1 for c in candidates if cell.matches(c)),
            available=short.get(number, parts * cell.count),
        )
        for number, cell in enumerate(cells)
    ]


class PoolShort(Exception):
    """The bank cannot fill the blueprint; the round cannot be opened."""


def freeze_pool(round_: Round) -> int:
    """Copy the approved versions into the round's pool, a part for each group of windows; returns how many.

    Nothing enters the pool afterwards. Raises PoolShort when a cell cannot be filled.
    """
    candidates = bank_candidates(round_.contest)
    _cells, groups, allotment = _allotment(round_, candidates)
    if allotment.shortages:
        raise PoolShort(round_.public_id)
    items = [
        PoolItem(
            round_id=round_.id,
            part=place[0],
            cell=place[1],
            version_id=c.version_id,
            question_id=c.question_id,
            topic=c.topic,
            level=c.level,
            type=c.type,
        )
        for c, place in zip(candidates, allotment.places, strict=True)
        if place is not None
    ]
    db.session.add_all(items)
    for part, windows in enumerate(groups):
        for window in windows:
            window.pool_part = part
    db.session.flush()
    return len(items)


def thaw_pool(round_: Round) -> None:
    """Forget the frozen pool of a round in which nobody could sit yet."""
    db.session.execute(delete(PoolItem).where(PoolItem.round_id == round_.id))
    for window in round_.windows:
        window.pool_part = None


def count_pool(round_: Round) -> int:
    """How many questions the frozen pool holds."""
    return db.session.scalar(select(func.count()).where(PoolItem.round_id == round_.id)) or 0


def part_of_pool(connection: Connection, round_id: int, part: int, revision: int) -> list[PoolQuestion]:
    """The questions of one part of a frozen pool, with the corrections and voids of the revisions up to ``revision``."""
    c = table_of(PoolItem).c
    items = connection.execute(
        select(c.id, c.version_id, c.cell).where(c.round_id == round_id, c.part == part).order_by(c.id)
    ).all()
    void, corrected = revisions_of(connection, round_id, revision)
    shown = {item: corrected.get(item, version) for item, version, _cell in items}
    texts = wordings.get(connection, list(shown.values()))
    return [pool_question(item, texts[shown[item]], cell, item in void) for item, _version, cell in items]


def revisions_of(connection: Connection, round_id: int, revision: int) -> tuple[frozenset[int], dict[int, int]]:
    """The pool items that are void, and the version that corrects an item, after the confirmed revisions up to ``revision``."""
    rows = connection.execute(
        select(PoolRevision.item_id, PoolRevision.kind, PoolRevision.version_id)
        .where(PoolRevision.round_id == round_id, PoolRevision.number <= revision)
        .order_by(PoolRevision.number)
    ).all()
    void = frozenset(item for item, kind, _version in rows if kind == "void")
    return void, {item: version for item, kind, version in rows if kind == "correction" and version is not None}


def coming_part(round_: Round, part: int) -> list[PoolQuestion]:
    """What one part of the pool would hold were the round opened now, numbered from 1 (they have no pool items yet).

    Raises PoolShort when a cell cannot be filled.
    """
    candidates = bank_candidates(round_.contest)
    _cells, _groups, allotment = _allotment(round_, candidates)
    if allotment.shortages:
        raise PoolShort(round_.public_id)
    places = zip(candidates, allotment.places, strict=True)
    held = [(c.version_id, place[1]) for c, place in places if place is not None and place[0] == part]
    texts = wordings.get(db.session.connection(), [version for version, _cell in held])
    return [pool_question(n, texts[version], cell, False) for n, (version, cell) in enumerate(held, 1)]


def pool_units(round_: Round) -> list[str]:
    """The paths of the units whose banks the round's questions are from: its frozen pool's, else what it may draw from."""
    if round_.state == "draft":
        units = [int(part) for part in round_.contest.bank_unit.path.strip("/").split("/")]
        asked = select(Question.unit_id).where(
            Question.unit_id.in_(units), Question.approved_version_id.is_not(None), Question.state != "retired"
        )
    else:
        asked = select(Question.unit_id).join(PoolItem, PoolItem.question_id == Question.id)
        asked = asked.where(PoolItem.round_id == round_.id)
    return list(db.session.scalars(select(Unit.path).where(Unit.id.in_(asked)).order_by(Unit.path)))


def pool_question(item: int, wording: Wording, cell: int, void: bool = False) -> PoolQuestion:
    """A question as papers are drawn from: pool item ``item`` of ``cell``."""
    kind = type_of(wording.type)
    movable = kind.movable(wording.data, wording.stem)
    fixed = [i for i in range(len(kind.options(wording.data))) if i not in movable]
    return PoolQuestion(item, wording.id, cell, tuple(movable), tuple(fixed), void, kind.always_drawn)
