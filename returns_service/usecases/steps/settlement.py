"""Carrying out what is owed: advances, the final settlement, and what is left after both."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from returns_service.domain import lifecycle, money
from returns_service.domain import policy as rules
from returns_service.domain.actor import Actor
from returns_service.domain.decision import Quote, QuoteShare, Settlement
from returns_service.domain.events import EventType
from returns_service.domain.render import fault_body, outcome_body, quote_body
from returns_service.store import cases, ledger, orders, outbox
from returns_service.store.cases import CaseFile
from returns_service.store.lateness import days_late
from returns_service.store.tables import Refund
from returns_service.usecases.steps import claims, disposing, finishing, moving, paying, sending


def by_policy(case: CaseFile, *, now: datetime, moment: str) -> None:
    """What the policy does by itself at this moment: settle where all is known, pay early where it says so."""
    actor = Actor.of("policy", case.row.shop_id, f"{case.policy.ref.name} v{case.policy.ref.version}")
    if moment == "request" and (not case.row.goods_return or case.row.pay_when == moment):
        case.session.flush()  # what follows looks for what may only now have been opened
    found = case.situation()
    complete = case.state == "inspected" and moment == "inspection"
    if complete or (moment == "request" and not case.row.goods_return):
        settlement = final(case, now)
        case.row.review_reasons = list(settlement.review_reasons)
        if settlement.final and rules.settles_itself(case.policy) and lifecycle.can(found, "settle"):
            carry_out(case, "settle", settlement, actor=actor, now=now)
    elif moment == "inspection":
        return  # units are still to come or to be looked at: what they are worth is not known yet
    elif case.row.pay_when == moment and not case.row.advanced and lifecycle.can(found, "advance"):
        orders.lock(case.session, case.row.order_id)
        advance(case, actor=actor, now=now)


def approved(case: CaseFile, *, now: datetime) -> None:
    """What follows by the policy from an approval; where the goods lie here already, from their arrival too."""
    by_policy(case, now=now, moment="request")
    if case.state == "received":
        by_policy(case, now=now, moment="first_scan")
        by_policy(case, now=now, moment="receipt")


def advance(case: CaseFile, *, actor: Actor, now: datetime) -> None:
    """Pay and send before the goods are in, by the provisional quote. Raises IllegalMove."""
    case.row.advanced = True
    moving.move(case, "advance", EventType.ADVANCED, actor=actor, now=now, total=case.row.quote["total"])
    shares = [
        QuoteShare(share["payment_id"], money.parse(share["amount"], case.row.currency))
        for share in case.row.quote["tenders"]
    ]
    paying.reserve(case, shares, purpose="advance-1", actor=actor, now=now)
    if any(line.resolution in ("replacement", "exchange") for line in case.accepted):
        sending.send_ahead(case, _as_claimed(case, now).goods, actor=actor, now=now)
        claims.secure(case, now=now)


def _as_claimed(case: CaseFile, now: datetime) -> Settlement:
    """What would be owed if all is as the customer says."""
    facts = replace(case.facts(), goods_return=False, overridden=True)
    return rules.settle(case.policy, facts, now, language=case.row.language)


def final(case: CaseFile, now: datetime, *, by_person: bool = False) -> Settlement:
    """What the policy says is owed, by everything known now; the order's money stands still from here on."""
    orders.lock(case.session, case.row.order_id)
    facts = replace(
        case.facts(lookback_since=rules.lookback_from(case.policy, now)), days_late=days_late(case)
    )
    return rules.settle(case.policy, replace(facts, by_person=by_person), now, language=case.row.language)


def carry_out(
    case: CaseFile, trigger: str, settlement: Settlement, *, actor: Actor, now: datetime, **said: object
) -> None:
    """Move to settling and owe exactly what the settlement says, minus what was given before. Raises IllegalMove."""
    total = money.text(settlement.quote.total, case.row.currency)
    moving.move(case, trigger, EventType.SETTLING, actor=actor, now=now, total=total, **said)
    pay_rest(case, settlement, actor=actor, now=now)


def pay_rest(case: CaseFile, settlement: Settlement, *, actor: Actor, now: datetime) -> None:
    """In settling: owe what the settlement says beyond what was given before, and end the case if that is nothing."""
    before, again = ledger.standing(case), any(line.outcome for line in case.lines)
    kept = sending.call_off(case, settlement.goods, actor=actor, now=now)
    _write_outcomes(case, settlement, {one.row.lines[0]["line_id"]: one.units for one in kept})
    rounds = {r.purpose for r in case.refunds} | {r.purpose for r in case.replacements}
    purpose = f"settlement-{len({name for name in rounds if name.startswith('settlement')}) + 1}"
    case.row.quote = quote_body(settlement.quote, case.row.currency)
    case.row.quote_total = settlement.quote.total
    shares, overpaid = _rest(case, _due(settlement.quote))
    _forget_failed(case)
    paying.reserve(case, shares, purpose=purpose, actor=actor, now=now)
    sending.send(case, settlement.goods, purpose, actor=actor, now=now)
    _note(case, before, settlement, now)
    claims.note(case, before, kept, actor=actor, now=now)
    claims.give_back(case, before, overpaid + sum(one.worth for one in kept), actor=actor, now=now)
    disposing.tell(case, again=again, actor=actor, now=now)
    if ledger.bring_to(case, before, "recover", overpaid, party="customer", now=now) > 0:
        outbox.record(
            case, EventType.RECOVER, actor=actor, now=now, amount=money.text(overpaid, case.row.currency)
        )
    finishing.finish(case, actor=actor, now=now)


def _note(case: CaseFile, before: ledger.Standing, settlement: Settlement, now: datetime) -> None:
    """What is owed, what is let go, and what the merchant may ask back of carrier or supplier."""
    quote = settlement.quote
    ledger.bring_to(case, before, "owed", quote.total, now=now)
    ledger.bring_to(case, before, "waived", quote.waived, now=now)
    ledger.bring_to(case, before, "charged_back", quote.charged_back, now=now)
    claimed = {party for kind, party in before if kind == "recover"} | set(settlement.losses)
    for party in claimed - {"customer", None}:
        ledger.bring_to(case, before, "recover", settlement.losses.get(str(party), 0), party=party, now=now)


def _forget_failed(case: CaseFile) -> None:
    """What is owed is worked out anew and covers what failed before."""
    for refund in case.refunds:
        if refund.state == "failed" and not _settled_apart(refund):
            refund.reason = f"{paying.REPLACED}{refund.reason}"


def _settled_apart(refund: Refund) -> bool:
    return refund.reason.startswith(paying.REPLACED) or refund.purpose.startswith(claims.GIVEN_BACK)


def _write_outcomes(case: CaseFile, settlement: Settlement, kept: Mapping[str, int]) -> None:
    """`kept` units by line stay held: goods are out for them, so nobody returns them in another case."""
    by_line = {found.line_id: found for found in settlement.lines}
    freed: dict[UUID, set[int]] = {}
    for line in case.accepted:
        found = by_line[str(line.id)]
        line.fault = fault_body(found.fault)
        line.outcome = [outcome_body(outcome, case.row.currency) for outcome in found.outcomes]
        out = kept.get(str(line.id), 0)
        freed[line.id] = set(found.freed) - set(line.slots[len(line.slots) - out :])
    if any(freed.values()):
        cases.release(case.session, case, slots=freed)
    _note_compensation(case, settlement)
    parties = {found.fault.party for found in settlement.lines}
    head = settlement.lines[0].fault
    case.row.fault = (
        fault_body(head) if len(parties) == 1 else {**fault_body(head), "party": "undetermined", "rule": None}
    )


def _note_compensation(case: CaseFile, settlement: Settlement) -> None:
    """Keep-the-item money below the full worth frees the unit and lowers what it is still worth."""
    for found in settlement.lines:
        line = case.line(found.line_id)
        if found.compensated and line.resolution == "compensation":
            worths = [case.order.worth(line.order_line_id, slot) for slot in line.slots]
            cases.compensate(case.session, line, found.compensated, worths)


def _due(quote: Quote) -> list[QuoteShare]:
    """Everything that is to be given: to payments, as credit, and what a person must see to."""
    credit = sum(share.amount for share in quote.tenders if share.payment_id is None) + quote.unfunded_credit
    by_hand = quote.unfunded - quote.unfunded_credit - quote.charged_back
    to_payments = [share for share in quote.tenders if share.payment_id is not None]
    return [*to_payments, QuoteShare(None, credit), QuoteShare(paying.UNFUNDED, by_hand)]


def _rest(case: CaseFile, due: Sequence[QuoteShare]) -> tuple[list[QuoteShare], int]:
    """What is still to be paid per tender, and what was paid too much in all."""
    given: dict[str, int] = {}
    for refund in case.refunds:
        if refund.state != "failed" and not refund.purpose.startswith(claims.GIVEN_BACK):
            given[refund.payment_id] = given.get(refund.payment_id, 0) + refund.amount
    wanted: dict[str, int] = {}
    for share in due:
        wanted[share.payment_id or ""] = wanted.get(share.payment_id or "", 0) + share.amount
    rest = sum(wanted.values()) - sum(given.values())
    shares: list[QuoteShare] = []
    for payment, amount in wanted.items():
        part = min(amount - given.get(payment, 0), max(rest - sum(s.amount for s in shares), 0))
        if part > 0:
            shares.append(QuoteShare(payment or None, part))
    return shares, max(-rest, 0)
