"""Clients that ask as fast as they are answered, and what they saw."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

BREATH = 0.04
"""Seconds of which a process that is held back has its share."""


@dataclass
class Seen:
    """How often a job was done in how many seconds, and how long each took."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, percent: float) -> float:
        """In milliseconds."""
        if len(self.times) < 2:
            return 0.0
        return statistics.quantiles(self.times, n=1000, method="inclusive")[int(percent * 10) - 1] * 1000


Job = Callable[[], object]


def measure(jobs: Sequence[Job], count: int) -> Seen:
    """Each client (one job each) works off its share of `count` jobs; failures are kept, not hidden."""
    seen = Seen()
    numbers = iter(range(count))
    lock = threading.Lock()
    start = threading.Barrier(len(jobs) + 1)

    def client(job: Job) -> None:
        start.wait()
        while True:
            with lock:
                if next(numbers, None) is None:
                    return
            began = time.perf_counter()
            try:
                job()
            except Exception as why:  # noqa: BLE001 - a failed job is a result of the measurement
                seen.failures.append(f"{type(why).__name__}: {why}"[:300])
            else:
                seen.times.append(time.perf_counter() - began)

    threads = [threading.Thread(target=client, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seen.seconds = time.perf_counter() - began
    return seen


@contextmanager
def held_back(processes: Sequence[psutil.Process], share: float) -> Iterator[None]:
    """Lets each process work for a share of the time only, as if the machine had more cores for the others."""
    over = threading.Event()

    def pace() -> None:
        while not over.wait(BREATH * share):
            for process in processes:
                process.suspend()
            time.sleep(BREATH * (1 - share))
            for process in processes:
                process.resume()

    pacer = threading.Thread(target=pace, daemon=True)
    if share < 1:
        pacer.start()
    try:
        yield
    finally:
        over.set()
        if share < 1:
            pacer.join()
