"""A whole city at once: presence apart from the sitting, epochs dated, pauses, extra time, control, steps of the wall clock.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # An anchor says more now: the old ones go, and the next process takes one anew.
    op.drop_table("clock_anchor")
    op.create_table(
        "clock_anchor",
        sa.Column("boot_id", sa.String(length=64), nullable=False),
        sa.Column("boot_nanoseconds", sa.BigInteger(), nullable=False),
        sa.Column("wall", sa.BigInteger(), nullable=False),
        sa.Column(
            "wall_ahead",
            sa.BigInteger(),
            nullable=False,
            comment="microseconds: the wall clock less the server's time, as last recorded",
        ),
        sa.Column(
            "seen_at", sa.BigInteger(), nullable=False, comment="the server's time when this boot was last heard of"
        ),
        sa.Column(
            "ahead_of_database",
            sa.BigInteger(),
            nullable=True,
            comment="microseconds: the server's time less the clock of the database's machine (PostgreSQL)",
        ),
        sa.PrimaryKeyConstraint("boot_id", name=op.f("pk_clock_anchor")),
        comment="one row a boot of a machine",
    )
    op.create_table(
        "clock_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("boot_id", sa.String(length=64), nullable=False),
        sa.Column("noticed_at", sa.BigInteger(), nullable=False, comment="by the server's own time"),
        sa.Column("by_microseconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_step")),
    )
    op.create_table(
        "window_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["window_id"], ["window.id"], name=op.f("fk_window_pause_window_id_window")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_window_pause")),
    )
    op.create_index(op.f("ix_window_pause_window_id"), "window_pause", ["window_id"], unique=False)
    op.create_table(
        "extra_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("grant_key", sa.String(length=16), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_extra_time_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_time")),
        sa.UniqueConstraint("grant_key", "sitting_id", name=op.f("uq_extra_time_grant_key_sitting_id")),
    )
    op.create_index(op.f("ix_extra_time_sitting_id"), "extra_time", ["sitting_id"], unique=False)
    op.create_table(
        "sitting_control",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=True),
        sa.Column("window_id", sa.Integer(), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_sitting_control_round_id_round")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_control_sitting_id_sitting")),
        sa.ForeignKeyConstraint(["window_id"], ["window.id"], name=op.f("fk_sitting_control_window_id_window")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_control")),
    )
    op.create_table(
        "sitting_epoch",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_epoch_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("sitting_id", "epoch", name=op.f("pk_sitting_epoch")),
    )
    op.create_table(
        "sitting_presence",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_presence_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_sitting_presence")),
    )
    op.add_column(
        "window",
        sa.Column(
            "paused_at", sa.BigInteger(), nullable=True, comment="since when the organiser has paused it; None while it runs"
        ),
    )
    op.add_column("result", sa.Column("receipt", sa.String(length=24), nullable=True))

    # What sittings were last heard of goes on in the new table; how each of their epochs began was not kept.
    op.execute(
        "INSERT INTO sitting_presence (sitting_id, last_seen_at)"
        " SELECT id, last_seen_at FROM sitting WHERE last_seen_at IS NOT NULL"
    )
    op.drop_column("sitting", "last_seen_at")
    op.drop_table("sitting_step")


def downgrade() -> None:
    for column in ("wall_ahead", "seen_at", "ahead_of_database"):
        op.drop_column("clock_anchor", column)
    op.create_table(
        "sitting_step",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("first_item", sa.Integer(), nullable=False),
        sa.Column("last_item", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_step_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("sitting_id", "number", name=op.f("pk_sitting_step")),
    )
    op.add_column("sitting", sa.Column("last_seen_at", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE sitting SET last_seen_at = (SELECT p.last_seen_at FROM sitting_presence p WHERE p.sitting_id = sitting.id)"
    )
    op.drop_column("result", "receipt")
    op.drop_column("window", "paused_at")
    for table in ("sitting_presence", "sitting_epoch", "sitting_control", "extra_time", "window_pause", "clock_step"):
        op.drop_table(table)
