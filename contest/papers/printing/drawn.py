"""From a round to a paper that can be printed: its forms are drawn like a sitting's paper, from the same part of the pool.

The same seed gives the same forms as long as the pool stays (a frozen one does): a lost file can be made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from contest.papers.allotment import Cell
from contest.papers.drawing import DrawnItem, PoolQuestion, draw, prepare_pool
from contest.papers.making.drawn import drawn_forms
from contest.papers.making.models import FormPlace, FormSet, PaperForm
from contest.papers.making.service import cells_asked
from contest.papers.pool import cells_of, coming_part, part_of_pool, pool_units
from contest.papers.printing.model import PrintedForm, PrintedPaper, form_of
from contest.papers.sheets import wordings
from contest.rounds.models import Round
from contest.rounds.service import round_rules
from core.access import Action, Actor
from core.database import db
from core.database.keys import key
from core.organisation.models import Unit
from questions.bank.models import Question
from questions.types.registry import type_of

SAME, OWN = "same", "own"
#: Forms of one printing, and the highest code.
MOST_FORMS, LAST_CODE = 12, 9999


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be printed: ``forms`` forms with codes from ``first_code`` on, out of ``part`` of the pool.

    ``questions``: SAME gives every form the same questions in orders of its own, OWN draws each form by itself.
    Where ``form_set`` names a set of forms, it is these that are printed, with their own codes. ``layout``: columns, 1 or 2;
    ``format``: "pdf" or "docx".
    """

    seed: str
    forms: int = 1
    first_code: int = 101
    questions: str = SAME
    part: int = 0
    columns: int = 2
    format: str = "pdf"
    sheets: bool = True
    keys: bool = True
    form_set: str = ""

    def to_plain(self) -> dict[str, Any]:
        """As it travels with a job."""
        return asdict(self)


def may_print(actor: Actor, round_: Round, form_set: str = "") -> bool:
    """True when ``actor`` may see every question that papers of the round, and the forms of ``form_set`` (a public id), can
    hold: they set or review for the round's unit, and for each unit whose bank is drawn from."""
    paths = [round_.contest.unit.path, *pool_units(round_)]
    if form_set:
        placed = (
            select(Unit.path)
            .join(Question, Question.unit_id == Unit.id)
            .join(FormPlace, FormPlace.question_id == Question.id)
            .join(PaperForm, PaperForm.id == FormPlace.form_id)
            .join(FormSet, FormSet.id == PaperForm.set_id)
        )
        paths += db.session.scalars(placed.where(FormSet.public_id == form_set).distinct())
    return all(actor.may(Action.QUESTION_VIEW, path) for path in paths)


def paper_of(round_: Round, order: Order) -> PrintedPaper:
    """The paper in its forms. Raises PoolShort, PoolTooSmall where the bank or pool cannot fill it."""
    rules = round_rules(round_)
    cells, forms = _forms(round_, order)
    points = rules.full_points if cells == cells_of(rules) else None
    return PrintedPaper(
        committee=round_.contest.unit.name,
        contest=round_.contest.name,
        round=round_.name,
        minutes=rules.minutes,
        points=f"{points.normalize():f}".replace(".", ",") if points else "",
        note=rules.instructions,
        forms=tuple(_form(code, items) for code, items in forms),
    )


def _forms(round_: Round, order: Order) -> tuple[list[Cell], list[tuple[str, list[DrawnItem]]]]:
    """The blueprint that the forms fill, and each form's code and questions."""
    if order.form_set:
        form_set = db.session.scalars(
            select(FormSet).where(FormSet.public_id == order.form_set, FormSet.round_id == round_.id)
        ).one()
        return cells_asked(form_set), drawn_forms(form_set)
    drawn = _drawn(round_, order)
    return cells_of(round_rules(round_)), [(str(order.first_code + place), items) for place, items in enumerate(drawn)]


def _drawn(round_: Round, order: Order) -> list[list[DrawnItem]]:
    rules = round_rules(round_)
    counts = [cell.count for cell in cells_of(rules)]
    held = _held(round_, order.part)
    paper_key, quiz = key("paper"), rules.quizzes[0]

    def drawn(questions: Sequence[PoolQuestion], name: str) -> list[DrawnItem]:
        return draw(
            prepare_pool(questions, counts),
            paper_key,
            round_.public_id,
            f"print|{order.seed}|{name}",
            shuffle_questions=quiz.shuffle_questions or (order.questions == SAME and order.forms > 1),
            shuffle_options=quiz.shuffle_options,
        )

    if order.questions == SAME:
        chosen = {item.item_id for item in drawn(held, "")}
        held = [question for question in held if question.item_id in chosen]
    return [drawn(held, str(order.first_code + place)) for place in range(order.forms)]


def _held(round_: Round, part: int) -> list[PoolQuestion]:
    if round_.state == "draft":
        return coming_part(round_, part)
    return part_of_pool(db.session.connection(), round_.id, part, round_.pool_revision)


def _form(code: str, items: Sequence[DrawnItem]) -> PrintedForm:
    texts = wordings.get(db.session.connection(), [item.version_id for item in items])
    asked = []
    for item in items:
        one = texts[item.version_id]
        asked.append((type_of(one.type).printed(one.data, item.order, one.stem), one.explanation, one.source))
    return form_of(code, asked)
