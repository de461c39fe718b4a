"""Decisions as the contract shows them; the trace is for staff."""

from typing import Any

from returns_service.api.call import Call
from returns_service.domain.decision import Decision
from returns_service.domain.render import decision_body


def shown(decision: Decision, call: Call) -> dict[str, Any]:
    body: dict[str, Any] = decision_body(decision)
    return body if call.staff else {**body, "lines": without_trace(body["lines"])}


def without_trace(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines for somebody who must not see how the rules were tried."""
    return [{key: value for key, value in line.items() if key != "trace"} for line in lines]
