"""Small policies, orders and requests for the tests of the engine."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from returns_service.domain.decision import CaseFacts, Decision, SettledLine, Settlement
from returns_service.domain.order import (
    Customer,
    Discount,
    ExchangeOption,
    Fulfilment,
    FulfilmentLine,
    Order,
    OrderLine,
    Payment,
    Shipping,
    Surcharge,
)
from returns_service.domain.policy import Claim, Policy, decide, load, propose, settle
from returns_service.domain.request import Evidence, History, InspectedUnit, RequestLine, ReturnRequest

ROOT = Path(__file__).parents[3] / "policies"

POLICY = """
name: small
time_zone: Europe/Berlin
holidays: DE
"""
ELIGIBILITY = """
reasons:
  - {id: changed_mind, kind: remorse, say: Changed my mind}
  - {id: defective, kind: defect, say: Defective}
  - {id: late, kind: late, say: Too late}
  - {id: not_received, kind: not_received, say: Not received}
  - {id: withdrawal, kind: withdrawal, say: I withdraw}
  - {id: counterfeit, kind: counterfeit, say: Not genuine}
  - {id: damaged, kind: damaged, say: Damaged}
  - {id: wrong_item, kind: wrong_item, say: Wrong item}
conditions:
  - {id: unopened, say: Unopened}
  - {id: opened, marks: [opened, unsealed], say: Opened}
  - {id: used, marks: [opened, used], say: Used}
"""
WINDOWS = """
windows:
  - {id: P30, window: {days: 30, from: delivered}}
"""
FAULT = """
claimed:
  - {id: theirs, when: {request.kind: [remorse, withdrawal]}, party: customer, say: You changed your mind.}
  - {id: ours, party: merchant, say: Our fault.}
found:
  - {id: theirs-found, when: {request.kind: [remorse, withdrawal]}, party: customer, say: You changed your mind.}
  - {id: confirmed, when: {found.confirms: true}, party: supplier, say: Confirmed.}
  - {id: refuted, when: {found.refutes: true}, party: customer, say: Not confirmed.}
"""
INSPECTION = """
grades:
  - {id: A, say: As new, disposition: restock}
  - {id: B, say: Good, disposition: refurbish}
  - {id: C, say: Used, disposition: refurbish}
  - {id: D, say: Broken, disposition: scrap}
findings:
  - {id: intact, means: intact, say: Intact}
  - {id: confirmed, means: [confirms, defect], say: Confirmed}
  - {id: refuted, means: refutes, say: Refuted}
  - {id: used, means: handling, say: Used}
  - {id: misuse, means: misuse, say: Misuse}
"""
RESOLUTIONS = """
offers:
  - {id: all, offer: [refund, store_credit, exchange, replacement, repair, compensation]}
"""
DELIVERED = datetime(2026, 10, 5, 14, 20, tzinfo=UTC)
PLACED = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)
NOW = datetime(2026, 10, 10, 12, tzinfo=UTC)


def files(**changed: str) -> dict[str, str]:
    """A small policy; a keyword replaces a file (`fault=...`), `windows=` and `more=` belong to eligibility."""
    windows, more = changed.pop("windows", WINDOWS), changed.pop("more", "")
    found = {
        "policy.yaml": POLICY,
        "eligibility.yaml": ELIGIBILITY + windows + more,
        "fault.yaml": FAULT,
        "inspection.yaml": INSPECTION,
        "resolutions.yaml": RESOLUTIONS,
    }
    found |= {f"{name}.yaml": text for name, text in changed.items()}
    return found


def small(*, laws: Mapping[str, str] | None = None, **changed: str) -> Policy:
    return load(files(**changed), laws=laws)


@cache
def shipped(name: str, version: int = 1) -> Policy:
    """A policy of the product, with its floors."""
    return load(texts(ROOT / name), version=version, laws=texts(ROOT / "law"))


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.glob("*.yaml"))}


def parcel(name: str, delivered: datetime | None = DELIVERED, /, **lines: int) -> Fulfilment:
    parts = tuple(FulfilmentLine(line.removeprefix("l"), count) for line, count in lines.items())
    return Fulfilment(name, parts, "dhl", "003", datetime(2026, 10, 2, 12, tzinfo=UTC), delivered)


def line(**changes: Any) -> OrderLine:
    known: dict[str, Any] = {"id": "1", "sku": "SHIRT-M", "title": "Shirt", "quantity": 2, "unit_price": 5000}
    return OrderLine(**{**known, "category": "apparel/shirts", **changes})


def order(*lines: OrderLine, **changes: Any) -> Order:
    """An order, delivered in one parcel and paid by one card unless told otherwise."""
    bought = lines or (line(),)
    known: dict[str, Any] = {
        "id": "1001", "number": "1001", "country": "DE", "currency": "EUR", "placed_at": PLACED,
        "customer": Customer("ana@example.com", id="c1"), "lines": bought,
        "fulfilments": (parcel("f1", changes.pop("delivered", DELIVERED), **{f"l{x.id}": x.quantity for x in bought}),),
        "shipping": Shipping("express", 1290, 490),
    }  # fmt: skip
    made = Order(**{**known, **changes})
    if "payments" in changes:
        return made
    total = sum(made.paid.values()) + made.shipping.paid + sum(s.amount for s in made.surcharges)
    return Order(**{**known, **changes, "payments": (Payment("p1", captured=total),)})


def ask(
    policy: Policy,
    bought: Order | None = None,
    reason: str = "changed_mind",
    quantity: int = 1,
    *,
    at: datetime = NOW,
    history: History | None = None,
    method: str = "mail",
    language: str = "en",
    request: Mapping[str, Any] | None = None,
    **wish: Any,
) -> Decision:
    """The decision on one line."""
    bought = bought or order()
    wanted = RequestLine(wish.pop("line_id", "1"), quantity, reason, **wish)
    whole = ReturnRequest((wanted,), method, attributes=request or {})
    return decide(policy, bought, whole, history or History(), at, language=language)


def end(
    policy: Policy,
    bought: Order | None = None,
    reason: str = "changed_mind",
    quantity: int = 1,
    *,
    units: tuple[InspectedUnit, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    at: datetime = NOW,
    goods_return: bool = True,
    history: History | None = None,
    days_late: int | None = None,
    **wish: Any,
) -> Settlement:
    """The settlement of one line after its inspection."""
    bought = bought or order()
    decision = ask(policy, bought, reason, quantity, at=at, history=history, **wish)
    request = ReturnRequest((RequestLine("1", quantity, reason, **wish),))
    claim = Claim(bought, request.lines[0], request, at, evidence, decision.lines[0].slots)
    found = tuple(propose(policy, claim, unit) for unit in units)
    settled = SettledLine(
        "L1", "1", decision.lines[0].slots, reason, wish.get("resolution", "refund"), wish.get("condition"),
        wish.get("exchange_for"), received=sum(unit.quantity for unit in found), units=found,
    )  # fmt: skip
    facts = CaseFacts(
        bought, request, (settled,), history or History(), at, evidence, goods_return, days_late=days_late
    )
    return settle(policy, facts, at)


def unit(*findings: str, grade: str | None = None, quantity: int = 1, **more: Any) -> InspectedUnit:
    return InspectedUnit("1", quantity, grade, findings, **more)


def codes(decision: Decision) -> list[str]:
    return [refusal.code for refusal in decision.lines[0].refusals]


def example_order() -> Order:
    """The order of the contract."""
    shirt = line(
        unit_price=5990,
        discount=1000,
        tax=1754,
        exchange_options=(ExchangeOption("SHIRT-L", "Linen shirt L", 5990, 12),),
    )
    return order(
        shirt,
        discounts=(Discount("WELCOME", 500),),
        surcharges=(Surcharge("Platform fee", 800),),
        payments=(Payment("p1", "card", "sandbox", "pay_123", 12570),),
    )
