"""An import as pages: the file's lines in their order, each question beside its own lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, func, select

from core.database import db
from core.web.tables import Page
from questions.bank.importing import findings, service
from questions.bank.importing.models import (
    QuestionImport,
    QuestionImportItem,
    QuestionImportLine,
    QuestionImportProblem,
)

Item = QuestionImportItem

#: Lines on a page of a file in which no question was found.
LINES_A_PAGE = 150


@dataclass(frozen=True)
class View:
    """One tab over the questions of an import: its name in addresses, what it is called, which questions it shows."""

    key: str
    label: Any
    condition: ColumnElement[bool] | None


def _undecided(standings: Sequence[str]) -> ColumnElement[bool]:
    return and_(Item.standing.in_(standings), Item.decision == "", Item.question_id.is_(None))


VIEWS: dict[str, View] = {
    view.key: view
    for view in (
        View("tat-ca", _l("Cả tệp"), None),
        View("can-xem", _l("Cần xem"), _undecided([findings.DOUBTFUL])),
        View("thieu", _l("Chưa nhập được"), _undecided([findings.KEYLESS, findings.UNUSABLE])),
        View(
            "giong",
            _l("Giống câu đã có"),
            and_(Item.similar_id.is_not(None), Item.standing != findings.EXISTING, Item.question_id.is_(None)),
        ),
        View("da-co", _l("Đã có"), and_(Item.standing == findings.EXISTING, Item.question_id.is_(None))),
        View("chua-hieu", _l("Chưa hiểu"), None),
        View("bo-qua", _l("Bỏ qua"), Item.decision == findings.SKIPPED),
        View("da-nhap", _l("Đã nhập"), Item.question_id.is_not(None)),
    )
}
WHOLE, PROBLEMS = "tat-ca", "chua-hieu"


@dataclass
class Block:
    """Some lines of the file that belong together, and what was understood of them.

    ``item`` is the question that begins here; ``goes_on`` the position of one that began before.
    """

    lines: list[QuestionImportLine] = field(default_factory=list)
    item: QuestionImportItem | None = None
    goes_on: int | None = None
    problems: list[QuestionImportProblem] = field(default_factory=list)

    def tone(self, line: QuestionImportLine) -> str:
        """The class of the design in which ``line`` is shown."""
        if line.kind == "problem":
            return "source-danger" if any(not p.seen for p in self.problems) or not self.problems else "source-quiet"
        if self.item is None:
            return "" if self.goes_on is not None else "source-quiet"
        if self.item.question_id is not None:
            return ""
        if self.item.decision == findings.SKIPPED or self.item.standing == findings.EXISTING:
            return "source-quiet"
        if self.item.standing in {findings.KEYLESS, findings.UNUSABLE}:
            return "source-danger"
        undecided = self.item.standing == findings.DOUBTFUL and not self.item.decision
        return "source-warn" if undecided else ""


def page_of(batch: QuestionImport, view: View, number: int, size: int) -> Page[Block]:
    """The blocks on page ``number`` of a tab; the paging counts questions (lines where there are none)."""
    if view.key == PROBLEMS:
        return _problem_page(batch, number, size)
    condition = Item.batch_id == batch.id
    if view.condition is not None:
        condition = and_(condition, view.condition)
    total = db.session.scalar(select(func.count()).select_from(Item).where(condition)) or 0
    if view.key == WHOLE and not total:
        return _line_page(batch, number)
    number = min(number, max(1, -(-total // size)))
    chosen = select(Item).where(condition).order_by(Item.position)
    items = list(db.session.scalars(chosen.limit(size).offset((number - 1) * size)))
    if view.key != WHOLE:
        return Page(_apart(batch, items), total, number, size)
    first = 1 if number == 1 else items[0].first_line
    following = db.session.scalars(chosen.limit(1).offset(number * size)).first()
    last = following.first_line - 1 if following is not None else None
    lines = service.lines_between(batch, first, last)
    return Page(_together(batch, items, lines), total, number, size)


def position_page(batch: QuestionImport, position: int, size: int) -> int:
    """The page of the whole file on which the question at ``position`` stands."""
    return max(1, -(-position // size))


def _together(batch: QuestionImport, items: Sequence[QuestionImportItem], lines: Sequence[QuestionImportLine]) -> list[Block]:
    """Every line once, in the order of the file; a question stands at the first of its lines."""
    waiting = {item.position: item for item in items}
    problems = _problems_on(batch, lines)
    blocks: list[Block] = []
    for line in lines:
        kept = line.item if line.item is not None else None
        last = blocks[-1] if blocks else None
        owner = (last.item.position if last.item else last.goes_on) if last else None
        starts = last is None or owner != kept or line.number in problems
        if starts or (last is not None and last.problems):
            item = waiting.pop(kept, None) if kept is not None else None
            last = Block(item=item, goes_on=kept if item is None else None)
            blocks.append(last)
        assert last is not None
        last.lines.append(line)
        last.problems += problems.get(line.number, [])
    # Questions none of whose lines are on this page (a reader that names no lines) must not be lost.
    blocks += [Block(item=item) for item in waiting.values()]
    return blocks


def _apart(batch: QuestionImport, items: Sequence[QuestionImportItem]) -> list[Block]:
    """Each question with its own lines only."""
    lines = db.session.scalars(
        select(QuestionImportLine)
        .where(QuestionImportLine.batch_id == batch.id, QuestionImportLine.item.in_([item.position for item in items]))
        .order_by(QuestionImportLine.number)
    ).all()
    return [Block([line for line in lines if line.item == item.position], item) for item in items]


def _problems_on(batch: QuestionImport, lines: Sequence[QuestionImportLine]) -> dict[int, list[QuestionImportProblem]]:
    if not lines:
        return {}
    found: dict[int, list[QuestionImportProblem]] = {}
    statement = select(QuestionImportProblem).where(
        QuestionImportProblem.batch_id == batch.id,
        QuestionImportProblem.line.between(lines[0].number, lines[-1].number),
    )
    for problem in db.session.scalars(statement.order_by(QuestionImportProblem.id)):
        found.setdefault(problem.line, []).append(problem)
    return found


def _problem_page(batch: QuestionImport, number: int, size: int) -> Page[Block]:
    chosen = select(QuestionImportProblem).where(QuestionImportProblem.batch_id == batch.id)
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    number = min(number, max(1, -(-total // size)))
    ordered = chosen.order_by(QuestionImportProblem.line, QuestionImportProblem.id)
    problems = db.session.scalars(ordered.limit(size).offset((number - 1) * size)).all()
    blocks = []
    for problem in problems:
        around = service.lines_between(batch, problem.line - 1, problem.line + 1) if problem.line else []
        blocks.append(Block(list(around), problems=[problem]))
    return Page(blocks, total, number, size)


def _line_page(batch: QuestionImport, number: int) -> Page[Block]:
    """A file without any question, by its lines."""
    statement = select(func.count()).select_from(QuestionImportLine).where(QuestionImportLine.batch_id == batch.id)
    total = db.session.scalar(statement) or 0
    number = min(number, max(1, -(-total // LINES_A_PAGE)))
    first = (number - 1) * LINES_A_PAGE + 1
    lines = service.lines_between(batch, first, first + LINES_A_PAGE - 1)
    return Page(_together(batch, [], lines), total, number, LINES_A_PAGE)
