"""From the rules of charges.yaml and the floors of law to the terms that the quote adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from returns_service.domain import money
from returns_service.domain.order import ExchangeOption, Order
from returns_service.domain.policy.facts import Facts
from returns_service.domain.policy.levels import goods_return
from returns_service.domain.policy.model import Policy, Right
from returns_service.domain.policy.rules import Rule, Trace
from returns_service.domain.terms import (
    HUNDRED,
    ZERO,
    Bonus,
    CaseTerms,
    Charge,
    Cited,
    Compensation,
    Deduction,
    ExchangeTerms,
    LineTerms,
    Outbound,
    Reclaim,
)
from returns_service.domain.windows import Length, last_day

_SHARES = ("none", "standard", "full")


@dataclass(frozen=True)
class Graded:
    """Units found alike: which slots, with facts that know their grade and findings."""

    slots: tuple[int, ...]
    facts: Facts


@dataclass(frozen=True)
class Charging:
    """Asks the charge questions of one policy in one language."""

    policy: Policy
    language: str
    trace: Trace | None = None

    def line(
        self, facts: Facts, slots: tuple[int, ...], rights: Sequence[Right], graded: Sequence[Graded] = ()
    ) -> LineTerms:
        """The terms of some units of a line whose facts name resolution and fault."""
        party, resolution = facts["fault.party"], facts["request.resolution"]
        rights = [right for right in rights if resolution in right.offers]
        back = goods_return(self.policy, facts)
        payer, freight = self._freight(facts, rights) if back else (None, None)
        paid = None if rights else self._first("paid", facts)
        return LineTerms(
            order_line_id=facts.context.line.id,
            slots=slots,
            resolution=resolution,
            paid_percent=paid.answer["percent"] if paid else HUNDRED,
            paid_cited=self._cited(paid) if paid else None,
            freight_payer=payer,
            recover_from=_recover(facts, party),
            freight=freight,
            restocking=self._restocking(facts, rights) if back else None,
            deductions=tuple(d for group in graded for d in self._deductions(group, rights)),
            compensation=self._compensation(facts, rights),
            bonus=self._bonus(facts),
            outbound=self._outbound(facts, rights),
            exchange=self._exchange(facts, slots),
            surcharges=self._surcharges(facts),
        )

    def case(self, facts: Facts) -> CaseTerms:
        """What holds for the whole case, asked with the facts of its first line."""
        tenders = self.policy.questions["resolutions.tenders"].sure(facts, self.trace)
        cap = self._first("fees_cap", facts)
        reclaims = self.policy.questions["charges.reclaim"].every(facts, self.trace)
        answer = tenders.answer
        return CaseTerms(
            tender_strategy=answer["strategy"],
            tender_fallback=answer["fallback"],
            tender_declined=answer["declined"],
            tender_cited=self._cited(tenders) if tenders.say else None,
            expired_payments=_expired(facts, answer["max_age"]),
            reclaims=tuple(one for rule in reclaims for one in self._reclaims(rule, facts)),
            fees_cap_percent=cap.answer["percent"] if cap else HUNDRED,
        )

    def _reclaims(self, rule: Rule, facts: Facts) -> list[Reclaim]:
        cited, below, tag = self._cited(rule), _of(rule.answer["below"], facts), rule.answer["gift"]
        if tag is None:
            return [Reclaim(cited, below, rule.answer["discount"])]
        value, lines = _of(rule.answer["value"], facts), facts.context.order.lines
        return [Reclaim(cited, below, gift=line.id, gift_value=value) for line in lines if tag in line.tags]

    def _first(self, name: str, facts: Facts, file: str = "charges") -> Rule | None:
        return self.policy.questions[f"{file}.{name}"].first(facts, self.trace)

    def _cited(self, rule: Rule) -> Cited:
        return Cited(rule.id, rule.words(self.language))

    def _freight(self, facts: Facts, rights: Sequence[Right]) -> tuple[str | None, Charge | None]:
        party = facts["fault.party"]
        if any(right.pays_freight(facts) for right in rights):
            return "merchant", None
        rule = self._first("freight", facts)
        if rule is None:
            return {"customer": "customer", "undetermined": None, None: None}.get(party, "merchant"), None
        payer = rule.answer["payer"]
        if payer != "customer":
            return (None if payer == "nobody" else payer), None
        charge = self._charge(rule, facts)
        cover = self._first("freight_cover", facts)
        if charge is not None and cover is not None:
            charge = replace(charge, covered=_of(cover.answer["amount"], facts))
        return payer, charge

    def _charge(self, rule: Rule, facts: Facts) -> Charge | None:
        answer = rule.answer
        fixed, percent = _of(answer["fixed"], facts), answer["percent"] or ZERO
        if not fixed and not percent:
            return None
        per = answer["per"]
        units = len(facts.context.slots) if per == "unit" else 1
        cap = _of(answer["cap"], facts) if answer["cap"] is not None else None
        return Charge(self._cited(rule), fixed * units, percent, _group(per, facts), cap)

    def _restocking(self, facts: Facts, rights: Sequence[Right]) -> Charge | None:
        if any(right.restocking_free for right in rights):
            return None
        rule = self._first("restocking", facts)
        return self._charge(rule, facts) if rule else None

    def _deductions(self, group: Graded, rights: Sequence[Right]) -> list[Deduction]:
        facts = group.facts
        barred = [r for r in rights if r.deductions_when is not None and not r.deductions_when.holds(facts)]
        if barred:
            return []
        found = []
        for rule in self.policy.questions["charges.deductions"].every(facts, self.trace):
            table: Mapping[str, Decimal] = rule.answer["percent"] or {}
            percent = table.get("", table.get(facts["unit.grade"] or "", ZERO))
            fixed = _of(rule.answer["fixed"], facts)
            if percent or fixed:
                cap = rule.answer["cap_percent"]
                found.append(
                    Deduction(self._cited(rule), group.slots, percent, fixed, HUNDRED if cap is None else cap)
                )
        return found

    def _outbound(self, facts: Facts, rights: Sequence[Right]) -> Outbound | None:
        rule = self._first("outbound", facts)
        best = None
        if rule is not None:
            best = Outbound(self._cited(rule), rule.answer["share"], rule.answer["only_if_all_returned"])
        for right in rights:
            if right.outbound and _better(right, best, bool(facts["order.all_returned"])):
                cited = Cited(right.rule.id, right.rule.words(self.language))
                best = Outbound(cited, right.outbound, right.outbound_only_if_all)
        return best

    def _compensation(self, facts: Facts, rights: Sequence[Right]) -> Compensation | None:
        by_law = next((right for right in rights if right.compensation), None)
        rule = self._first("compensation", facts)
        shop = self._given(rule, facts) if rule else None
        if by_law is None:
            return shop
        answer = by_law.compensation or {}
        cited = Cited(by_law.rule.id, by_law.rule.words(self.language))
        minimum = _of(answer["minimum"], facts)
        law = Compensation(cited, multiple=answer["multiple"], minimum=minimum)
        return max([c for c in (law, shop) if c], key=lambda c: _worth(c, facts))

    def _given(self, rule: Rule, facts: Facts) -> Compensation:
        answer = rule.answer
        return Compensation(
            self._cited(rule),
            fixed=_of(answer["fixed"], facts),
            percent=answer["percent"] or ZERO,
            multiple=answer["multiple"] or ZERO,
            minimum=_of(answer["minimum"], facts),
            cap=_of(answer["cap"], facts) if answer["cap"] is not None else None,
            paid_as=answer["paid_as"],
        )

    def _bonus(self, facts: Facts) -> Bonus | None:
        rule = self._first("bonus", facts) if facts["request.resolution"] == "store_credit" else None
        if rule is None:
            return None
        return Bonus(self._cited(rule), rule.answer["percent"] or ZERO, _of(rule.answer["fixed"], facts))

    def _exchange(self, facts: Facts, slots: tuple[int, ...]) -> ExchangeTerms | None:
        if facts["request.resolution"] != "exchange":
            return None
        rule, option = self._first("exchange", facts, "resolutions"), chosen_option(facts)
        if rule is None or option is None:
            return None
        return ExchangeTerms(self._cited(rule), option.sku, option.price * len(slots), rule.answer["pricing"])

    def _surcharges(self, facts: Facts) -> bool:
        rule = self._first("surcharges", facts)
        return bool(rule.answer["back"]) if rule else True


def chosen_option(facts: Facts) -> ExchangeOption | None:
    """The article the customer chose, else the first at the same price, else the first."""
    line, sku = facts.context.line, facts.context.wanted.exchange_for
    options = line.exchange_options
    if sku is not None:
        return next((option for option in options if option.sku == sku), None)
    there = [option for option in options if option.available is None or option.available > 0]
    same = [option for option in there if option.price == line.unit_price]
    return next(iter(same or there), None)


def _of(table: Mapping[str, int] | None, facts: Facts) -> int:
    """An amount in the order's currency; a currency that the policy does not name is not charged."""
    return table.get(facts["order.currency"], 0) if table else 0


def _group(per: str, facts: Facts) -> str:
    context = facts.context
    if per == "parcel":
        return f"parcel:{context.parcel.id if context.parcel else ''}"
    if per == "brand":
        return f"brand:{context.line.brand or ''}"
    return "case" if per == "case" else f"line:{context.line.id}"


def _recover(facts: Facts, party: str | None) -> str | None:
    said = facts.get("fault.recover_from")
    if said is not None:
        return None if said == "nobody" else str(said)
    return party if party in ("carrier", "supplier") else None


def _better(right: Right, best: Outbound | None, all_returned: bool) -> bool:
    """Whether the law gives back more of the delivery charge than the shop does here."""
    law = _SHARES.index(right.outbound or "none") if all_returned or not right.outbound_only_if_all else 0
    shop = 0
    if best is not None and (all_returned or not best.only_if_all_returned):
        shop = _SHARES.index(best.share)
    return law > shop


def _worth(given: Compensation, facts: Facts) -> int:
    price = facts["request.value"]
    amount = given.fixed + money.percent(price, given.percent) + money.half_up(price * given.multiple)
    amount = max(amount, given.minimum)
    return amount if given.cap is None else min(amount, given.cap)


def _expired(facts: Facts, length: Length | None) -> tuple[str, ...]:
    """Payments that are too old to be paid back to; they were made when the order was placed."""
    if length is None:
        return ()
    order: Order = facts.context.order
    if length.unit == "hours":
        over = facts.context.now > order.placed_at + timedelta(hours=length.count)
    else:
        over = facts["request.on"] > last_day(facts["order.placed_on"], length)
    return tuple(payment.id for payment in order.payments) if over else ()
