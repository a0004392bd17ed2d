"""Statistics of questions, kept with the version and the occasion.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_analysis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=330), nullable=False),
        sa.Column("held_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("per_paper", sa.Double(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("sd", sa.Double(), nullable=True),
        sa.Column("alpha", sa.Double(), nullable=True),
        sa.Column("sem", sa.Double(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_analysis")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_analysis_public_id")),
    )
    op.create_index("ix_question_analysis_occasion_state", "question_analysis", ["occasion", "state"])
    op.create_table(
        "item_statistic",
        sa.Column("analysis_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("omitted", sa.Integer(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=True),
        sa.Column("discrimination", sa.Double(), nullable=True),
        sa.Column("upper_lower", sa.Double(), nullable=True),
        sa.Column("a", sa.Double(), nullable=True),
        sa.Column("b", sa.Double(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("timed", sa.Integer(), nullable=False),
        sa.Column("flags", sa.String(length=300), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["question_analysis.id"], name=op.f("fk_item_statistic_analysis_id_question_analysis")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_item_statistic_version_id_question_version")
        ),
        sa.PrimaryKeyConstraint("analysis_id", "version_id", name=op.f("pk_item_statistic")),
        sa.UniqueConstraint("analysis_id", "position", name=op.f("uq_item_statistic_analysis_id_position")),
    )
    op.create_index(op.f("ix_item_statistic_version_id"), "item_statistic", ["version_id"])


def downgrade() -> None:
    op.drop_table("item_statistic")
    op.drop_table("question_analysis")
