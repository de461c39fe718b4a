"""Decisions of the policy engine in this process: twenty rules beside the same by hand, and the whole of `standard`."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from returns_service.api.bodies import order_from, request_from
from returns_service.config import DEFAULT_POLICIES
from returns_service.domain.policy import decide, load, verdict
from returns_service.domain.policy.facts import Context
from returns_service.domain.request import History
from returns_service.store import policy_folder
from tests.bench import journey, twenty_rules
from tests.bench.report import Report

SECONDS = 2.0


def measure(report: Report) -> None:
    number, body = journey.order()
    order, request = order_from(body, number), request_from(journey.request(number))
    now, history = datetime.now(UTC), History()
    small = load(twenty_rules.FILES)
    line, wanted = order.lines[0], request.lines[0]

    def context() -> Context:
        return Context(
            small,
            order,
            request,
            history,
            now,
            small.zone(order.country),
            line,
            wanted,
            order.fulfilments[0],
            (0,),
        )

    report.add("policy decisions, trace off", _rate(lambda: verdict(small, context())), "/s")
    report.add("policy decisions, trace on", _rate(lambda: verdict(small, context(), [])), "/s")
    report.add("policy decisions, the same by hand", _rate(lambda: twenty_rules.by_hand(context())), "/s")
    files = policy_folder.read(DEFAULT_POLICIES / "standard")
    whole = load(files, name="standard", laws=policy_folder.laws(DEFAULT_POLICIES))
    report.add(
        "whole decisions with law, offers and money",
        _rate(lambda: decide(whole, order, request, history, now)),
        "/s",
    )


def _rate(work: Callable[[], object]) -> float:
    """A second of this process's own time: what others do on the machine does not count."""
    until, count = time.process_time() + SECONDS, 0
    while time.process_time() < until:
        work()
        count += 1
    return count / SECONDS
