"""A policy of twenty rules, and the same rules written by hand in Python: what the engine's generality costs."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from returns_service.domain.policy.facts import Context

FILES = {
    "policy.yaml": "name: twenty\ntime_zone: Europe/Berlin\n",
    "eligibility.yaml": """
reasons:
  - {id: changed_mind, kind: remorse, say: Changed my mind}
  - {id: defective, kind: defect, say: Defective}
  - {id: damaged_in_transit, kind: damaged, say: Damaged}
  - {id: wrong_item, kind: wrong_item, say: Wrong item}
  - {id: not_received, kind: not_received, say: Not received}
conditions:
  - {id: opened_unused, marks: [opened], say: Opened}
  - {id: unsealed, marks: [opened, unsealed], say: Unsealed}
windows:
  - {id: defect, when: {request.kind: defect}, window: {years: 2}}
  - {id: damage, when: {request.kind: [damaged, wrong_item]}, window: {hours: 48}}
  - {id: not-received, when: {request.kind: not_received}, window: {days: 90, from: placed, before_delivery: true}}
  - {id: gold, when: {customer.tier: gold, request.kind: remorse}, window: {days: 60}}
  - {id: thirty-days, window: {days: 30}}
exclusions:
  - {id: final-sale, when: {line.final_sale: true}, code: final_sale, never_for: [defect], say: Final sale.}
  - {id: hygiene, when: {line.category: {under: beauty}, condition.unsealed: true}, code: hygiene, say: Hygiene.}
  - {id: digital, when: {line.digital: true}, code: digital, say: Digital.}
  - {id: gift-card, when: {line.category: {under: gift-cards}}, code: gift_card, say: Gift card.}
limits:
  - {id: many, when: {customer.returns: {gte: 10}}, code: many, say: Too many.}
  - {id: bank, when: {order.chargeback: open}, code: bank, say: The bank is looking.}
review:
  - {id: high, when: {request.value: {gte: "500.00"}}, review: manual}
  - {id: clear, review: auto}
""",
    "fault.yaml": """
claimed:
  - {id: theirs, when: {request.kind: [remorse, withdrawal]}, party: customer, say: You.}
  - {id: carrier, when: {request.kind: [damaged, late, not_received]}, party: carrier, say: The carrier.}
  - {id: ours, party: merchant, say: We.}
""",
    "charges.yaml": """
freight:
  - {id: store, when: {fault.party: customer, request.method: store}, payer: customer, say: Free.}
  - {id: customer, when: {fault.party: customer}, payer: customer, fixed: "4.90", say: You pay.}
  - {id: merchant, payer: merchant, say: We pay.}
""",
    "resolutions.yaml": "offers:\n  - {id: everything, offer: [refund, store_credit]}\n",
}
_KINDS = {
    "changed_mind": "remorse",
    "defective": "defect",
    "damaged_in_transit": "damaged",
    "wrong_item": "wrong_item",
    "not_received": "not_received",
}
Judged = tuple[bool, str, datetime | None, list[str], str, str, str]


def by_hand(c: Context) -> Judged:
    """The same twenty rules as a person would write them."""
    kind = _KINDS[c.wanted.reason]
    rule, closes = _window(c, kind)
    refusals = _refusals(c, kind)
    if closes is not None and c.now > closes:
        refusals.append("window_expired")
    party = (
        "customer" if kind == "remorse" else "carrier" if kind in ("damaged", "not_received") else "merchant"
    )
    freight = (
        "merchant" if party != "customer" else "store" if c.request.return_method == "store" else "customer"
    )
    value = sum(c.order.worth(c.line.id, slot) for slot in c.slots)
    return not refusals, rule, closes, refusals, party, freight, "manual" if value >= 50_000 else "auto"


def _window(c: Context, kind: str) -> tuple[str, datetime | None]:
    delivered = c.parcel.delivered_at if c.parcel else None
    if kind == "not_received":
        return "not-received", _day_end(c.order.placed_at, 90, c.zone)
    if delivered is None:
        return "", None
    if kind == "defect":
        day = delivered.astimezone(c.zone)
        return "defect", _day_end(day.replace(year=day.year + 2), 0, c.zone)
    if kind in ("damaged", "wrong_item"):
        return "damage", delivered + timedelta(hours=48)
    if c.order.customer.tier == "gold":
        return "gold", _day_end(delivered, 60, c.zone)
    return "thirty-days", _day_end(delivered, 30, c.zone)


def _day_end(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    day = start.astimezone(zone).date() + timedelta(days=days + 1)
    return datetime.combine(day, time(), zone).astimezone(UTC) - timedelta(seconds=1)


def _refusals(c: Context, kind: str) -> list[str]:
    category = c.line.category
    found = []
    if c.line.final_sale and kind != "defect":
        found.append("final_sale")
    if (category == "beauty" or category.startswith("beauty/")) and c.wanted.condition == "unsealed":
        found.append("hygiene")
    if c.line.digital:
        found.append("digital")
    if category == "gift-cards" or category.startswith("gift-cards/"):
        found.append("gift_card")
    if c.history.returns_in_lookback >= 10:
        found.append("many")
    if any(payment.chargeback == "open" for payment in c.order.payments):
        found.append("bank")
    return found
