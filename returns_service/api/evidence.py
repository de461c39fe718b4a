"""A fact from outside, as an accepted body tells it."""

from collections.abc import Mapping
from typing import Any

from returns_service.api.schemas.fields import instant
from returns_service.domain.errors import Fault, InvalidMany
from returns_service.domain.request import Evidence


def evidence_of(body: Mapping[str, Any]) -> Evidence:
    """Its time is `at`, there or in its data. Raises InvalidMany."""
    at = body["at"] or instant(body["data"].get("at"))
    if at is None and body["data"].get("at") is not None:
        detail = "Write instants by RFC 3339, such as 2026-10-05T14:20:00Z."
        raise InvalidMany([Fault("/data/at", "instant", detail)])
    return Evidence(body["type"], body["data"], at)
