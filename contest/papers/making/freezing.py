"""Freezing a round's forms into its pool, and reading them back for drawing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from contest.papers.drawing import PreparedPool, prepare_pool
from contest.papers.making.models import FormPlace, FormSet, PaperForm
from contest.papers.making.service import part_of_form
from contest.papers.models import PoolItem
from contest.papers.pool import cells_of, part_of_pool
from contest.rounds.models import Round
from contest.rounds.service import same_hours
from contest.rules.document import RoundRules
from core.database import db, table_of


def freeze_forms(round_: Round, form_set: FormSet) -> int:
    """Copy the questions of the set's forms into the round's pool, the forms dealt out to its parts; returns how many
    questions. The set has been found fit before."""
    groups = same_hours(round_.windows)
    parts = max(1, len(groups))
    items: dict[int, PoolItem] = {}
    for index, form in enumerate(form_set.forms):
        form.pool_part = part_of_form(index, parts)
        for place in form.places:
            version = place.version
            items.setdefault(
                place.question_id,
                PoolItem(
                    round_id=round_.id,
                    part=form.pool_part,
                    cell=place.cell,
                    version_id=place.version_id,
                    question_id=place.question_id,
                    topic=version.topic.name if version.topic else "",
                    level=version.level,
                    type=version.type,
                ),
            )
    db.session.add_all(items.values())
    for part, windows in enumerate(groups):
        for window in windows:
            window.pool_part = part
    db.session.flush()
    return len(items)


def thaw_forms(round_: Round) -> None:
    """The forms of a round that goes back to preparation belong to no part of a pool."""
    sets = select(FormSet.id).where(FormSet.round_id == round_.id)
    db.session.execute(update(PaperForm).where(PaperForm.set_id.in_(sets)).values(pool_part=None))


def forms_of_part(connection: Connection, round_id: int, part: int) -> list[list[int]]:
    """The forms that sittings of one part of the pool draw: each the ids of its pool items, in order. None: an empty list."""
    form_set, form, place, item = (table_of(model).c for model in (FormSet, PaperForm, FormPlace, PoolItem))
    rows = connection.execute(
        select(form.id, item.id)
        .select_from(
            table_of(FormSet)
            .join(table_of(PaperForm), form.set_id == form_set.id)
            .join(table_of(FormPlace), place.form_id == form.id)
            .join(table_of(PoolItem), (item.round_id == form_set.round_id) & (item.question_id == place.question_id))
        )
        .where(form_set.round_id == round_id, form_set.in_use, form.pool_part == part)
        .order_by(form.code, place.number)
    )
    forms: dict[int, list[int]] = {}
    for form_id, item_id in rows:
        forms.setdefault(form_id, []).append(item_id)
    return list(forms.values())


def prepared_part(connection: Connection, round_id: int, part: int, revision: int, rules: RoundRules) -> PreparedPool:
    """A part of a frozen pool ready for drawing: its forms where the round has such, else its questions by cell."""
    questions = part_of_pool(connection, round_id, part, revision)
    forms: Sequence[Sequence[int]] = forms_of_part(connection, round_id, part)
    if not forms:
        return prepare_pool(questions, [cell.count for cell in cells_of(rules)])
    by_item = {question.item_id: question for question in questions}
    return PreparedPool((), tuple(tuple(by_item[item] for item in form) for form in forms))
