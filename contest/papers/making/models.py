"""Tables of sets of forms: what was asked for, what came of it, and the forms with their question versions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.rounds.models import Round
from core.accounts.models import Account
from core.database import ExactDecimal, JsonText, Model, UtcDateTime, public_id
from questions.bank.models import QuestionVersion


class FormSet(Model):
    """A set of forms (bộ đề) made for a round; ``number`` counts within the round.

    ``kind``: fixed (one form), parallel. ``state``: asked (a job works on it), made (may be changed by hand), impossible,
    failed, confirmed (never changed again), discarded (``state_before`` is what it was). ``blueprint`` holds the cells asked
    for, ``wanted`` the further wishes (``asking.Wish``), ``enemies`` groups of question ids of which a form holds one at
    most, ``outcome`` what the assembly said, ``changes`` what was changed by hand, oldest first. ``in_use``: the round's
    papers are its forms; one set of a round at most.
    """

    __tablename__ = "form_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="asked")
    state_before: Mapped[str] = mapped_column(String(16), default="")
    blueprint: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    wanted: Mapped[dict[str, Any]] = mapped_column(JsonText)
    seed: Mapped[str] = mapped_column(String(32))
    enemies: Mapped[list[list[int]]] = mapped_column(JsonText, default=list)
    outcome: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default=list)
    in_use: Mapped[bool] = mapped_column(default=False)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    round: Mapped[Round] = relationship()
    asked_by: Mapped[Account | None] = relationship(foreign_keys=[asked_by_id])
    confirmed_by: Mapped[Account | None] = relationship(foreign_keys=[confirmed_by_id])
    forms: Mapped[list[PaperForm]] = relationship(
        back_populates="set", order_by="PaperForm.code", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (UniqueConstraint("round_id", "number"),)


class PaperForm(Model):
    """A form; ``code`` is its mã đề. ``pool_part``: the part of the frozen pool whose sittings draw it (None: not frozen)."""

    __tablename__ = "paper_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    set_id: Mapped[int] = mapped_column(ForeignKey("form_set.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(8))
    pool_part: Mapped[int | None] = mapped_column()

    set: Mapped[FormSet] = relationship(back_populates="forms")
    places: Mapped[list[FormPlace]] = relationship(
        back_populates="form", order_by="FormPlace.number", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (UniqueConstraint("set_id", "code"),)


class FormPlace(Model):
    """Place ``number`` (from 1) of a form and the question version that stands there, for cell ``cell`` of the blueprint.

    ``difficulty`` is the expected share of right answers (0 to 1) and ``exposure`` how often the question was used of late,
    both as they were when the question came to stand here.
    """

    __tablename__ = "form_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("paper_form.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    cell: Mapped[int] = mapped_column()
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    difficulty: Mapped[Decimal] = mapped_column(ExactDecimal)
    exposure: Mapped[int] = mapped_column(default=0)

    form: Mapped[PaperForm] = relationship(back_populates="places")
    version: Mapped[QuestionVersion] = relationship()

    __table_args__ = (UniqueConstraint("form_id", "number"),)
