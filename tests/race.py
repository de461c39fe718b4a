"""So many requests at once for the last unit of an order, over HTTP, against the whole service; one may win.

python -m tests.race --requests 1000 --database postgresql
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import httpx

from tests.api.client import wish
from tests.ground import postgres
from tests.ground.service import Service
from tests.shop import example_order


@click.command
@click.option("--requests", "count", default=1000, show_default=True)
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
def main(count: int, database: str) -> None:
    """Exit status 1 when not exactly one request won, or another was told anything but that the unit is held."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="race-")))
        settings = {}
        if database == "postgresql":
            server = stack.enter_context(postgres.running())
            settings["database_url"] = server.url(server.create())
        service = stack.enter_context(Service(folder / "data", **settings).started())
        found, seconds = race(service, count)
        left = _units_held(service)
    click.echo(f"{count} requests on {database} in {seconds:.1f} s: {dict(found)}; cases of the unit: {left}")
    sys.exit(0 if found == {(201, ""): 1, (409, "units_held"): count - 1} and left == 1 else 1)


def race(service: Service, count: int) -> tuple[Counter[tuple[int, str]], float]:
    """What so many requests were told, and how long it took."""
    headers = {"Authorization": f"Bearer {service.key('admin')}"}
    days = [(datetime.now(UTC) - timedelta(days=n)).isoformat(timespec="seconds") for n in (5, 4, 1)]
    parcel = {
        "id": "f1",
        "shipped_at": days[1],
        "delivered_at": days[2],
        "lines": [{"line_id": "1", "quantity": 1}],
    }
    order = example_order({"1": 1}, number="1001", placed_at=days[0], fulfilments=[parcel])
    httpx.put(f"{service.url}/v1/orders/1001", json=order, headers=headers, timeout=30).raise_for_status()
    began = time.monotonic()
    found = asyncio.run(_all_at_once(service.url, headers, count))
    return found, time.monotonic() - began


async def _all_at_once(url: str, headers: dict[str, str], count: int) -> Counter[tuple[int, str]]:
    limits, start = httpx.Limits(max_connections=None), asyncio.Event()
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=300, limits=limits) as client:

        async def one(n: int) -> tuple[int, str]:
            await start.wait()
            answer = await client.post("/v1/returns", json=wish(), headers={"Idempotency-Key": f"race-{n}"})
            return answer.status_code, answer.json().get("code", "") if answer.is_error else ""

        waiting = [asyncio.create_task(one(n)) for n in range(count)]
        start.set()
        return Counter(await asyncio.gather(*waiting))


def _units_held(service: Service) -> int:
    with service.client("returns:read") as client:
        return len(client.get("/v1/returns?order_id=1001").json()["items"])


if __name__ == "__main__":
    main()
