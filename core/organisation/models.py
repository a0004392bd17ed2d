"""Tables of units. "District" is a level in the tree, never a column, and branches differ in depth."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Model, public_id, sort_key_column


class Unit(Model):
    """A Party organisation: a cell, or a committee over others.

    ``path`` holds the ids from the root down ("/1/5/33/"), itself last; a subtree is every path that begins with it.
    ``level`` is a key of ``levels``. ``name`` is in canonical spelling; ``folded`` and ``sort_key`` come from it.
    ``eligible`` is how many of its members may take part (None: not told).
    """

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(String(255), index=True, default="")
    depth: Mapped[int] = mapped_column(default=0)
    level: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(200), index=True)
    sort_key: Mapped[str] = mapped_column(sort_key_column(800))
    full_name: Mapped[str] = mapped_column(String(600), comment="names from the top, joined by ' / '")
    eligible: Mapped[int | None] = mapped_column()
    valid_from: Mapped[date | None] = mapped_column()
    valid_until: Mapped[date | None] = mapped_column(comment="the first day on which it no longer exists")
    import_batch_id: Mapped[int | None] = mapped_column(index=True)
    visible: Mapped[bool] = mapped_column(default=True, comment="false while an import is not complete")

    parent: Mapped[Unit | None] = relationship(remote_side=[id], lazy="joined", join_depth=1)

    __table_args__ = (Index("ix_unit_parent_folded", "parent_id", "folded"),)


class UnitAlias(Model):
    """Another name by which lists call a unit (an older name, an abbreviation)."""

    __tablename__ = "unit_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(200), index=True)


class UnitLineage(Model):
    """One unit came, wholly or in part, out of another when the organisation was re-drawn: many to many."""

    __tablename__ = "unit_lineage"

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    on_day: Mapped[date] = mapped_column()
    note: Mapped[str] = mapped_column(String(300), default="")
