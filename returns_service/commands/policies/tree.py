"""A decision as a tree for people: the answer, the money, and every rule that was looked at."""

from collections.abc import Iterator, Mapping
from typing import Any

Body = Mapping[str, Any]


def tree(body: Body, titles: Mapping[str, str]) -> Iterator[str]:
    """Lines of the tree."""
    verdict = "can be returned" if body["eligible"] else "cannot be returned"
    policy = body["policy"]
    yield f"{verdict} · review {body['review']} · policy {policy['name']} v{policy['version']} {policy['hash'][:19]}"
    for reason in body["review_reasons"]:
        yield f"├─ a person looks: {reason}"
    for line in body["lines"]:
        yield from _line(line, titles.get(line["order_line_id"], ""), body["currency"])
    if body["quote"]:
        yield from _quote(body["quote"], body["currency"])


def _line(line: Body, title: str, currency: str) -> Iterator[str]:
    mark = "✓" if line["eligible"] else "✗"
    yield f"├─ {mark} line {line['order_line_id']} {title} × {line['quantity']} ({line['returnable_quantity']} returnable) · basis {line['basis']}"
    window = line["window"]
    if window:
        closes = (
            f"until {window['closes_on']} ({window['closes_at']}, {window['time_zone']})"
            if window["closes_at"]
            else "no end"
        )
        yield f"│  ├─ window {window['rule']}: {closes}"
    for refusal in line["refusals"]:
        yield f"│  ├─ refused {refusal['code']} [{refusal['rule']}]: {refusal['message']}"
    for needed in line["evidence"]:
        yield f"│  ├─ evidence {needed['type']} × {needed['count']} [{needed['rule']}]: {needed['message']}"
    if line["fault"]:
        fault = line["fault"]
        yield f"│  ├─ fault {fault['party']}{' (final)' if fault['final'] else ''} [{fault['rule']}]: {fault['message']}"
    for offer in line["offers"]:
        yield f"│  ├─ offer {offer['resolution']}: {offer['amount']} {currency} (freight {offer['freight']}) by {offer['method']}"
    for part in line.get("outcome") or ():
        yield f"│  ├─ outcome {part['quantity']} × {part['resolution']}: {part['amount']} {currency} · {part['disposition'] or '-'}"
    yield from _trace(line["trace"])


def _trace(trace: list[Body]) -> Iterator[str]:
    last = None
    for step in trace:
        if step["question"] != last:
            yield f"│  ├─ {step['question']}"
            last = step["question"]
        yield f"│  │  {'●' if step['held'] else '○'} {step['rule']}{' - ' if step['because'] else ''}{because(step['because'])}"


def because(failed: Body | None) -> str:
    """Which fact failed a rule, what was wanted and what was; empty for one that holds."""
    if failed is None:
        return ""
    by = f" (by {failed['by']})" if "by" in failed else ""
    return f"{failed['fact']} is {_shown(failed['was'])}, wanted {_shown(failed['wanted'])}{by}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    if isinstance(value, dict):
        return " ".join(f"{key} {_shown(inner)}" for key, inner in value.items())
    return "unknown" if value is None else str(value)


def _quote(quote: Body, currency: str) -> Iterator[str]:
    yield "└─ money"
    for figure in quote.get("figures", ()):
        if figure["part"] != "tax":
            rule = f" [{figure['rule']}]" if figure["rule"] else ""
            yield f"   ├─ {figure['part']} {figure['amount']}{rule}: {figure['message']}"
    yield f"   └─ total {quote['total']} {currency}"
