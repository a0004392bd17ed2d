"""The forms of a set as papers that can be printed: the questions in their order, the options in one order a form."""

from __future__ import annotations

from contest.papers.drawing import DrawnItem, PreparedPool, draw
from contest.papers.making.models import FormSet
from contest.papers.pool import pool_question
from contest.papers.sheets import wordings
from contest.rounds.service import round_rules
from core.database import db
from core.database.keys import key


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
        questions = tuple(pool_question(0, texts[version], 0) for version in versions)
        items = draw(
            PreparedPool((), (questions,)), key("paper"), form_set.public_id, f"form|{form.code}",
            shuffle_questions=False, shuffle_options=shuffle,
        )  # fmt: skip
        found.append((form.code, items))
    return found
