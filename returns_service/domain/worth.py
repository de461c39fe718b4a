"""What the units of an order are worth to whoever returns them: their price, tax, surcharges, lost advantages.

Everything is a sum over slots with fixed amounts, so any split into cases, in any order, adds up to the whole.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from returns_service.domain import money
from returns_service.domain.money import Minor
from returns_service.domain.order import Order
from returns_service.domain.request import History
from returns_service.domain.terms import HUNDRED, LineTerms, Reclaim

Slots = Mapping[str, frozenset[int]]
"""Order line id -> slots."""


def elsewhere(order: Order, line_id: str) -> tuple[Minor, ...]:
    """For every slot what the shop gave back for it without us, filled from the last unit downwards.

    We hold the first units first, so the two meet as late as possible.
    """
    line = order.by_id[line_id]
    given, parts = line.refunded_elsewhere_amount, [0] * line.quantity
    for slot in reversed(range(line.quantity)):
        parts[slot] = min(given, order.worth(line_id, slot))
        given -= parts[slot]
    return tuple(parts)


def given(order: Order, history: History, line_id: str, slot: int) -> Minor:
    """What was already paid for a slot while its goods stayed with the customer."""
    past = history.lines.get(line_id)
    ours = past.compensated.get(slot, 0) if past else 0
    by_shop = elsewhere(order, line_id)[slot] if order.by_id[line_id].refunded_elsewhere_amount else 0
    return min(ours + by_shop, order.worth(line_id, slot)) if ours or by_shop else 0


def left(order: Order, history: History, line_id: str, slots: Iterable[int]) -> Minor:
    """What these slots are still worth."""
    return sum(order.worth(line_id, slot) - given(order, history, line_id, slot) for slot in slots)


def payable(order: Order, history: History, terms: LineTerms, slots: Iterable[int] | None = None) -> Minor:
    """What the terms pay for their slots (or for some of them) before any deduction."""
    wanted = terms.slots if slots is None else slots
    if terms.paid_percent == HUNDRED:
        return left(order, history, terms.order_line_id, wanted)
    return sum(_degraded(order, history, terms, slot) for slot in wanted)


def _degraded(order: Order, history: History, terms: LineTerms, slot: int) -> Minor:
    line_id, rate = terms.order_line_id, terms.paid_percent
    before = money.percent(given(order, history, line_id, slot), rate)
    return max(_part(order.paid[line_id], order.by_id[line_id].quantity, slot, rate) - before, 0)


def _part(total: Minor, count: int, slot: int, rate: Decimal) -> Minor:
    """Slot `slot` of so many percent of a total: slots of a part sum to the part."""
    if rate == HUNDRED:
        return money.slot(total, count, slot)
    above, below = rate.as_integer_ratio()
    above, below = above * total, below * count * 100
    return money.divide(above * (slot + 1), below) - money.divide(above * slot, below)


def tax(order: Order, line_id: str, slots: Iterable[int], goods: Minor) -> Minor:
    """What of `goods`, paid for these slots, is tax."""
    line, cost, paid = order.by_id[line_id], order.costs[line_id], order.paid[line_id]
    if cost <= 0 or not line.tax:
        return 0
    whole = money.divide(paid * line.tax, cost)
    chosen = tuple(slots)
    share = sum(money.slot(whole, line.quantity, slot) for slot in chosen)
    full = sum(order.worth(line_id, slot) for slot in chosen)
    return share if goods == full or full == 0 else money.divide(share * goods, full)


def surcharges(order: Order, terms: LineTerms) -> Minor:
    """The share of the refundable surcharges that these slots carry."""
    total = sum(surcharge.amount for surcharge in order.surcharges if surcharge.refundable)
    if not total:
        return 0
    line = order.by_id[terms.order_line_id]
    share = order.shared_out(total)[line.id]
    return sum(_part(share, line.quantity, slot, terms.paid_percent) for slot in terms.slots)


def kept(order: Order, history: History, back: Slots) -> Slots:
    """The slots that stay with the customer when `back` comes back too."""
    staying = {}
    for line in order.lines:
        gone = history.line(line.id).held | back.get(line.id, frozenset())
        with_us = line.quantity - line.refunded_elsewhere_quantity
        staying[line.id] = frozenset(slot for slot in range(with_us) if slot not in gone)
    return staying


def forfeited(order: Order, staying: Slots, reclaims: Iterable[Reclaim]) -> list[tuple[Reclaim, Minor]]:
    """What each reclaim takes when only `staying` is kept. Depends on nothing else, so cases in any order agree."""
    found = [(reclaim, _forfeit(order, staying, reclaim)) for reclaim in reclaims]
    return [(reclaim, amount) for reclaim, amount in found if amount]


def _forfeit(order: Order, staying: Slots, reclaim: Reclaim) -> Minor:
    paying = [line_id for line_id in order.by_id if line_id != reclaim.gift]
    bought = sum(order.costs[line_id] for line_id in paying)
    value = sum(_slots_of(order, order.costs[line_id], line_id, staying[line_id]) for line_id in paying)
    if bought < reclaim.below or value >= reclaim.below:
        return 0
    if reclaim.gift is not None:
        return len(staying.get(reclaim.gift, ())) * reclaim.gift_value
    return _discount_kept(order, staying, reclaim.title)


def _discount_kept(order: Order, staying: Slots, title: str | None) -> Minor:
    amount = sum(discount.amount for discount in order.discounts if title in (None, discount.title))
    shares = order.shared_out(amount)
    return sum(_slots_of(order, shares[line_id], line_id, slots) for line_id, slots in staying.items())


def _slots_of(order: Order, total: Minor, line_id: str, slots: Iterable[int]) -> Minor:
    count = order.by_id[line_id].quantity
    return sum(money.slot(total, count, slot) for slot in slots)
