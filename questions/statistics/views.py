"""What a question has shown on every occasion: its own page, for those who may see its key."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from core.access import Action, permits
from questions.bank.views.blueprint import blueprint, question_or_404
from questions.statistics.stored import flags_in, history_of
from questions.statistics.wording import FLAG_WORDS, show_figure, show_share
from questions.types.registry import type_of


@blueprint.get("/<public_id>/thong-ke")
@permits(Action.QUESTION_VIEW)
def statistics(public_id: str) -> ResponseReturnValue:
    """Figures by occasion, the latest first, each with who chose which option."""
    question = question_or_404(public_id, Action.QUESTION_VIEW)
    history = history_of(question.id)
    texts = {row.version_id: type_of(row.version.type).options(row.version.data) for row in history}
    return render_template(
        "questions/statistics.html",
        question=question,
        version=question.current_version,
        history=history,
        texts=texts,
        flags_in=flags_in,
        flag_words=FLAG_WORDS,
        figure=show_figure,
        share=show_share,
    )
