"""Cases know whether replacements exist."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('return_cases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('has_goods', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE return_cases SET has_goods = true WHERE id IN (SELECT case_id FROM replacements)")


def downgrade() -> None:
    with op.batch_alter_table('return_cases', schema=None) as batch_op:
        batch_op.drop_column('has_goods')
