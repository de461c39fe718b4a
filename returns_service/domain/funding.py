"""Where the money of a quote comes from: back to payments, as store credit, or beyond what was paid."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from returns_service.domain import money, tenders
from returns_service.domain.decision import Quote, QuoteShare
from returns_service.domain.money import Minor
from returns_service.domain.quote_sheet import Sheet
from returns_service.domain.quote_texts import payment_method, sentence
from returns_service.domain.terms import HUNDRED


def funded(sheet: Sheet) -> Quote:
    """Close the sums: what is waived, what goes to which payment, what becomes credit, what nothing can take."""
    quote = sheet.quote
    cash, credit = _pots(sheet)
    capped = _above_cap(sheet)
    if capped:
        sheet.say("waived", capped)
        sheet.figures[-1] = replace(sheet.figures[-1], message=_capped_sentence(sheet))
    shortfall = max(-(cash + credit + quote.bonus + capped), 0)
    sheet.say("waived", shortfall)
    cash, credit, bonus = _without_debt([cash + capped, credit, quote.bonus])
    return _shares(sheet, cash, credit, bonus, waived=capped + shortfall)


def _pots(sheet: Sheet) -> tuple[Minor, Minor]:
    """Net money and net store credit, before the bonus; either may be negative."""
    on_credit = [line for line in sheet.lines if line.pays_credit]
    credit = sum(line.net for line in on_credit)
    cash = sum(line.net for line in sheet.lines) - credit
    for line in sheet.lines:
        given = line.terms.compensation
        as_money = given is not None and given.paid_as == "money"
        cash, credit = (cash + line.compensation, credit) if as_money else (cash, credit + line.compensation)
    return cash, credit


def _without_debt(parts: Sequence[Minor]) -> list[Minor]:
    """The same sum with no part negative: what one lacks the others pay, in turn."""
    debt, rest = sum(-part for part in parts if part < 0), []
    for part in parts:
        paid = min(debt, max(part, 0))
        rest.append(max(part, 0) - paid)
        debt -= paid
    return rest


def _above_cap(sheet: Sheet) -> Minor:
    quote, percent = sheet.quote, sheet.case.fees_cap_percent
    if percent >= HUNDRED:
        return 0
    fees = -(quote.return_freight + quote.restocking + quote.deductions)
    return max(fees - money.percent(max(quote.goods, 0), percent), 0)


def _capped_sentence(sheet: Sheet) -> str:
    return sentence(
        "capped", sheet.language, percent=f"{sheet.case.fees_cap_percent:f}".rstrip("0").rstrip(".")
    )


def _shares(sheet: Sheet, cash: Minor, credit: Minor, bonus: Minor, *, waived: Minor) -> Quote:
    already, case, payments = sheet.history.tender_refunded, sheet.case, sheet.order.payments
    captured = max(tenders.total_refundable(payments, already) - sheet.history.credit_for_goods, 0)
    alive = [payment for payment in payments if payment.id not in case.expired_payments]
    shares, _ = tenders.split(min(cash, captured), alive, already, case.tender_strategy)
    to_tenders = sum(share.amount for share in shares)
    funded_credit = min(credit, captured - to_tenders)
    unfunded = cash + credit + bonus - to_tenders - funded_credit
    by_bank = _by_bank(sheet, unfunded - bonus)
    gone = captured - to_tenders - funded_credit
    as_credit = bonus + _falls_back(sheet, unfunded - bonus - by_bank, gone)
    on_credit = (QuoteShare(None, funded_credit),) if funded_credit else ()
    sources = _Sources((*shares, *on_credit), as_credit, by_bank, unfunded - as_credit - by_bank)
    _explain(sheet, sources)
    return replace(
        sheet.quote, waived=waived, unfunded=unfunded, total=to_tenders + funded_credit + unfunded, charged_back=by_bank,
        unfunded_credit=as_credit, tenders=sources.shares, figures=tuple(sheet.figures),
    )  # fmt: skip


class _Sources(NamedTuple):
    """Where the total comes from."""

    shares: tuple[QuoteShare, ...]
    as_credit: Minor
    by_bank: Minor
    by_hand: Minor


def _by_bank(sheet: Sheet, open_amount: Minor) -> Minor:
    """What a lost chargeback has already given to the customer of what no payment can take."""
    lost = [payment for payment in sheet.order.payments if payment.chargeback == "lost"]
    given = (
        sum(payment.charged_back or payment.captured for payment in lost) - sheet.history.charged_back_counted
    )
    return max(min(open_amount, given), 0)


def _falls_back(sheet: Sheet, open_amount: Minor, gone: Minor) -> Minor:
    """What the policy turns into store credit by itself: captured money whose payment is gone, and compensation.

    Anything else (money that was never captured, a dispute still open) waits for a person.
    """
    if sheet.case.tender_fallback != "store_credit":
        return 0
    return min(open_amount, gone + sheet.quote.compensation)


def _explain(sheet: Sheet, sources: _Sources) -> None:
    methods: Mapping[str, str] = {payment.id: payment.method for payment in sheet.order.payments}
    for share in sources.shares:
        if share.payment_id is None:
            sheet.say("credit", share.amount)
        else:
            method = payment_method(methods[share.payment_id], sheet.language)
            sheet.say("tender", share.amount, payment=share.payment_id, method=method)
    cited = sheet.case.tender_cited
    if cited and sources.as_credit:
        sheet.cite("unfunded_credit", sources.as_credit, cited)
    else:
        sheet.say("unfunded_credit", sources.as_credit)
    sheet.say("charged_back", sources.by_bank)
    sheet.say("unfunded", sources.by_hand)
