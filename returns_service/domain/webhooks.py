"""Webhooks out, after the Standard Webhooks specification: what is sent, when it is tried again, when to stop."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

FORMATS = ("standard", "cloudevents")

SCHEDULE = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)
"""Pauses after the first, second, ... try: 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h; ten tries in all."""

GIVE_UP_AFTER = timedelta(days=5)
"""An endpoint that fails for so long is disabled."""

GONE = 410
"""The endpoint says that it is gone: it is disabled at once."""

QUIET = timedelta(seconds=30)
"""A failing endpoint is left alone for so long, whatever else is to be sent to it."""

OVERLAP = timedelta(hours=24)
"""An old secret keeps signing beside the new one."""


@dataclass(frozen=True)
class Verdict:
    """What follows from one try."""

    delivered: bool = False
    again_at: datetime | None = None
    disable: str = ""


def judge(
    status: int | None,
    *,
    tries: int,
    failing_since: datetime | None,
    retry_after: timedelta | None,
    now: datetime,
) -> Verdict:
    """`tries` counts this one. Only 2xx is a success; a redirect is a failure and is not followed."""
    if status is not None and 200 <= status < 300:
        return Verdict(delivered=True)
    if status == GONE:
        return Verdict(disable="The endpoint answered 410 Gone.")
    if failing_since is not None and now - failing_since >= GIVE_UP_AFTER:
        return Verdict(disable=f"The endpoint has failed since {failing_since:%Y-%m-%d %H:%M} UTC.")
    if tries > len(SCHEDULE):
        return Verdict()
    pause = SCHEDULE[tries - 1] * random.uniform(1, 1.2)  # noqa: S311 - spreads load, guards nothing
    return Verdict(again_at=now + max(pause, retry_after or pause))


def wanted(types: Sequence[str], event_type: str) -> bool:
    """Whether an endpoint asked for this type; an empty list means all, `refund.*` a family."""
    family = f"{event_type.partition('.')[0]}.*"
    return not types or event_type in types or family in types


def standard_body(event: Mapping[str, Any]) -> dict[str, Any]:
    """The payload that the specification recommends: type, timestamp, data."""
    return {"type": event["type"], "timestamp": event["at"], "data": dict(event)}


def cloud_event(event: Mapping[str, Any], source: str) -> dict[str, Any]:
    """The same fact as a structured CloudEvent."""
    return {
        "specversion": "1.0",
        "id": event["id"],
        "source": source,
        "type": event["type"],
        "subject": event["return_id"],
        "time": event["at"],
        "datacontenttype": "application/json",
        "data": dict(event),
    }


def secrets_in_force(secrets: Sequence[Mapping[str, Any]], now: datetime) -> list[str]:
    """The newest secret and those whose overlap is not over."""
    return [
        secret["secret"]
        for secret in secrets
        if secret.get("until") is None or datetime.fromisoformat(secret["until"]) > now
    ]
