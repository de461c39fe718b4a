"""Goods in advance and what secures them; places in the feed; secrets of shops; an append-only ledger."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.add_column(sa.Column('position', sa.BigInteger(), nullable=True))
        batch_op.drop_index('ix_events_feed')
        batch_op.create_index('ix_events_feed', ['shop_id', 'position', 'id'], unique=False)

    with op.batch_alter_table('replacements', schema=None) as batch_op:
        batch_op.add_column(sa.Column('secured', sa.BigInteger(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('security', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('security_reference', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('returned', sa.Integer(), nullable=False, server_default='0'))

    with op.batch_alter_table('return_cases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('security', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default='obligation'))

    with op.batch_alter_table('shops', schema=None) as batch_op:
        batch_op.add_column(sa.Column('secrets', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False, server_default='{}'))

    with op.batch_alter_table('tenders', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reported', sa.Boolean(), nullable=False, server_default=sa.false()))

    for statement in _FREEZE[op.get_bind().dialect.name]:
        op.execute(statement)


_FREEZE = {
    'postgresql': (
        """
        CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$
        """,
        """
        CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON ledger_entries
        FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite()
        """,
    ),
    'sqlite': (
        """
        CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger_entries
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """,
        """
        CREATE TRIGGER ledger_is_not_deleted BEFORE DELETE ON ledger_entries
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """,
    ),
}
_THAW = {
    'postgresql': ('DROP TRIGGER ledger_is_append_only ON ledger_entries', 'DROP FUNCTION refuse_to_rewrite()'),
    'sqlite': ('DROP TRIGGER ledger_is_not_changed', 'DROP TRIGGER ledger_is_not_deleted'),
}


def downgrade() -> None:
    for statement in _THAW[op.get_bind().dialect.name]:
        op.execute(statement)

    with op.batch_alter_table('tenders', schema=None) as batch_op:
        batch_op.drop_column('reported')

    with op.batch_alter_table('shops', schema=None) as batch_op:
        batch_op.drop_column('secrets')

    with op.batch_alter_table('return_cases', schema=None) as batch_op:
        batch_op.drop_column('security')

    with op.batch_alter_table('replacements', schema=None) as batch_op:
        batch_op.drop_column('returned')
        batch_op.drop_column('security_reference')
        batch_op.drop_column('security')
        batch_op.drop_column('secured')

    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.drop_index('ix_events_feed')
        batch_op.create_index('ix_events_feed', ['shop_id', 'id'], unique=False)
        batch_op.drop_column('position')
