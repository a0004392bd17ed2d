"""Sets of forms through their life: found, confirmed, discarded, taken back, chosen for a round's sittings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from flask import abort
from flask_babel import gettext as _
from sqlalchemy import func, select

from contest.papers.allotment import Cell
from contest.papers.making.models import FormPlace, FormSet, PaperForm
from contest.papers.pool import cells_of
from contest.rounds.models import Round
from contest.rounds.service import RoundFrozen, round_rules, same_hours
from core.access import current_actor
from core.audit import record
from core.audit.canonical import sha256_hex
from core.database import db
from core.database.server_time import now
from questions.bank.models import Question


class SetFrozen(Exception):
    """The set is not one that may still be changed: it is confirmed, discarded, or not made yet."""


class Unfit(Exception):
    """The set cannot give the round its papers; ``reasons`` say why, for people."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)


def sets_of(round_: Round) -> list[FormSet]:
    """The round's sets, newest first."""
    statement = select(FormSet).where(FormSet.round_id == round_.id).order_by(FormSet.number.desc())
    return list(db.session.scalars(statement))


def set_or_404(public_id: str) -> FormSet:
    """The set with this public id; answers 404 for none."""
    return db.session.scalar(select(FormSet).where(FormSet.public_id == public_id)) or abort(404)


def form_or_404(public_id: str) -> PaperForm:
    """The form with this public id; answers 404 for none."""
    return db.session.scalar(select(PaperForm).where(PaperForm.public_id == public_id)) or abort(404)


def next_number(round_: Round) -> int:
    """The number of the round's next set."""
    return (db.session.scalar(select(func.max(FormSet.number)).where(FormSet.round_id == round_.id)) or 0) + 1


def set_in_use(round_: Round) -> FormSet | None:
    """The set whose forms are the round's papers; None: papers are drawn for each contestant."""
    return db.session.scalar(select(FormSet).where(FormSet.round_id == round_.id, FormSet.in_use))


def cells_asked(form_set: FormSet) -> list[Cell]:
    """The blueprint that the set was asked to fill."""
    return [Cell(c["topic"], c["level"], c["type"], c["count"]) for c in form_set.blueprint]


def subject(form_set: FormSet) -> str:
    """What the audit chain calls the set."""
    return f"form_set:{form_set.public_id}"


def require_made(form_set: FormSet) -> None:
    """Raises SetFrozen unless the set may be changed."""
    if form_set.state != "made":
        raise SetFrozen(form_set.public_id)


def confirm(form_set: FormSet) -> None:
    """From here on the forms never change. Raises SetFrozen."""
    require_made(form_set)
    form_set.state = "confirmed"
    form_set.confirmed_by_id = current_actor().account_id
    form_set.confirmed_at = now()
    record("papers.confirmed", subject(form_set), {"forms": len(form_set.forms), "digest": digest(form_set)})


def digest(form_set: FormSet) -> str:
    """SHA-256 of the forms' codes and question versions in order: shows later that nothing was changed."""
    return sha256_hex([[form.code, [place.version.public_id for place in form.places]] for form in form_set.forms])


def discard(form_set: FormSet) -> None:
    """Put the set away; it can be taken back. Raises SetFrozen for one in use or one that a job works on."""
    if form_set.in_use or form_set.state in ("asked", "discarded"):
        raise SetFrozen(form_set.public_id)
    form_set.state_before, form_set.state = form_set.state, "discarded"
    record("papers.discarded", subject(form_set), {"number": form_set.number})


def restore(form_set: FormSet) -> None:
    """Take a discarded set back as it was. Raises SetFrozen for any other."""
    if form_set.state != "discarded":
        raise SetFrozen(form_set.public_id)
    form_set.state, form_set.state_before = form_set.state_before, ""
    record("papers.restored", subject(form_set), {"number": form_set.number})


def choose(round_: Round, form_set: FormSet | None) -> None:
    """Say where the round's papers come from: ``form_set``, or (None) a draw for each contestant.

    Raises RoundFrozen once the round is open, Unfit where the set cannot serve.
    """
    if round_.state != "draft":
        raise RoundFrozen(round_.public_id)
    if form_set is not None:
        reasons = unfit_for(form_set)
        if reasons:
            raise Unfit(reasons)
    before = set_in_use(round_)
    if before is not None:
        before.in_use = False
        db.session.flush()
    if form_set is not None:
        form_set.in_use = True
    db.session.flush()
    record("papers.chosen", f"round:{round_.public_id}", {"set": form_set.public_id if form_set else ""})


def unfit_for(form_set: FormSet) -> list[str]:
    """Why the set cannot give its round's sittings their papers now; empty: it can."""
    round_, reasons = form_set.round, []
    if form_set.state != "confirmed":
        return [_("Bộ đề số %(number)s chưa được chốt.", number=form_set.number)]
    if cells_asked(form_set) != cells_of(round_rules(round_)):
        reasons.append(_("Ma trận của bộ đề khác ma trận trong nội dung thi của vòng, nên bộ này chỉ để in."))
    stale = _no_longer_approved(form_set)
    if stale:
        reasons.append(_("%(count)s câu của bộ đề đã được sửa hoặc thôi dùng sau khi chốt. Xin ghép bộ khác.", count=stale))
    parts = max(1, len(same_hours(round_.windows)))
    if parts > len(form_set.forms):
        reasons.append(
            _(
                "Vòng thi có %(parts)s nhóm ca khác giờ, các nhóm không được thi chung đề, mà bộ đề chỉ có %(forms)s mã đề.",
                parts=parts, forms=len(form_set.forms),
            )
        )
    elif _shared_between_parts(form_set, parts):
        reasons.append(_("Các ca khác giờ không được chung câu hỏi. Xin ghép bộ đề không có câu chung."))
    return reasons


def part_of_form(index: int, parts: int) -> int:
    """Forms are dealt out to the parts of the pool in turn."""
    return index % parts


def questions_of(form: PaperForm) -> set[int]:
    """The ids of the form's questions."""
    return {place.question_id for place in form.places}


def _shared_between_parts(form_set: FormSet, parts: int) -> bool:
    return any(
        part_of_form(a, parts) != part_of_form(b, parts) and questions_of(one) & questions_of(other)
        for (a, one), (b, other) in combinations(enumerate(form_set.forms), 2)
    )


def _no_longer_approved(form_set: FormSet) -> int:
    statement = (
        select(func.count(FormPlace.question_id.distinct()))
        .join(PaperForm, PaperForm.id == FormPlace.form_id)
        .join(Question, Question.id == FormPlace.question_id)
        .where(
            PaperForm.set_id == form_set.id,
            (Question.state == "retired")
            | Question.approved_version_id.is_(None)
            | (Question.approved_version_id != FormPlace.version_id),
        )
    )
    return db.session.scalar(statement) or 0
