"""The first schema (made from the models while they are still being drawn)."""

from alembic import op

from core.database import Model

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    Model.metadata.create_all(op.get_bind())


def downgrade() -> None:
    Model.metadata.drop_all(op.get_bind())
