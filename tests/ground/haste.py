"""Outages last seconds in tests, so patience does too: the service's waiting times, a tenth and less of what they are."""

from datetime import timedelta
from typing import Any

from returns_service.adapters import bell
from returns_service.adapters.messages import smtp
from returns_service.adapters.payments import sandbox as sandbox_adapter
from returns_service.api import limits
from returns_service.domain import notices as notice_rules
from returns_service.domain import webhooks
from returns_service.jobs import relay, sweeper
from returns_service.sandbox import gateway
from returns_service.sandbox import webhooks as teller
from returns_service.store import db
from returns_service.usecases import record_notice, record_refund, record_webhook, write_notices
from returns_service.worker import Worker

CALM = 0.3
"""Seconds between two looks of the sweeper; other times follow it."""


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


TIMES: dict[Any, dict[str, Any]] = {
    relay: {"LEASE": _seconds(8), "BEGIN_FOR": _seconds(1), "LONGEST_PAUSE": _seconds(0.5)},
    sweeper: {"EVERY": _seconds(CALM), "LEASE": _seconds(5 * CALM), "OVERDUE": _seconds(5 * CALM)},
    record_refund: {"SOONEST": _seconds(0.3), "LATEST": _seconds(2)},
    record_notice: {"FIRST_PAUSE": _seconds(0.3), "LONGEST_PAUSE": _seconds(1)},
    write_notices: {"A_MOMENT": _seconds(0.2)},
    notice_rules: {"ORDER_PATIENCE": _seconds(10)},
    record_webhook: {"QUIET": _seconds(0.3)},
    webhooks: {"SCHEDULE": tuple(map(_seconds, (0.3, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)))},
    sandbox_adapter: {"CONNECT": 1.0},
    bell: {"COALESCE_MS": 400, "SULK": 0.5},
    limits: {"_SULK": 0.5},
    db: {"BUSY_TIMEOUT_MS": 8000, "LOCK_TIMEOUT_MS": 4000},
    Worker: {"max_connection_wait_time": CALM},
    teller: {"DELAYS": (0.1, 0.2, 0.3, *[0.5] * 60)},
}


def install() -> None:
    """In this process and in those that it forks."""
    for owner, times in TIMES.items():
        for name, value in times.items():
            assert hasattr(owner, name), f"{owner} has no {name} any more"
            setattr(owner, name, value)
    sandbox_adapter.SandboxGateway.__init__.__kwdefaults__["answer_within"] = 1.0
    smtp.Smtp.__init__.__kwdefaults__["timeout"] = 3.0
    gateway.Timing.__init__.__defaults__ = (1.3, 0.4, 0.3)
