"""Cases are found by serial number."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('serial_numbers',
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['return_cases.id'], name=op.f('fk_serial_numbers_case_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_serial_numbers_shop_id')),
    sa.PrimaryKeyConstraint('case_id', 'number', name=op.f('pk_serial_numbers'))
    )
    with op.batch_alter_table('serial_numbers', schema=None) as batch_op:
        batch_op.create_index('ix_serial_numbers', ['shop_id', 'number'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('serial_numbers', schema=None) as batch_op:
        batch_op.drop_index('ix_serial_numbers')
    op.drop_table('serial_numbers')
