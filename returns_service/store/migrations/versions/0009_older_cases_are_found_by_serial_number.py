"""Cases from before 0006 are found by serial number too."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CASES = sa.table(
    "return_cases", sa.column("id", sa.Uuid), sa.column("shop_id", sa.Uuid), sa.column("order_id", sa.Uuid)
)
LINES = sa.table("case_lines", sa.column("case_id", sa.Uuid), sa.column("order_line_id", sa.String))
ORDERS = sa.table("orders", sa.column("id", sa.Uuid), sa.column("frozen", sa.JSON))
FOUND = sa.table("inspections", sa.column("case_id", sa.Uuid), sa.column("serial_numbers", sa.JSON))
KNOWN = sa.table(
    "serial_numbers",
    sa.column("case_id", sa.Uuid),
    sa.column("number", sa.String),
    sa.column("shop_id", sa.Uuid),
)
PART = {"yield_per": 1000}  # a large shop's orders do not fit into memory at once


def upgrade() -> None:
    bind = op.get_bind()
    insert = (
        (postgresql if bind.dialect.name == "postgresql" else sqlite).insert(KNOWN).on_conflict_do_nothing()
    )
    rows = {
        (case_id, number.upper(), shop_id)
        for case_id, shop_id, numbers in chain(_sold(bind), _scanned(bind))
        for number in numbers
    }
    if rows:
        bind.execute(insert, [dict(zip(("case_id", "number", "shop_id"), row, strict=True)) for row in rows])


def _sold(bind: sa.Connection) -> Iterator[Any]:
    """What the orders of cases say; those without a serial number stay in the database."""
    text = sa.cast(ORDERS.c.frozen, sa.Text)
    some = sa.or_(text.like('%"serial_numbers":["%'), text.like('%"serial_numbers": ["%'))
    query = sa.select(CASES.c.id, CASES.c.shop_id, LINES.c.order_line_id, ORDERS.c.frozen)
    query = query.join(ORDERS, ORDERS.c.id == CASES.c.order_id).join(LINES, LINES.c.case_id == CASES.c.id)
    for case_id, shop_id, line_id, frozen in bind.execute(query.where(some), execution_options=PART):
        for line in frozen["lines"]:
            if line["id"] == line_id:
                yield case_id, shop_id, line["serial_numbers"]


def _scanned(bind: sa.Connection) -> Iterator[Any]:
    query = sa.select(CASES.c.id, CASES.c.shop_id, FOUND.c.serial_numbers)
    query = query.join(FOUND, FOUND.c.case_id == CASES.c.id)
    some = sa.cast(FOUND.c.serial_numbers, sa.Text) != "[]"
    yield from bind.execute(query.where(some), execution_options=PART)


def downgrade() -> None:
    """The rows are true; they stay."""
