"""I2, I3, I9, I11: units, states, history and decisions."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tests.faults.record import Record, plain

LEGAL = {
    "requested": {"approved", "received", "rejected", "info_requested", "cancelled"},
    "info_requested": {"requested", "cancelled", "expired"},
    "rejected": {"approved", "received"},
    "approved": {"shipped_back", "received", "settling", "cancelled", "expired"},
    "shipped_back": {"received", "settling", "expired"},
    "received": {"inspected", "settling"},
    "inspected": {"received", "settling"},
    "settling": {"refunded", "replaced", "closed"},
    "refunded": {"settling", "received"},
    "replaced": {"settling", "received"},
    "closed": {"settling", "received"},
    "cancelled": {"received"},
    "expired": {"received"},
}
"""Section 3 of the design, written down a second time."""
ONCE = {"return.requested", "return.approved", "return.rejected", "return.cancelled", "return.shipped"}


def i2(record: Record) -> Iterator[str]:
    """Never more units held than bought; a unit is received once."""
    bought = {
        (row["id"], line["id"]): line["quantity"] for row in record.orders for line in row["frozen"]["lines"]
    }
    held = Counter(
        (row["order_id"], row["order_line_id"], row["slot"]) for row in record.holds if row["active"]
    )
    for (order, line, slot), times in held.items():
        if times > 1 or not 0 <= slot < bought.get((order, line), 0):
            yield f"unit {slot} of line {line} is held {times} times; {bought.get((order, line))} were bought"
    counted: Counter[str] = Counter()
    for receipt in record.receipts:
        for one in receipt["lines"]:
            counted[plain(one["line_id"])] += one["quantity"]
    for row in record.lines:
        if row["received_quantity"] > row["quantity"] or row["inspected_quantity"] > row["received_quantity"]:
            yield f"more came than was announced: {row['id']} {row['received_quantity']} of {row['quantity']}"
        if counted[row["id"]] != row["received_quantity"]:
            yield f"line {row['id']}: receipts say {counted[row['id']]}, the line {row['received_quantity']}"


def stories(record: Record) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for fact in record.events:
        found[fact["case_id"]].append(fact)
    return found


def i3(record: Record) -> Iterator[str]:
    """The state is what the history tells; no gap in it, no move that is not allowed."""
    told = stories(record)
    for case in record.cases:
        story, state = told[case["id"]], None
        if [fact["seq"] for fact in story] != list(range(1, case["seq"] + 1)):
            yield f"a gap in {case['number']}"
        for fact in story:
            after = fact["data"].get("to")
            if not after or fact["type"].startswith("refund."):
                continue
            if state is not None and after != state and after not in LEGAL[state]:
                yield f"{case['number']} went from {state} to {after}"
            if state is not None and fact["data"].get("from") not in (None, state):
                yield f"{case['number']} was {state}, the fact says {fact['data']['from']}"
            state = after
        if state != case["state"]:
            yield f"{case['number']} is {case['state']}, told {state}"


def i9(record: Record) -> Iterator[str]:
    """One entry per move, with actor and policy; the chain holds; the service's own verifications agree."""
    told = stories(record)
    for case in record.cases:
        yield from _chain(case, told[case["id"]])
        kinds = Counter(fact["type"] for fact in told[case["id"]])
        for kind in ONCE & set(kinds):
            if kinds[kind] > 1:
                yield f"{case['number']} tells twice: {kind}"
        if case["policy_version_id"] is None:
            yield f"{case['number']} has no policy"
    for name, said in record.books.items():
        if said:
            yield f"{name}: {said}"


def _chain(case: dict[str, Any], story: list[dict[str, Any]]) -> Iterator[str]:
    before = ""
    for fact in story:
        if not fact["actor"].get("kind"):
            yield f"{case['number']}: a fact without an actor"
        if fact["digest"] != _digest(fact, before):
            yield f"{case['number']}: the chain breaks at {fact['seq']}"
        before = fact["digest"]
    if before != case["head"]:
        yield f"{case['number']}: the head is not the last fact"


def chained(story: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same facts, each with the digest it should have."""
    before = ""
    for fact in story:
        before = fact["digest"] = _digest(fact, before)
    return story


def _digest(fact: dict[str, Any], before: str) -> str:
    at = fact["at"]
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    case_id = fact["case_id"]
    dashed = "-".join((case_id[:8], case_id[8:12], case_id[12:16], case_id[16:20], case_id[20:]))
    said = [
        dashed,
        fact["seq"],
        fact["type"],
        at.isoformat(),
        fact["actor"],
        fact["version"],
        fact["data"],
        before,
    ]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def i11(record: Record) -> Iterator[str]:
    """Every case names its policy, and was decided as it was when it was only asked about."""
    policies = {row["id"]: row["hash"] for row in record.policies}
    cases = {row["id"]: row for row in record.cases}
    for case in cases.values():
        if case["policy_version_id"] not in policies:
            yield f"{case['number']} names a policy that nobody published"
    decided = {row["case_id"]: row["decision"] for row in record.lines}
    for case_id, preview in record.log.previews:
        case = cases.get(plain(case_id))
        if case is None:
            continue
        if preview["policy"]["hash"] != policies.get(case["policy_version_id"]):
            yield f"{case['number']}: asked about under another policy"
        seen, kept = preview["lines"][0], decided[case["id"]]
        if any(seen[name] != kept.get(name) for name in ("eligible", "fault", "refusals") if name in kept):
            yield f"{case['number']}: decided otherwise than it was asked about"
