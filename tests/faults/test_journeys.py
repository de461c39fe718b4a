"""The journey from the request to the money, while things around it break. Money moves exactly once."""

import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.bench import journey
from tests.bench.sections import SCOPES
from tests.ground.postgres import Postgres
from tests.ground.processes import eventually, free_ports
from tests.ground.service import Service


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shaken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The whole service on a database of either kind; what a test stops it lets go on."""
    settings = {}
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        settings = {"database_url": server.url(server.create())}
    with Service(tmp_path_factory.mktemp("shaken") / "data", **settings).started() as service:
        yield service


@contextmanager
def stopped(service: Service, role: str) -> Iterator[None]:
    """The process stands still, as on a machine that hangs; not while it holds SQLite's one lock for writing."""
    process = service.parts()[role]
    process.suspend()
    while not _can_write(service.folder / "returns.db"):
        process.resume()
        time.sleep(0.2)
        process.suspend()
    try:
        yield
    finally:
        process.resume()


def _can_write(file: Path) -> bool:
    if not file.exists():
        return True
    with closing(sqlite3.connect(file, timeout=1)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
    return True


def client(service: Service) -> "closing[journey.Client]":
    return closing(journey.Client(service.port, service.key(*SCOPES)))


@pytest.fixture
def asking(shaken: Service) -> Iterator[journey.Client]:
    with client(shaken) as one:
        yield one


def case_of(asking: journey.Client, case: dict[str, Any]) -> dict[str, Any]:
    return asking.ask("GET", f"/v1/returns/{case['id']}")


def refunded(asking: journey.Client, case: dict[str, Any], seconds: float = 60) -> dict[str, Any]:
    return eventually(
        lambda: (now := case_of(asking, case))["state"] == "refunded" and now, seconds, "the refund"
    )


def ledger(service: Service) -> dict[str, Any]:
    return httpx.get(f"{service.sandbox_url}/ledger").json()


def misbehave(service: Service, kind: str, count: int = 1) -> None:
    httpx.post(f"{service.sandbox_url}/control", json={"next": kind, "count": count}).raise_for_status()


def paid_exactly(service: Service, cases: list[dict[str, Any]]) -> None:
    """The gateway's own ledger shows what each case was quoted, once, and nothing else."""
    ours = {case["number"] for case in cases}
    refunds = [one for one in ledger(service)["refunds"] if one["metadata"]["case"] in ours]
    assert Counter(one["state"] for one in refunds) == {"succeeded": len(cases)}
    quoted = sorted(Decimal(case["quote"]["total"]) for case in cases)
    assert sorted(Decimal(one["amount"]) for one in refunds) == quoted
    assert len({one["payment"] for one in refunds}) == len(cases)


def told_once(asking: journey.Client, case: dict[str, Any]) -> None:
    """The history names each step once, in order."""
    facts = asking.ask("GET", f"/v1/returns/{case['id']}/events")["items"]
    types = [fact["type"] for fact in facts]
    assert [fact["seq"] for fact in facts] == list(range(1, len(facts) + 1))
    assert {kind: count for kind, count in Counter(types).items() if count > 1} == {}
    assert types[0] == "return.requested"
    assert {"refund.requested", "refund.succeeded", "return.refunded"} <= set(types)


def test_the_journey_completes_with_the_sweeper_stopped(shaken: Service, asking: journey.Client) -> None:
    with stopped(shaken, "sweeper"):
        case = refunded(asking, journey.lifecycle(asking, journey.put_order(asking)), 20)
    paid_exactly(shaken, [case])
    told_once(asking, case)


def test_a_gateway_that_fails_first_is_asked_again_with_the_sweeper_stopped(
    shaken: Service, asking: journey.Client
) -> None:
    misbehave(shaken, "500")
    with stopped(shaken, "sweeper"):
        case = refunded(asking, journey.lifecycle(asking, journey.put_order(asking)), 30)
    paid_exactly(shaken, [case])


def test_the_journey_completes_while_redis_hangs(shaken: Service, asking: journey.Client) -> None:
    number = journey.put_order(asking)
    with stopped(shaken, "redis"):
        case = refunded(asking, journey.lifecycle(asking, number), 40)
    paid_exactly(shaken, [case])


def test_the_journey_completes_without_redis(tmp_path: Path) -> None:
    (nobody,) = free_ports(1)
    settings = {"redis_url": f"redis://127.0.0.1:{nobody}"}
    with Service(tmp_path / "data", **settings).started() as service, client(service) as asking:
        began = time.monotonic()
        case = journey.lifecycle(asking, journey.put_order(asking))
        assert time.monotonic() - began < 5  # six calls: none of them waits for a redis
        case = refunded(asking, case, 20)
        paid_exactly(service, [case])
        told_once(asking, case)


@pytest.mark.parametrize("kind", ["slow", "timeout_after_paying"])
def test_a_worker_killed_while_it_refunds_pays_once(
    shaken: Service, asking: journey.Client, kind: str
) -> None:
    misbehave(shaken, kind)
    case = journey.lifecycle(asking, journey.put_order(asking))
    eventually(lambda: case_of(asking, case)["refunds"], 10, "the refund's row")
    time.sleep(0.7)
    shaken.parts()["worker"].kill()
    case = refunded(asking, case, 60)
    paid_exactly(shaken, [case])
    told_once(asking, case)


def test_workers_killed_at_any_instant_lose_and_double_nothing(
    shaken: Service, asking: journey.Client
) -> None:
    random_ = random.Random(7)
    stop = threading.Event()

    def killer() -> None:
        while not stop.wait(random_.uniform(0.05, 1.2)):
            victim = shaken.parts().get(random_.choice(["worker", "sweeper"]))
            if victim is not None:
                victim.kill()

    thread = threading.Thread(target=killer)
    thread.start()
    try:
        misbehave(shaken, "timeout_after_paying", 2)
        cases = [journey.lifecycle(asking, journey.put_order(asking)) for _ in range(12)]
        time.sleep(3)
    finally:
        stop.set()
        thread.join()
    paid = [refunded(asking, case, 90) for case in cases]
    paid_exactly(shaken, paid)
    for case in paid:
        told_once(asking, case)
        subjects = eventually(
            lambda case=case: len(got := mails_of(shaken, case)) >= 4 and got, 30, "four messages"
        )
        assert Counter(subjects).most_common(1)[0][1] == 1


def mails_of(service: Service, case: dict[str, Any]) -> list[str]:
    """The subjects of the mail about a case."""
    texts = [path.read_text() for path in (service.folder / "mail").glob("*.eml")]
    ours = [text for text in texts if case["number"] in text]
    return [next(line for line in text.splitlines() if line.startswith("Subject:")) for text in ours]


def test_the_whole_service_killed_in_the_middle_goes_on_after_a_new_start(
    shaken: Service, asking: journey.Client
) -> None:
    misbehave(shaken, "slow")
    case = journey.lifecycle(asking, journey.put_order(asking))
    time.sleep(0.5)
    assert shaken.process is not None
    everybody = psutil.Process(shaken.process.pid).children(recursive=True)
    shaken.process.kill()
    shaken.process.wait()
    psutil.wait_procs(everybody, timeout=5)
    shaken.start()
    asking.close()
    case = refunded(asking, case, 60)
    paid_exactly(shaken, [case])
