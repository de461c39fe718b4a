"""Decisions of the policy engine: the shipped `standard` policy, one line, in this process."""

import time
from datetime import UTC, datetime

from returns_service.api.bodies import order_from, request_from
from returns_service.config import DEFAULT_POLICIES
from returns_service.domain.policy import decide, load
from returns_service.domain.request import History
from returns_service.store import policy_folder
from tests.bench import journey
from tests.bench.report import Report

SECONDS = 2.0


def measure(report: Report) -> None:
    files = policy_folder.read(DEFAULT_POLICIES / "standard")
    policy = load(files, name="standard", version=1, laws=policy_folder.laws(DEFAULT_POLICIES))
    number, body = journey.order()
    order, request = order_from(body, number), request_from(journey.request(number))
    now = datetime.now(UTC)
    for trace in (False, True):
        until, count = time.perf_counter() + SECONDS, 0
        while time.perf_counter() < until:
            decide(policy, order, request, History(), now, language="en", trace=trace)
            count += 1
        report.add(f"policy decisions, trace {'on' if trace else 'off'}", count / SECONDS, "/s")
