"""The queues of large shops: flags instead of looking into every case, and an index for each."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FLAGS = ("overdue", "unanswered")
OVERDUE = "UPDATE return_cases SET overdue = true WHERE CAST(deadlines AS text) LIKE '%\"overdue\"%'"
LAST = """
SELECT m.author FROM conversation_messages AS m WHERE m.case_id = return_cases.id AND NOT m.internal
ORDER BY m.id DESC LIMIT 1
"""
SPOKE_LAST = {"postgresql": f"({LAST}) ->> 'kind'", "sqlite": f"json_extract(({LAST}), '$.kind')"}
DUE = "coalesce(next_deadline_at, state_since)"


def upgrade() -> None:
    for flag in FLAGS:
        op.add_column(
            "return_cases", sa.Column(flag, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    who = SPOKE_LAST[op.get_bind().dialect.name]
    op.execute(OVERDUE)
    op.execute(f"UPDATE return_cases SET unanswered = true WHERE messages > 0 AND {who} = 'customer'")
    op.create_index("ix_cases_due", "return_cases", ["shop_id", "state", sa.text(DUE), "id"])
    _partial("ix_cases_assignee", ["shop_id", "assignee", "state"], "assignee IS NOT NULL")
    for flag in FLAGS:
        _partial(f"ix_cases_{flag}", ["shop_id"], f"{flag} IS true", f"{flag} IS 1")
    _partial("ix_objections_open", ["case_id"], "state = 'open'", table="objections")
    op.create_index("ix_holds_order_id", "holds", ["order_id"])
    for table in ("receipts", "inspections"):
        op.create_index(f"ix_{table}_at", table, ["at"])
    op.create_index("ix_cases_updated", "return_cases", ["shop_id", "updated_at"])


def _partial(name: str, columns: list[str], where: str, on_sqlite: str = "", *, table: str = "return_cases") -> None:
    conditions = {"postgresql_where": sa.text(where), "sqlite_where": sa.text(on_sqlite or where)}
    op.create_index(name, table, columns, **conditions)


def downgrade() -> None:
    for table in ("receipts", "inspections"):
        op.drop_index(f"ix_{table}_at", table)
    op.drop_index("ix_holds_order_id", "holds")
    op.drop_index("ix_objections_open", "objections")
    for name in ("updated", "unanswered", "overdue", "assignee", "due"):
        op.drop_index(f"ix_cases_{name}", "return_cases")
    for flag in FLAGS:
        op.drop_column("return_cases", flag)
