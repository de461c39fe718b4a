"""Examples of the API document about policies. Tests hold each against its schema."""

from typing import Any

from returns_service.api.schemas import policies

_AT = "2026-10-06T08:00:00Z"
_ID = "01928f6c-7b1a-7c3e-9d52-3f1b8f0a6c13"

POLICY: dict[str, Any] = {"name": "standard", "version": 3, "hash": "sha256:5f1d8e0c"}
POLICY_VERSION: dict[str, Any] = POLICY | {
    "effective_from": _AT,
    "published_by": "folder",
    "note": "",
    "created_at": _AT,
}
POLICY_DIFF: dict[str, Any] = {
    "name": "standard",
    "old": 2,
    "new": 3,
    "asked": "stored",
    "cases": 400,
    "changes": [
        {
            "kind": "money",
            "what": "less",
            "cases": 212,
            "difference": "-212.00",
            "currency": "EUR",
            "reasons": ["changed_mind", "too_small"],
            "examples": ["R-7F3K-92QD"],
        }
    ],
    "files": [{"name": "charges.yaml", "lines": ['-    fixed: {EUR: "4.90"}', '+    fixed: {EUR: "5.90"}']}],
}
SIMULATION: dict[str, Any] = {
    "id": _ID,
    "name": "standard",
    "base": 3,
    "since": "2026-07-01T00:00:00Z",
    "state": "running",
    "cases": 9_214,
    "done": 2_000,
    "changed": 431,
    "effects": [
        {
            "kind": "money",
            "cases": 431,
            "difference": "-431.00",
            "currency": "EUR",
            "numbers": ["R-7F3K-92QD"],
        }
    ],
    "problem": "",
    "actor": {"kind": "staff", "name": "Ben Weber"},
    "created_at": _AT,
    "updated_at": _AT,
    "links": {"self": f"/v1/policies/standard/simulations/{_ID}"},
}
_STEP: dict[str, Any] = {"question": "window", "rule": "thirty-days", "held": True, "because": None}
CASE_TRACE: dict[str, Any] = {
    "id": _ID,
    "number": "R-7F3K-92QD",
    "policy": POLICY,
    "final": True,
    "review_reasons": [],
    "lines": [
        {"line_id": _ID, "order_line_id": "1", "decision": [_STEP], "settlement": [_STEP], "fault": None}
    ],
}
BY_SCHEMA: dict[Any, Any] = {
    policies.CaseTrace: CASE_TRACE,
    policies.Diff: POLICY_DIFF,
    policies.PolicyText: POLICY_VERSION | {"files": {"policy.yaml": "name: standard\n"}, "laws": {}},
    policies.PolicyVersion: POLICY_VERSION,
    policies.Simulation: SIMULATION,
}
