"""Tables of statistics: what each occasion (a round) said about its papers and about each question version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import JsonText, Model, UtcDateTime, public_id
from questions.bank.models import QuestionVersion


class Analysis(Model):
    """The statistics of one occasion. ``occasion`` names it for the room that asked ("round:<public id>"): questions do not
    know what a round is; ``title`` is what people call it and ``held_at`` when it was over.

    ``state``: preparing (seen by nobody), current (one an occasion), replaced, discarded (both are swept away). ``source``
    is another text as soon as what was analysed counts differently. Papers: ``people``, ``items`` in the pool, ``per_paper``
    the mean number of questions on a paper; ``mean``, ``sd`` and ``sem`` in right answers. ``details``: "totals"
    [[right answers, people]…], "void" and "left_out" counts.
    """

    __tablename__ = "question_analysis"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    occasion: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(330))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16), default="preparing")
    source: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    people: Mapped[int] = mapped_column()
    items: Mapped[int] = mapped_column()
    per_paper: Mapped[float] = mapped_column()
    mean: Mapped[float | None] = mapped_column()
    sd: Mapped[float | None] = mapped_column()
    alpha: Mapped[float | None] = mapped_column()
    sem: Mapped[float | None] = mapped_column()
    details: Mapped[dict[str, Any]] = mapped_column(JsonText)

    __table_args__ = (Index("ix_question_analysis_occasion_state", "occasion", "state"),)


class ItemStatistic(Model):
    """One question version in one analysis; figures as docs/thong-ke.md defines them, None where not defined.

    ``position`` is its number in the analysis. ``held`` had it on their paper, ``n`` reached it, ``omitted`` of those left it
    empty. ``seconds`` is the median from its first display to the first answer, over ``timed`` people. ``flags`` are codes,
    worst first, each with spaces around (" too_easy too_few_people "); ``urgency`` orders by the worst flag (0: none).
    ``options``: [{"name", "chosen", "share", "mean_rest", "key", "stronger"}…] in the order in which they were written.
    """

    __tablename__ = "item_statistic"

    analysis_id: Mapped[int] = mapped_column(ForeignKey("question_analysis.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column()
    held: Mapped[int] = mapped_column()
    n: Mapped[int] = mapped_column()
    omitted: Mapped[int] = mapped_column()
    difficulty: Mapped[float | None] = mapped_column()
    discrimination: Mapped[float | None] = mapped_column()
    upper_lower: Mapped[float | None] = mapped_column()
    a: Mapped[float | None] = mapped_column()
    b: Mapped[float | None] = mapped_column()
    seconds: Mapped[float | None] = mapped_column()
    timed: Mapped[int] = mapped_column(default=0)
    flags: Mapped[str] = mapped_column(String(300), default="")
    urgency: Mapped[int] = mapped_column(default=0)
    options: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)

    analysis: Mapped[Analysis] = relationship()
    version: Mapped[QuestionVersion] = relationship()

    __table_args__ = (UniqueConstraint("analysis_id", "position"),)
