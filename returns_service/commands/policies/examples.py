"""examples.yaml: named cases with the decision and the amounts that are expected, and the rules they reach.

orders: {shirt: {...an order body...}}
examples:
  - id: changed-mind
    order: shirt
    with: {country: GB, lines.0.category: beauty/creams}    # changes to that order
    at: 2026-10-10T12:00:00Z
    request: {reason: changed_mind}                          # a line; or {lines: [...], return_method: store}
    findings: {grade: A, findings: [intact]}                 # a unit group; or the body of an inspection
    expect: {eligible: true, total: "51.50", closes_on: 2026-11-04}
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from returns_service.api.bodies import Findings
from returns_service.commands.policies import bodies
from returns_service.commands.policies.tree import because
from returns_service.domain.errors import Refusal
from returns_service.domain.policy import Policy
from returns_service.domain.policy.facts import Facts
from returns_service.domain.policy.literals import written
from returns_service.domain.policy.problems import Problem, Wrong, nearest
from returns_service.domain.policy.rules import Question, Rule, Trace
from returns_service.domain.policy.source import Listing, Node, Scalar, Table, read
from returns_service.domain.request import History

_KEYS = ("id", "order", "with", "at", "request", "findings", "evidence", "history", "expect", "about")
_REQUEST_KEYS = ("return_method", "language", "comment", "attributes", "lines")
FILE = "examples.yaml"


@dataclass
class Report:
    """What the examples of one policy said."""

    ran: int = 0
    failed: list[Problem] = field(default_factory=list)
    reached: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, eq=False)
class _Watched(Question):
    """A question that notes which of its rules held."""

    reached: set[tuple[str, str]] = field(default_factory=set)

    def first(self, facts: Facts, trace: Trace | None = None) -> Rule | None:
        rule = super().first(facts, trace)
        if rule is not None:
            self.reached.add((self.name, rule.id))
        return rule

    def every(self, facts: Facts, trace: Trace | None = None) -> Sequence[Rule]:
        rules = super().every(facts, trace)
        self.reached.update((self.name, rule.id) for rule in rules)
        return rules


def run(policy: Policy, text: str | None) -> Report:
    """Run every example."""
    report = Report()
    watched = {
        name: _Watched(q.name, q.rules, q.default, q.words, q.read, reached=report.reached)
        for name, q in policy.questions.items()
    }
    policy = replace(policy, questions=watched)
    try:
        node = read(text, FILE) if text else None
        for example in _examples(node):
            report.ran += 1
            report.failed += _run(policy, example, _orders(node))
    except Wrong as wrong:
        report.failed += wrong.problems
    return report


def _section(node: Node | None, name: str) -> Node | None:
    if node is None:
        return None
    if not isinstance(node, Table):
        raise node.wrong("table", "examples.yaml has two keys: orders and examples.")
    for key, where in node.keys.items():
        if key not in ("orders", "examples"):
            raise where.wrong(
                "unknown_key", f"There is no key {key!r} here.{nearest(key, ('orders', 'examples'))}"
            )
    return node.entries.get(name)


def _examples(node: Node | None) -> Iterator[Table]:
    found = _section(node, "examples")
    for item in found.items if isinstance(found, Listing) else ():
        if not isinstance(item, Table):
            raise item.wrong("table", "An example is a table with id, order, at, request and expect.")
        for key, where in item.keys.items():
            if key not in _KEYS:
                raise where.wrong("unknown_key", f"An example has no key {key!r}.{nearest(key, _KEYS)}")
        yield item


def _orders(node: Node | None) -> Mapping[str, Any]:
    found = _section(node, "orders")
    return {name: plain(inner) for name, inner in found.entries.items()} if isinstance(found, Table) else {}


def plain(node: Node) -> Any:
    """A node as JSON would have it; null, true, false and whole numbers as such, amounts stay text."""
    if isinstance(node, Scalar):
        return None if node.null else written(node)
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    entries = node.entries if isinstance(node, Table) else {}
    return {key: plain(inner) for key, inner in entries.items()}


def _run(policy: Policy, example: Table, orders: Mapping[str, Any]) -> list[Problem]:
    try:
        asked = _asked(example, orders)
        decision, settlement = bodies.answer(policy, asked)
    except Refusal as refusal:
        said = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in refusal.faults) or refusal.detail
        return [example.wrong("example", f"{_id(example)}: {said}").problem]
    expected = example.entries.get("expect")
    if not isinstance(expected, Table):
        return [example.wrong("example", f"{_id(example)}: an example needs `expect`.").problem]
    body = bodies.body(decision, settlement)
    return list(_compare(_id(example), expected, facts_of(body), body["lines"][0]["trace"]))


def _id(example: Table) -> str:
    found = example.entries.get("id")
    return found.text if isinstance(found, Scalar) else "an example"


def _asked(example: Table, orders: Mapping[str, Any]) -> bodies.Asked:
    body = _order(example, orders)
    request = _request(example, body)
    order, wanted = bodies.order_of(body, request), bodies.request_of(request)
    history = example.entries.get("history")
    return bodies.Asked(
        order,
        wanted,
        _at(example),
        bodies.history_of(plain(history), order) if history else History(),
        _findings(example, request),
    )


def _order(example: Table, orders: Mapping[str, Any]) -> dict[str, Any]:
    node = example.entries.get("order")
    if node is None:
        raise example.wrong("example", f"{_id(example)}: an example needs an order.")
    if isinstance(node, Table):
        body = plain(node)
    elif isinstance(node, Scalar) and node.text in orders:
        body = deepcopy(orders[node.text])
    else:
        raise node.wrong("example", f"There is no such order.{nearest(getattr(node, 'text', ''), orders)}")
    changes = example.entries.get("with")
    for path, value in changes.entries.items() if isinstance(changes, Table) else ():
        _put(body, path, plain(value), value)
    return dict(body)


def _put(body: Any, path: str, value: Any, node: Node) -> None:
    """Set `lines.0.category` and the like."""
    *way, last = path.split(".")
    try:
        for step in way:
            body = body[int(step)] if isinstance(body, list) else body.setdefault(step, {})
        if isinstance(body, list):
            body[int(last)] = value
        else:
            body[last] = value
    except (LookupError, ValueError, TypeError, AttributeError):
        raise node.wrong("example", f"The order has no place {path!r}.") from None


def _request(example: Table, order: Mapping[str, Any]) -> dict[str, Any]:
    node = example.entries.get("request")
    said = plain(node) if isinstance(node, Table) else {}
    whole = {key: said.pop(key) for key in _REQUEST_KEYS if key in said}
    lines = whole.pop("lines", None) or [said]
    first = order["lines"][0]["id"] if order.get("lines") else "1"
    filled = [{"order_line_id": first, "quantity": 1, **line} for line in lines]
    return {"order_id": "example", **whole, "lines": filled}


def _at(example: Table) -> datetime:
    node = example.entries.get("at")
    try:
        at = datetime.fromisoformat(node.text) if isinstance(node, Scalar) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise example.wrong("example", f"{_id(example)}: `at` is an instant such as 2026-10-10T12:00:00Z.")
    return at


def _findings(example: Table, request: Mapping[str, Any]) -> Findings | None:
    node, more = example.entries.get("findings"), example.entries.get("evidence")
    if node is None and more is None:
        return None
    said = plain(node) if node is not None else None
    if said is not None and "lines" not in said:
        evidence, handed_in = said.pop("evidence", []), said.pop("handed_in_at", None)
        line = request["lines"][0]
        said = {
            "lines": [{"line_id": line["order_line_id"], "units": [{"quantity": line["quantity"], **said}]}],
            "evidence": evidence,
            "handed_in_at": handed_in,
        }
    said = said or {}
    return bodies.findings_of(
        {**said, "evidence": [*said.get("evidence", []), *(plain(more) if more else [])]}
    )


def facts_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """What an example may expect, by name: of the first line, and of the whole."""
    line, quote = body["lines"][0], body["quote"] or {}
    window, fault = line["window"] or {}, line["fault"] or {}
    outcome = (line.get("outcome") or [{}])[0]
    return {
        **{name: quote.get(name) for name in quote if name not in ("figures", "tenders")},
        "eligible": body["eligible"],
        "review": body["review"],
        "basis": line["basis"],
        "returnable": line["returnable_quantity"],
        "closes_at": window.get("closes_at"),
        "closes_on": window.get("closes_on"),
        "window": window.get("rule"),
        "refusals": [refusal["code"] for refusal in line["refusals"]],
        "evidence": [needed["type"] for needed in line["evidence"] if needed["missing"]],
        "fault": fault.get("party"),
        "fault_rule": fault.get("rule"),
        "offers": [offer["resolution"] for offer in line["offers"]],
        "amounts": {offer["resolution"]: offer["amount"] for offer in line["offers"]},
        "outcome": outcome.get("resolution"),
        "disposition": outcome.get("disposition"),
        "outcomes": [[part["quantity"], part["resolution"]] for part in line.get("outcome") or []],
        "final": body.get("final"),
        "location": body["return_location"],
        "ship_by": body["ship_by"],
        "pay_when": body["pay_when"],
        "goods_return": body["goods_return"],
        "tenders": {share["payment_id"] or "credit": share["amount"] for share in quote.get("tenders", ())},
    }


def _compare(
    name: str, expected: Table, found: Mapping[str, Any], trace: Sequence[Mapping[str, Any]]
) -> Iterator[Problem]:
    for key, node in expected.entries.items():
        where = expected.keys[key]
        if key not in found:
            yield where.wrong("example", f"{name}: nothing is called {key!r}.{nearest(key, found)}").problem
            continue
        wanted = plain(node)
        if not _same(wanted, found[key]):
            said = f"{name}: {key} should be {wanted!r} but is {found[key]!r}.{_why(key, trace)}"
            yield where.wrong("example", said).problem


_ASKED = {
    "eligible": ("window", "exclusion", "limit"),
    "refusals": ("window", "exclusion", "limit"),
    "closes_on": ("window", "extension"),
    "window": ("window",),
    "review": ("review",),
    "fault": ("fault",),
    "fault_rule": ("fault",),
    "offers": ("offer",),
    "evidence": ("evidence",),
    "return_freight": ("freight", "freight_cover"),
    "restocking": ("restocking",),
    "deductions": ("deductions",),
    "outbound_shipping": ("outbound",),
    "outcome": ("outcomes",),
}
"""Which questions speak about what an example expects."""
_MOST_REASONS = 3


def _why(key: str, trace: Sequence[Mapping[str, Any]]) -> str:
    """The rules that were looked at in vain, each with the fact that failed it."""
    failed = [step for step in trace if step["question"] in _ASKED.get(key, ()) and not step["held"]]
    words = [f"{step['rule']} ({said})" for step in failed if (said := because(step["because"]))]
    return f" Did not hold: {'; '.join(words[:_MOST_REASONS])}." if words else ""


def _same(wanted: Any, was: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(was, dict):
        return all(str(was.get(key)) == str(value) for key, value in wanted.items())
    if isinstance(wanted, list) or isinstance(was, list):
        return [str(x) for x in wanted or []] == [str(x) for x in was or []]
    return wanted == was or (
        wanted is not None and was is not None and str(wanted).lower() == str(was).lower()
    )


SILENT = (
    "service_levels.deadlines",
    "service_levels.objections",
    "service_levels.refund_due",
    "notifications.notices",
)
"""Questions that no decision asks, so that no example can reach them."""


def unreached(policy: Policy, report: Report) -> Sequence[Problem]:
    """Rules that no example reaches."""
    return [
        Problem(
            rule.file,
            rule.line,
            f"No example reaches the rule {rule.id!r} of {name.split('.')[1]}.",
            "not_covered",
        )
        for name, asked in policy.questions.items()
        if name not in SILENT
        for rule in asked.rules
        if (name, rule.id) not in report.reached
    ]
