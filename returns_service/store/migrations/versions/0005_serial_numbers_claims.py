"""Serial numbers that the bench scanned; claims are found quickly."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
_CLAIMS = sa.text("kind IN ('recover', 'goods_owed', 'recovered', 'forgone')")


def upgrade() -> None:
    with op.batch_alter_table('inspections', schema=None) as batch_op:
        batch_op.add_column(sa.Column('serial_numbers', _JSON, nullable=False, server_default='[]'))
    op.create_index('ix_ledger_claims', 'ledger_entries', ['shop_id', 'case_id'], postgresql_where=_CLAIMS, sqlite_where=_CLAIMS)


def downgrade() -> None:
    op.drop_index('ix_ledger_claims', 'ledger_entries')
    with op.batch_alter_table('inspections', schema=None) as batch_op:
        batch_op.drop_column('serial_numbers')
