"""The first schema.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: In the order in which they can be dropped.
TABLES = (
    "item_mark",
    "standing_row",
    "sitting_step",
    "result",
    "response",
    "pool_revision",
    "journal_apart",
    "journal",
    "standing_unit",
    "sitting",
    "review_note",
    "pool_item",
    "window",
    "standing",
    "round_notice",
    "question_version",
    "round",
    "role_grant",
    "question",
    "sign_in",
    "rules_version",
    "entry",
    "account",
    "unit_lineage",
    "unit_alias",
    "person",
    "contest",
    "unit",
    "topic",
    "source",
    "question_import_problem",
    "question_import_line",
    "question_import_item",
    "question_import",
    "job",
    "import_row",
    "import_batch",
    "clock_anchor",
    "audit_head",
    "audit_entry",
)


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_action"), "audit_entry", ["action"], unique=False)
    op.create_index(op.f("ix_audit_entry_subject"), "audit_entry", ["subject"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "clock_anchor",
        sa.Column("boot_id", sa.String(length=64), nullable=False),
        sa.Column("boot_nanoseconds", sa.BigInteger(), nullable=False),
        sa.Column("wall", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("boot_id", name=op.f("pk_clock_anchor")),
        comment="one row a boot of a machine",
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("account_label", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_token", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("all_or_nothing", sa.Boolean(), nullable=False),
        sa.Column("revealed", sa.Boolean(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("job_public_id", sa.String(length=16), nullable=True, comment="the latest job about this batch"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_import_batch_public_id")),
    )
    op.create_index(op.f("ix_import_batch_unit_id"), "import_batch", ["unit_id"], unique=False)
    op.create_index(op.f("ix_import_batch_unit_path"), "import_batch", ["unit_path"], unique=False)

    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="place in the batch, from 1; units first"),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sheet", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="Excel's row number, from 1"),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("edits", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True, comment="told alone, without day and month"),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False, comment="position in the Party or at work"),
        sa.Column("unit_ref", sa.Integer(), nullable=True, comment="of a unit row: the unit it is, or minus its own position"),
        sa.Column("parent_ref", sa.Integer(), nullable=True, comment="unit rows only; 0: at the top"),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=True),
        sa.Column("own_doubts", sa.Text(), nullable=False, comment="from the row alone"),
        sa.Column("doubts", sa.Text(), nullable=False, comment="all, as shown"),
        sa.Column("codes", sa.String(length=400), nullable=False),
        sa.Column("tidied", sa.Integer(), nullable=False, comment="cells whose spelling was put right silently"),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attention", sa.Boolean(), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True, comment="the person or unit that the row is about"),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("outcome_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_import_row_batch_id_position")),
    )
    op.create_index(op.f("ix_import_row_batch_action"), "import_row", ["batch_id", "kind", "action"], unique=False)
    op.create_index(op.f("ix_import_row_batch_folded"), "import_row", ["batch_id", "folded"], unique=False)
    op.create_index(op.f("ix_import_row_batch_phone"), "import_row", ["batch_id", "phone"], unique=False)
    op.create_index(op.f("ix_import_row_batch_state"), "import_row", ["batch_id", "state", "attention"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("unit_path", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor_label", sa.String(length=200), nullable=False, comment="who asked, for the audit chain"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps_total", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("dispatched_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("public_id", name=op.f("uq_job_public_id")),
    )
    op.create_index(op.f("ix_job_state_dispatched"), "job", ["state", "dispatched_at"], unique=False)

    op.create_table(
        "question_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("account_label", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_token", sa.String(length=80), nullable=True),
        sa.Column("key_name", sa.String(length=200), nullable=False),
        sa.Column("key_token", sa.String(length=80), nullable=True),
        sa.Column("staged_token", sa.String(length=80), nullable=True),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("use_sections", sa.Boolean(), nullable=False, comment="headings of the list name the topics"),
        sa.Column("target_state", sa.String(length=16), nullable=False),
        sa.Column("job_public_id", sa.String(length=16), nullable=True, comment="the latest job about this batch"),
        sa.Column("imported", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_import_public_id")),
    )
    op.create_index(op.f("ix_question_import_file_digest"), "question_import", ["file_digest"], unique=False)
    op.create_index(op.f("ix_question_import_unit_id"), "question_import", ["unit_id"], unique=False)
    op.create_index(op.f("ix_question_import_unit_path"), "question_import", ["unit_path"], unique=False)

    op.create_table(
        "question_import_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="place in the batch, from 1"),
        sa.Column("first_line", sa.Integer(), nullable=False),
        sa.Column("last_line", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("source_text", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("doubts", sa.Text(), nullable=False),
        sa.Column("own_doubts", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("similar_id", sa.Integer(), nullable=True, comment="the question of the bank most like it"),
        sa.Column("similar_percent", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True, comment="what it became"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_import_item")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_question_import_item_batch_id_position")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_import_item_public_id")),
    )
    op.create_index(
        op.f("ix_question_import_item_batch_standing"),
        "question_import_item",
        ["batch_id", "standing", "decision"],
        unique=False,
    )
    op.create_index(op.f("ix_question_import_item_question_id"), "question_import_item", ["question_id"], unique=False)

    op.create_table(
        "question_import_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="place in the file, from 1"),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True, comment="position of the question it belongs to"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_import_line")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_question_import_line_batch_id_number")),
    )
    op.create_table(
        "question_import_problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_import_problem")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_import_problem_public_id")),
    )
    op.create_index(op.f("ix_question_import_problem_batch_id"), "question_import_problem", ["batch_id"], unique=False)

    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("in_force_until", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("folded", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["source.id"], name=op.f("fk_source_replaced_by_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("public_id", name=op.f("uq_source_public_id")),
    )
    op.create_index(op.f("ix_source_folded"), "source", ["folded"], unique=False)

    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=120), nullable=False),
        sa.Column(
            "sort_key", sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["topic.id"], name=op.f("fk_topic_parent_id_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("folded", name=op.f("uq_topic_folded")),
        sa.UniqueConstraint("public_id", name=op.f("uq_topic_public_id")),
    )
    op.create_index(op.f("ix_topic_parent_id"), "topic", ["parent_id"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column(
            "sort_key", sa.String(length=800).with_variant(sa.String(length=800, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("full_name", sa.String(length=600), nullable=False, comment="names from the top, joined by ' / '"),
        sa.Column("eligible", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True, comment="the first day on which it no longer exists"),
        sa.Column("import_batch_id", sa.Integer(), nullable=True),
        sa.Column("visible", sa.Boolean(), nullable=False, comment="false while an import is not complete"),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("public_id", name=op.f("uq_unit_public_id")),
    )
    op.create_index(op.f("ix_unit_folded"), "unit", ["folded"], unique=False)
    op.create_index(op.f("ix_unit_import_batch_id"), "unit", ["import_batch_id"], unique=False)
    op.create_index(op.f("ix_unit_parent_folded"), "unit", ["parent_id", "folded"], unique=False)
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"], unique=False)
    op.create_index(op.f("ix_unit_path"), "unit", ["path"], unique=False)

    op.create_table(
        "contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("hotline", sa.String(length=60), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "bank_unit_id", sa.Integer(), nullable=False, comment="papers draw from the banks of this unit and those above it"
        ),
        sa.ForeignKeyConstraint(["bank_unit_id"], ["unit.id"], name=op.f("fk_contest_bank_unit_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_contest_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contest_public_id")),
    )
    op.create_index(op.f("ix_contest_unit_id"), "contest", ["unit_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=120), nullable=False),
        sa.Column(
            "sort_key", sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=False, comment="digits only"),
        sa.Column("position", sa.String(length=120), nullable=False),
        sa.Column("slip_generation", sa.Integer(), nullable=False),
        sa.Column("slip_hash", sa.String(length=64), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("import_batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
        sa.UniqueConstraint("slip_hash", name=op.f("uq_person_slip_hash")),
        sa.UniqueConstraint("unit_id", "folded", "birth_date", name="uq_person_identity"),
    )
    op.create_index(op.f("ix_person_folded"), "person", ["folded"], unique=False)
    op.create_index(op.f("ix_person_import_batch_id"), "person", ["import_batch_id"], unique=False)
    op.create_index(op.f("ix_person_phone"), "person", ["phone"], unique=False)
    op.create_index(op.f("ix_person_unit_id"), "person", ["unit_id"], unique=False)

    op.create_table(
        "unit_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_alias_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_alias")),
    )
    op.create_index(op.f("ix_unit_alias_folded"), "unit_alias", ["folded"], unique=False)
    op.create_index(op.f("ix_unit_alias_unit_id"), "unit_alias", ["unit_id"], unique=False)

    op.create_table(
        "unit_lineage",
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["predecessor_id"], ["unit.id"], name=op.f("fk_unit_lineage_predecessor_id_unit")),
        sa.ForeignKeyConstraint(["successor_id"], ["unit.id"], name=op.f("fk_unit_lineage_successor_id_unit")),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", name=op.f("pk_unit_lineage")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_sign_in_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_public_id")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_index(op.f("ix_account_person_id"), "account", ["person_id"], unique=False)

    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ranked", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False, comment="why not ranked"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_entry_contest_id_contest")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_entry_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("contest_id", "person_id", name=op.f("uq_entry_contest_id_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_entry_public_id")),
    )
    op.create_index(op.f("ix_entry_person_id"), "entry", ["person_id"], unique=False)

    op.create_table(
        "rules_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("frozen_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_rules_version_contest_id_contest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_version")),
        sa.UniqueConstraint("contest_id", "number", name=op.f("uq_rules_version_contest_id_number")),
    )
    op.create_index(op.f("ix_rules_version_contest_id"), "rules_version", ["contest_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_person_at"), "sign_in", ["person_id", "at"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("current_version_id", sa.Integer(), nullable=True),
        sa.Column("approved_version_id", sa.Integer(), nullable=True),
        sa.Column("import_batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_version_id"],
            ["question_version.id"],
            name="fk_question_approved_version_id_question_version",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_question_author_id_account")),
        sa.ForeignKeyConstraint(
            ["current_version_id"],
            ["question_version.id"],
            name="fk_question_current_version_id_question_version",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_question_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_public_id")),
    )
    op.create_index(op.f("ix_question_author_id"), "question", ["author_id"], unique=False)
    op.create_index(op.f("ix_question_import_batch_id"), "question", ["import_batch_id"], unique=False)
    op.create_index(op.f("ix_question_state"), "question", ["state"], unique=False)
    op.create_index(op.f("ix_question_unit_id"), "question", ["unit_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id_account")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("public_id", name=op.f("uq_role_grant_public_id")),
    )
    op.create_index(op.f("ix_role_grant_account_id"), "role_grant", ["account_id"], unique=False)
    op.create_index(op.f("ix_role_grant_unit_id"), "role_grant", ["unit_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("rules_version_id", sa.Integer(), nullable=True, comment="the frozen rules under which the round was opened"),
        sa.Column("published_at", sa.BigInteger(), nullable=True, comment="when results were first published"),
        sa.Column("notice_number", sa.Integer(), nullable=False),
        sa.Column("pool_revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_round_contest_id_contest")),
        sa.ForeignKeyConstraint(
            ["rules_version_id"], ["rules_version.id"], name=op.f("fk_round_rules_version_id_rules_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("contest_id", "key", name=op.f("uq_round_contest_id_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_round_public_id")),
    )
    op.create_index(op.f("ix_round_contest_id"), "round", ["contest_id"], unique=False)
    op.create_index(op.f("ix_round_state"), "round", ["state"], unique=False)

    op.create_table(
        "question_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("article", sa.String(length=120), nullable=False),
        sa.Column("clause", sa.String(length=120), nullable=False),
        sa.Column("source_text", sa.Text(), nullable=False, comment="as a list stated it, before it is matched"),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_question_version_author_id_account")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_version_question_id_question")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_question_version_source_id_source")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_question_version_topic_id_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_version_public_id")),
        sa.UniqueConstraint("question_id", "number", name=op.f("uq_question_version_question_id_number")),
    )
    op.create_index(op.f("ix_question_version_digest"), "question_version", ["digest"], unique=False)
    op.create_index(op.f("ix_question_version_question_id"), "question_version", ["question_id"], unique=False)
    op.create_index(op.f("ix_question_version_source_id"), "question_version", ["source_id"], unique=False)
    op.create_index(op.f("ix_question_version_topic_id"), "question_version", ["topic_id"], unique=False)
    op.create_index(op.f("ix_question_version_topic_level"), "question_version", ["topic_id", "level"], unique=False)

    op.create_table(
        "round_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_notice_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_notice")),
    )
    op.create_index(op.f("ix_round_notice_round_number"), "round_notice", ["round_id", "number"], unique=True)

    op.create_table(
        "standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("publication", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False, comment="what the ranking went by, for showing"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=True),
        sa.Column("prepared_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["account.id"], name=op.f("fk_standing_confirmed_by_id_account")),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["account.id"], name=op.f("fk_standing_prepared_by_id_account")),
        sa.ForeignKeyConstraint(["published_by_id"], ["account.id"], name=op.f("fk_standing_published_by_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_standing_round_id_round")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["account.id"], name=op.f("fk_standing_withdrawn_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
        sa.UniqueConstraint("public_id", name=op.f("uq_standing_public_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_standing_round_id_number")),
    )
    op.create_index(op.f("ix_standing_round_id"), "standing", ["round_id"], unique=False)

    op.create_table(
        "window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("pool_part", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_window_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_window_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_window")),
        sa.UniqueConstraint("public_id", name=op.f("uq_window_public_id")),
        sa.UniqueConstraint("round_id", "unit_id", name=op.f("uq_window_round_id_unit_id")),
    )
    op.create_index(op.f("ix_window_round_id"), "window", ["round_id"], unique=False)

    op.create_table(
        "pool_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("cell", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_pool_item_question_id_question")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_pool_item_round_id_round")),
        sa.ForeignKeyConstraint(["version_id"], ["question_version.id"], name=op.f("fk_pool_item_version_id_question_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_item")),
        sa.UniqueConstraint("round_id", "question_id", name=op.f("uq_pool_item_round_id_question_id")),
    )
    op.create_index(op.f("ix_pool_item_round_part"), "pool_item", ["round_id", "part"], unique=False)

    op.create_table(
        "review_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.String(length=16), nullable=False, comment="submitted, comment, returned, approved, retired, restored"
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_review_note_account_id_account")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_review_note_question_id_question")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_review_note_version_id_question_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_note")),
    )
    op.create_index(op.f("ix_review_note_question_id"), "review_note", ["question_id"], unique=False)

    op.create_table(
        "sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False, comment="by the clock, for finding those that are due"),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("pool_revision", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("device_epoch", sa.Integer(), nullable=False, comment="first epoch of the present device"),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("grace_seconds", sa.Integer(), nullable=False, comment="of the rules it was started under"),
        sa.Column("late_bound_seconds", sa.Integer(), nullable=False),
        sa.Column("extra_seconds", sa.Integer(), nullable=False),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("first_display_at", sa.BigInteger(), nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("submitted_by", sa.String(length=16), nullable=False, comment="contestant, deadline, organiser"),
        sa.Column("folded_row", sa.BigInteger(), nullable=False),
        sa.Column("seconds_used", sa.Integer(), nullable=True),
        sa.Column("receipt", sa.String(length=24), nullable=True),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_sitting_entry_id_entry")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_sitting_round_id_round")),
        sa.ForeignKeyConstraint(["window_id"], ["window.id"], name=op.f("fk_sitting_window_id_window")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sa.UniqueConstraint("entry_id", "round_id", "attempt", name=op.f("uq_sitting_entry_id_round_id_attempt")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sitting_public_id")),
    )
    op.create_index(op.f("ix_sitting_round_state"), "sitting", ["round_id", "state"], unique=False)
    op.create_index(op.f("ix_sitting_state_deadline"), "sitting", ["state", "deadline"], unique=False)
    op.create_index(op.f("ix_sitting_window_id"), "sitting", ["window_id"], unique=False)

    op.create_table(
        "standing_unit",
        sa.Column("standing_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("full_name", sa.String(length=600), nullable=False),
        sa.Column(
            "sort_key", sa.String(length=800).with_variant(sa.String(length=800, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("sat", sa.Integer(), nullable=False),
        sa.Column("total", sa.String(length=32), nullable=False),
        sa.Column(
            "mean", sa.String(length=32), nullable=False, comment="total / sat, rounded half up to two places; 0 for none"
        ),
        sa.Column("best", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["standing_id"], ["standing.id"], name=op.f("fk_standing_unit_standing_id_standing")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_standing_unit_unit_id_unit")),
        sa.PrimaryKeyConstraint("standing_id", "unit_id", name=op.f("pk_standing_unit")),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True, comment="the wording that was on the screen"),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("client_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_journal_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("sitting_id", "epoch", "sequence", name=op.f("uq_journal_sitting_id_epoch_sequence")),
    )
    op.create_table(
        "journal_apart",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("client_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_journal_apart_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_apart")),
        sa.UniqueConstraint("sitting_id", "epoch", "sequence", name=op.f("uq_journal_apart_sitting_id_epoch_sequence")),
    )
    op.create_table(
        "pool_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True, comment="given when confirmed"),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["account.id"], name=op.f("fk_pool_revision_confirmed_by_id_account")),
        sa.ForeignKeyConstraint(["item_id"], ["pool_item.id"], name=op.f("fk_pool_revision_item_id_pool_item")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["account.id"], name=op.f("fk_pool_revision_proposed_by_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_pool_revision_round_id_round")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_pool_revision_version_id_question_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_revision")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_pool_revision_round_id_number")),
    )
    op.create_table(
        "response",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_response_sitting_id_sitting")),
        sa.ForeignKeyConstraint(["version_id"], ["question_version.id"], name=op.f("fk_response_version_id_question_version")),
        sa.PrimaryKeyConstraint("sitting_id", "item", name=op.f("pk_response")),
    )
    op.create_index(op.f("ix_response_version_id"), "response", ["version_id"], unique=False)

    op.create_table(
        "result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("score", sa.String(length=32), nullable=True),
        sa.Column("max_score", sa.String(length=32), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("seconds_used", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_result_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
        sa.UniqueConstraint("sitting_id", "number", name=op.f("uq_result_sitting_id_number")),
    )
    op.create_index(op.f("ix_result_sitting_id"), "result", ["sitting_id"], unique=False)

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
    op.create_table(
        "standing_row",
        sa.Column("standing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=400), nullable=False, comment="name and unit names, for search"),
        sa.Column(
            "sort_key", sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("unit_path", sa.String(length=255), nullable=False),
        sa.Column("unit_name", sa.String(length=600), nullable=False),
        sa.Column("unit_ranks", sa.Text(), nullable=False),
        sa.Column("score", sa.String(length=32), nullable=False),
        sa.Column("max_score", sa.String(length=32), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_standing_row_entry_id_entry")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_standing_row_sitting_id_sitting")),
        sa.ForeignKeyConstraint(["standing_id"], ["standing.id"], name=op.f("fk_standing_row_standing_id_standing")),
        sa.PrimaryKeyConstraint("standing_id", "position", name=op.f("pk_standing_row")),
    )
    op.create_index(op.f("ix_standing_row_entry"), "standing_row", ["standing_id", "entry_id"], unique=False)
    op.create_index(op.f("ix_standing_row_rank"), "standing_row", ["standing_id", "rank"], unique=False)

    op.create_table(
        "item_mark",
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("points", sa.String(length=32), nullable=True),
        sa.Column("max_points", sa.String(length=32), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["result_id"], ["result.id"], name=op.f("fk_item_mark_result_id_result")),
        sa.ForeignKeyConstraint(["version_id"], ["question_version.id"], name=op.f("fk_item_mark_version_id_question_version")),
        sa.PrimaryKeyConstraint("result_id", "item", name=op.f("pk_item_mark")),
    )
    op.create_index(op.f("ix_item_mark_version_id"), "item_mark", ["version_id"], unique=False)
    # A question and its versions point at each other; SQLite wrote the keys with the table, PostgreSQL needs both tables.
    if op.get_bind().dialect.name != "sqlite":
        for column in ("approved_version_id", "current_version_id"):
            op.create_foreign_key(f"fk_question_{column}_question_version", "question", "question_version", [column], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        for column in ("approved_version_id", "current_version_id"):
            op.drop_constraint(f"fk_question_{column}_question_version", "question", type_="foreignkey")
    for table in TABLES:
        op.drop_table(table)
