"""The sections of the benchmark; each takes the running service and adds its figures to the report."""

import http.client
import itertools
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

import psutil

from tests.bench import floor, journey
from tests.bench.accounts import counted, memory
from tests.bench.clients import Job, Seen, held_back, measure
from tests.bench.report import EMPTY_ROUTE, Report
from tests.ground import processes
from tests.ground.postgres import Postgres
from tests.ground.service import Service

Act = Callable[[journey.Client, str], object]
"""What a client does with the order of that number."""

SCOPES = ("orders:write", "returns:read", "returns:write", "warehouse", "staff")


class Bench:
    """One run: a service on a PostgreSQL, clients with keys, and the report they fill."""

    def __init__(
        self, service: Service, server: Postgres, database: str, report: Report, scale: float
    ) -> None:
        self.service, self.server, self.database, self.report = service, server, database, report
        self.scale = scale
        self.key = service.key(*SCOPES)
        self.lifecycles = 0.0

    def clients(self, count: int) -> list[journey.Client]:
        return [journey.Client(self.service.port, self.key) for _ in range(count)]

    def count(self, number: int) -> int:
        return max(10, int(number * self.scale))

    def jobs(self, clients: int, count: int, act: Act) -> list[Job]:
        """One job per client, on orders that are there already."""
        loader = self.clients(1)[0]
        numbers = iter([journey.put_order(loader) for _ in range(count)])
        return [partial(_on_the_next, act, one, numbers) for one in self.clients(clients)]

    def ask(self, query: str) -> int:
        return int(self.server.ask(query, self.database))

    def quiet(self, seconds: float = 120) -> None:
        """Waits until no work is left that is due."""
        soon = "state = 'ready' AND next_attempt_at < now() + interval '3 seconds'"
        query = f"SELECT count(*) FROM outbox WHERE state = 'leased' OR {soon}"
        processes.eventually(lambda: self.ask(query) == 0, seconds, "a quiet outbox")

    def failed(self, seen: Seen) -> None:
        self.report.failures.extend(seen.failures)


def _on_the_next(act: Act, client: journey.Client, numbers: Iterator[str]) -> object:
    return act(client, next(numbers))


PAID = "SELECT count(*) FROM return_cases WHERE state = 'refunded'"


def lifecycles(bench: Bench, clients: int, count: int) -> None:
    """Six calls each, by so many clients; over when the last refund is confirmed."""
    jobs = bench.jobs(clients, count, journey.lifecycle)
    bench.quiet()
    with counted(bench.service, bench.server, bench.database) as account:
        seen, bench.lifecycles = _paid(bench, jobs, count)
        bench.quiet()
    done = len(seen.times)
    name = "1 client" if clients == 1 else f"{clients} clients"
    bench.report.add(f"lifecycles/s, {name}", bench.lifecycles, "/s, paid")
    bench.report.add(f"lifecycle (six calls), {name}, p50", seen.percentile(50), "ms")
    bench.report.add(f"lifecycle (six calls), {name}, p99", seen.percentile(99), "ms")
    if clients > 1:
        bench.report.add("cores at work meanwhile", account.busy * 100, "%")
        bench.report.add("server CPU per lifecycle", account.cpu_seconds / done * 1000, "ms")
        bench.report.add("SQL statements per lifecycle", account.statements / done, "")
        for role, what in (("web", "memory of web"), ("worker", "memory of a worker")):
            bench.report.add(what, account.peak.get(role, 0), "MiB")
        bench.report.add("memory of the whole run", sum(account.peak.values()), "MiB")


def _paid(bench: Bench, jobs: list[Job], count: int) -> tuple[Seen, float]:
    """So many lifecycles, and how many a second until the last is paid."""
    paid, began = bench.ask(PAID), time.perf_counter()
    seen = measure(jobs, count)
    done = len(seen.times)
    if not done:
        raise SystemExit("\n".join(["Not one lifecycle came through:", *seen.failures[:3]]))
    processes.eventually(lambda: bench.ask(PAID) >= paid + done, 120, "the last refund")
    bench.failed(seen)
    return seen, done / (time.perf_counter() - began)


HELD = 0.15
"""Of a core: so little that on two of them the rest of the service and its clients have what they need."""


def more_processes(bench: Bench, count: int) -> None:
    """Whether a second web process helps, beside a worker and a database on the same cores; and whether it would where
    cores are left: with each held back so far that the others have what they need.
    """
    rate = _with_processes(bench, "2", count)
    bench.report.add("lifecycles/s with 2 web processes", rate, "/s, paid")
    bench.report.add("2 web processes against 1", rate / bench.lifecycles, "x")
    one, two = (_with_processes(bench, number, count // 2, share=HELD) for number in ("1", "2"))
    bench.report.add("the same, each held to 15 % of a core", two / one, "x")


def _with_processes(bench: Bench, number: str, count: int, share: float = 1.0) -> float:
    """Lifecycles a second, after as many as make the processes warm."""
    bench.service.stop()
    bench.service.environment["RETURNS_WEB_PROCESSES"] = number
    bench.service.start()
    del bench.service.environment["RETURNS_WEB_PROCESSES"]
    _paid(bench, bench.jobs(8, count // 4, journey.lifecycle), count // 4)
    jobs = bench.jobs(8, count, journey.lifecycle)
    bench.quiet()
    with held_back(bench.service.parts()["web"].children(recursive=True), share):
        return _paid(bench, jobs, count)[1]


def calls(bench: Bench) -> None:
    """Creates by 1 and 8 clients, and the two questions that every storefront asks."""
    for clients, count in ((1, 200), (8, 400)):
        number = bench.count(count)
        seen = measure(bench.jobs(clients, number, journey.create), number)
        bench.failed(seen)
        name = "1 client" if clients == 1 else f"{clients} clients"
        bench.report.add(f"creates/s, {name}", seen.rate, "/s")
        for percent in (50, 99):
            bench.report.add(f"create, {name}, p{percent}", seen.percentile(percent), "ms")
    bench.quiet()
    for what, act in (("preview", journey.preview), ("returnable", journey.returnable)):
        number = bench.count(200)
        seen = measure(bench.jobs(1, number, act), number)
        bench.failed(seen)
        bench.report.add(f"{what}, p50", seen.percentile(50), "ms")


SENT = "SELECT count(*) FROM notices WHERE state = 'sent'"


def messages(bench: Bench) -> None:
    """Heaps of messages such as a lifecycle sends, one of four with a return slip, and of nothing but slips."""
    kinds = itertools.cycle([journey.create, *[journey.claim] * 3])
    _drained(bench, "messages drained by one worker", lambda client, number: next(kinds)(client, number))
    _drained(bench, "messages with a return slip drained by one worker", journey.create)


def _drained(bench: Bench, name: str, act: Act) -> None:
    """One worker against a heap: events to messages to files."""
    count = bench.count(300)
    jobs = bench.jobs(8, count, act)
    parts = bench.service.parts()
    for role in ("worker", "sweeper"):
        parts[role].send_signal(signal.SIGSTOP)
    bench.failed(measure(jobs, count))
    sent = bench.ask(SENT)
    parts["worker"].send_signal(signal.SIGCONT)
    began = time.perf_counter()
    bench.quiet()
    seconds = time.perf_counter() - began
    parts["sweeper"].send_signal(signal.SIGCONT)
    bench.report.add(name, (bench.ask(SENT) - sent) / seconds, "/s")


def start(bench: Bench) -> None:
    """From the command to the first answer, when everything is installed and migrated."""
    bench.service.stop()
    began = time.perf_counter()
    bench.service.start(whole=False)
    bench.report.add("start after installation", time.perf_counter() - began, "s")
    bench.report.add("memory of the whole run, idle", sum(memory(bench.service).values()), "MiB")


def plain_sql(bench: Bench) -> None:
    """The same rows by plain SQL, in a copy of the database; the service is down meanwhile."""
    case_id = UUID(
        str(bench.server.ask("SELECT id FROM return_cases WHERE state = 'refunded' LIMIT 1", bench.database))
    )
    bench.service.stop()
    url = f"host={bench.server.folder} user=postgres dbname={bench.server.create(bench.database)}"
    for clients in (1, 8):
        name = "1 client" if clients == 1 else f"{clients} clients"
        seen = floor.plain_sql(url, case_id, clients, bench.count(800))
        bench.failed(seen)
        bench.report.add(f"floor: lifecycles/s by plain SQL, {name}", seen.rate, "/s")
        created = floor.plain_sql(url, case_id, clients, bench.count(1000), only_create=True)
        bench.failed(created)
        bench.report.add(f"floor: creates/s by plain SQL, {name}", created.rate, "/s")
        if clients == 8 and seen.rate:
            bench.report.add("share of the plain SQL floor, 8 clients", bench.lifecycles / seen.rate, "")


def empty_route(report: Report, count: int) -> None:
    """A Flask that does nothing, on the same server."""
    with tempfile.TemporaryDirectory() as folder, floor.empty_flask(Path(folder)) as (port, server):

        def client() -> Job:
            connection = http.client.HTTPConnection("127.0.0.1", port)

            def ask() -> None:
                connection.request("GET", "/")
                connection.getresponse().read()

            return ask

        processes.eventually(lambda: _answers(client()), 10, "the empty Flask")
        tree = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
        before = sum(one.cpu_times().user + one.cpu_times().system for one in tree)
        seen = measure([client() for _ in range(8)], count)
        after = sum(one.cpu_times().user + one.cpu_times().system for one in tree)
        report.failures.extend(seen.failures)
        report.add("floor: empty Flask route, 8 clients", seen.rate, "/s")
        report.add(EMPTY_ROUTE, (after - before) / count * 1000, "ms")


def _answers(ask: Job) -> bool:
    try:
        ask()
    except OSError:
        return False
    return True
