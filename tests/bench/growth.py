"""Whether a shop that had many returns is slower: the same calls at ten thousand cases and at many more."""

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import psycopg

from returns_service.store.db import Database
from returns_service.store.shops import by_slug
from returns_service.usecases.create_staff import create_staff
from returns_service.wiring import clock
from tests.bench import journey
from tests.bench.clients import measure
from tests.bench.sections import Bench

FEW = 10_000
EMAIL, PASSWORD = "growth@example.com", "correct horse battery"

COPIES = """
CREATE UNLOGGED TABLE copies AS
SELECT n, uuidv7() AS case_id, uuidv7() AS order_id, uuidv7() AS line_id, uuidv7() AS refund_id, %(shop)s::uuid AS shop_id,
       now() - (n %% 730 + 1) * interval '1 day' - n %% 86400 * interval '1 second' AS at, n %% 50 = 0 AS is_open
FROM generate_series(%(first)s::int, %(last)s::int) AS n;
"""
_MAIL = "'buyer' || c.n || '@example.com'"
_TIMES = {"created_at": "c.at", "updated_at": "c.at"}
OWN: dict[str, tuple[str, dict[str, str]]] = {
    "orders": (
        "id",
        {
            "id": "c.order_id",
            "external_id": "'G-' || c.n",
            "number": "'G' || c.n",
            "placed_at": "c.at",
            "email": _MAIL,
            **_TIMES,
        },
    ),
    "return_cases": (
        "id",
        {
            "id": "c.case_id",
            "order_id": "c.order_id",
            "number": "'G' || c.n",
            "client_reference": "NULL",
            "email": _MAIL,
            "requested_at": "c.at",
            "state": "CASE WHEN c.is_open THEN 'requested' ELSE 'refunded' END",
            "closed_at": "CASE WHEN c.is_open THEN NULL ELSE c.at END",
            **_TIMES,
        },
    ),
    "case_lines": ("case_id", {"id": "c.line_id", "case_id": "c.case_id"}),
    "holds": ("order_id", {"id": "uuidv7()", "order_id": "c.order_id", "case_line_id": "c.line_id"}),
    "receipts": ("case_id", {"id": "uuidv7()", "case_id": "c.case_id", "at": "c.at"}),
    "inspections": (
        "case_id",
        {"id": "uuidv7()", "case_id": "c.case_id", "line_id": "c.line_id", "at": "c.at"},
    ),
    "refunds": (
        "case_id",
        {"id": "c.refund_id", "case_id": "c.case_id", "tender_id": "NULL", "created_at": "c.at"},
    ),
    "events": (
        "case_id",
        {
            "id": "uuidv7()",
            "case_id": "c.case_id",
            "at": "c.at",
            "position": "1000000 + c.n * 50 + original.seq",
        },
    ),
    "ledger_entries": (
        "case_id",
        {
            "id": "uuidv7()",
            "case_id": "c.case_id",
            "order_id": "c.order_id",
            "tender_id": "NULL",
            "refund_id": "c.refund_id",
            "at": "c.at",
        },
    ),
}
"""Per table the column that names the sample, and what its copies have of their own."""


def growth(bench: Bench, url: str, many: int) -> None:
    """How many times longer a call takes with `many` cases; the median of each."""
    with _console(bench, url) as console:
        times: dict[str, list[float]] = {}
        for cases in (FEW, many):
            _fill(bench, cases)
            for name, act in _calls(bench, console).items():
                number = bench.count(200)
                for _ in range(5):
                    act()
                seen = measure([act], number)
                bench.failed(seen)
                times.setdefault(name, []).append(seen.percentile(50))
    for name, (few, more) in times.items():
        bench.report.add(f"{name}, p50 at {FEW:,} cases", few, "ms")
        bench.report.add(f"growth of {name}, {many:,} cases", more / few, "x")


def _calls(bench: Bench, console: httpx.Client) -> dict[str, Callable[[], object]]:
    client = bench.clients(1)[0]
    orders = iter([journey.put_order(client) for _ in range(bench.count(200) + 5)])
    buyers = itertools.cycle(range(1, 9_000, 7))
    return {
        "create": lambda: journey.create(client, next(orders)),
        "list": lambda: client.ask("GET", "/v1/returns?limit=50"),
        "search": lambda: client.ask("GET", f"/v1/returns?q=buyer{next(buyers)}@example.com"),
        "queue page": lambda: console.get("/console/queues/needs_decision").raise_for_status(),
    }


def _fill(bench: Bench, cases: int) -> None:
    """Copies of one finished case until there are so many."""
    with bench.server.connect(bench.database) as connection:
        there, sample, order, shop = _sample(connection)
        if there >= cases:
            return
        named = {"first": there + 1, "last": cases, "shop": shop}
        connection.execute(COPIES, named)
        for table in OWN:
            connection.execute(_copy(connection, table), {"order_id": order, "case_id": sample})
        connection.execute("DROP TABLE copies")
    for word in ("VACUUM ANALYZE", "CHECKPOINT"):  # what filling leaves to do is not part of what is measured
        bench.server.run(word, bench.database)


def _copy(connection: "psycopg.Connection[tuple[object, ...]]", table: str) -> str:
    """Rows of the sample for each copy, with what is its own."""
    of, own = OWN[table]
    columns = [
        column.name for column in connection.execute(f"SELECT * FROM {table} LIMIT 0").description or ()
    ]
    values = [own.get(name, f"original.{name}") for name in columns]
    sample = "order_id" if table in ("orders", "holds") else "case_id"
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM copies AS c"
        f" CROSS JOIN (SELECT * FROM {table} WHERE {of} = %({sample})s) AS original"
    )


def _sample(connection: "psycopg.Connection[tuple[object, ...]]") -> tuple[int, object, object, object]:
    (there,) = connection.execute("SELECT count(*) FROM return_cases").fetchone() or (0,)
    query = "SELECT id, order_id, shop_id FROM return_cases WHERE state = 'refunded' ORDER BY created_at DESC LIMIT 1"
    sample, order, shop = connection.execute(query).fetchone() or (None, None, None)
    return int(str(there)), sample, order, shop


@contextmanager
def _console(bench: Bench, url: str) -> Iterator[httpx.Client]:
    database = Database(url)
    with database.begin() as session:
        person = {"email": EMAIL, "name": "Growth", "role": "reviewer", "password": PASSWORD}
        create_staff(session, by_slug(session, "demo").id, **person, now=clock())  # type: ignore[arg-type]
    database.close()
    with httpx.Client(base_url=f"http://127.0.0.1:{bench.service.port}", timeout=60) as client:
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/console/sign-in").text)
        form = {"email": EMAIL, "password": PASSWORD, "csrf": token[1] if token else ""}
        client.post("/console/sign-in", data=form)
        yield client
