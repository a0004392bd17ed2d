"""The forms of a set as papers that can be printed: the questions in their order, the options in one order a form."""

from __future__ import annotations

from contest.papers.drawing import DrawnItem, PoolQuestion, PreparedPool, draw
from contest.papers.making.models import FormSet
from contest.papers.sheets import Wording, wordings
from contest.rounds.service import round_rules
from core.database import db
from core.database.keys import key
from questions.types.registry import type_of


def drawn_forms(form_set: FormSet) -> list[tuple[str, list[DrawnItem]]]:
    """Each form's code and its questions as ``drawing`` gives them (``item_id`` is 0: they stand in no pool).

    Questions keep the form's order; options are in an order of the form's own where the round shuffles options, always the
    same one, so that a paper can be printed again.
    """
    shuffle = any(quiz.shuffle_options for quiz in round_rules(form_set.round).quizzes)
    found = []
    for form in form_set.forms:
        versions = [place.version_id for place in form.places]
        texts = wordings.get(db.session.connection(), versions)
        questions = tuple(_question(texts[version]) for version in versions)
        items = draw(
            PreparedPool((), (questions,)), key("paper"), form_set.public_id, f"form|{form.code}",
            shuffle_questions=False, shuffle_options=shuffle,
        )  # fmt: skip
        found.append((form.code, items))
    return found


def _question(wording: Wording) -> PoolQuestion:
    kind = type_of(wording.type)
    movable = kind.movable(wording.data, wording.stem)
    fixed = [i for i in range(len(kind.options(wording.data))) if i not in movable]
    return PoolQuestion(0, wording.id, 0, tuple(movable), tuple(fixed))
