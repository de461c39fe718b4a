"""The quote: what a case brings and costs, pure and repeatable, every figure with the sentence behind it.

Three steps: `_line` works out each line alone, `_charged` adds what lines share (freight, restocking, delivery,
lost advantages), `funding.funded` says where the money comes from and how it is given.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from returns_service.domain import money, worth
from returns_service.domain.decision import Quote
from returns_service.domain.funding import funded
from returns_service.domain.money import Minor
from returns_service.domain.order import Order
from returns_service.domain.quote_sheet import REPAYS_DELIVERY, WITHDRAWS, QuoteLine, Sheet
from returns_service.domain.quote_texts import amount as written
from returns_service.domain.quote_texts import sentence
from returns_service.domain.request import History
from returns_service.domain.terms import HUNDRED, PAYS_GOODS, CaseTerms, Charge, LineTerms, Outbound


def total(
    order: Order, history: History, case: CaseTerms, lines: Sequence[LineTerms], *, language: str = "en"
) -> Quote:
    """The whole money breakdown of a case on these terms."""
    sheet = Sheet(order, history, case, language)
    sheet.lines = [_line(sheet, terms) for terms in lines]
    _charged(sheet)
    return replace(
        funded(sheet),
        shares=tuple(line.brings for line in sheet.lines),
        compensations=tuple(line.compensation for line in sheet.lines),
    )


def _line(sheet: Sheet, terms: LineTerms) -> QuoteLine:
    line = QuoteLine(terms)
    if terms.resolution in PAYS_GOODS:
        _goods(sheet, line)
        _deductions(sheet, line)
        _exchange(sheet, line)
    _compensation(sheet, line)
    if terms.bonus and line.pays_credit:
        base = line.goods + line.deductions
        line.bonus = money.percent(base, terms.bonus.percent) + (terms.bonus.fixed if base > 0 else 0)
        sheet.cite("bonus", line.bonus, terms.bonus.cited, terms.order_line_id)
    return line


def _goods(sheet: Sheet, line: QuoteLine) -> None:
    order, terms = sheet.order, line.terms
    line.goods = worth.payable(order, sheet.history, terms)
    line.tax = worth.tax(order, terms.order_line_id, terms.slots, line.goods)
    if terms.surcharges and terms.resolution in WITHDRAWS:
        line.surcharges = worth.surcharges(order, terms)
    cited = terms.paid_cited if terms.paid_percent != HUNDRED else None
    sheet.note(
        "goods",
        line.goods,
        _goods_sentence(sheet, terms),
        line=terms.order_line_id,
        rule=cited.rule if cited else None,
    )


def _goods_sentence(sheet: Sheet, terms: LineTerms) -> str:
    order, line = sheet.order, sheet.order.by_id[terms.order_line_id]
    paid = written(order.paid[line.id], order.currency)
    parts = [
        sentence(
            "goods", sheet.language, n=len(terms.slots), count=line.quantity, title=line.title, paid=paid
        )
    ]
    before = sum(worth.given(order, sheet.history, line.id, slot) for slot in terms.slots)
    if before:
        parts.append(sentence("given_before", sheet.language, amount=written(before, order.currency)))
    if terms.paid_cited and terms.paid_percent != HUNDRED:
        parts.append(terms.paid_cited.message)
    return " ".join(parts)


def _deductions(sheet: Sheet, line: QuoteLine) -> None:
    terms = line.terms
    for deduction in terms.deductions:
        slots = [slot for slot in deduction.slots if slot in terms.slots]
        base = worth.payable(sheet.order, sheet.history, terms, slots)
        wanted = money.percent(base, deduction.percent) + deduction.fixed * len(slots)
        highest = min(money.percent(base, deduction.cap_percent), line.goods + line.deductions)
        taken = max(min(wanted, highest), 0)
        line.deductions -= taken
        sheet.cite("deductions", -taken, deduction.cited, terms.order_line_id)


def _exchange(sheet: Sheet, line: QuoteLine) -> None:
    """What is left of the goods pays for the new ones; dearer ones leave something due."""
    swap = line.terms.exchange
    if line.terms.resolution != "exchange" or swap is None:
        return
    credit = line.goods + line.deductions
    if swap.pricing == "even":
        taken, line.due = credit, 0
    elif swap.pricing == "up_only":
        taken, line.due = credit, max(swap.price - credit, 0)
    else:
        taken, line.due = min(swap.price, credit), max(swap.price - credit, 0)
    line.exchange = -taken
    sheet.cite("exchange", line.exchange, swap.cited, line.terms.order_line_id)
    sheet.say("due", line.due)


def _compensation(sheet: Sheet, line: QuoteLine) -> None:
    terms = line.terms
    given = terms.compensation
    if given is None or given.paid_as == "gift":
        return
    left = worth.left(sheet.order, sheet.history, terms.order_line_id, terms.slots)
    price = sum(sheet.order.worth(terms.order_line_id, slot) for slot in terms.slots)
    wanted = given.fixed + money.percents([(left, given.percent), (price, given.multiple * 100)])
    if terms.resolution == "compensation" and not given.multiple and not given.minimum:
        wanted = min(wanted, left)
    amount = max(wanted, given.minimum)
    line.compensation = amount if given.cap is None else min(amount, given.cap)
    sheet.cite("compensation", line.compensation, given.cited, terms.order_line_id)


def _charged(sheet: Sheet) -> None:
    """What lines share: each is worked out once for the case and spread over the lines it belongs to."""
    reclaimed = _reclaimed(sheet)
    surcharges = _bounded_surcharges(sheet)
    outbound = _outbound(sheet)
    freight = _shared(sheet, "return_freight", _freight_of)
    restocking = _shared(sheet, "restocking", lambda line: line.terms.restocking)
    sums = _sums(sheet.lines)
    if reclaimed and sums.goods:
        sums.tax = money.divide(sums.tax * (sums.goods - reclaimed), sums.goods)
    sheet.say("tax", sums.tax)
    sheet.quote = Quote(
        goods=sums.goods - reclaimed, tax=sums.tax, outbound_shipping=outbound, surcharges=surcharges,
        compensation=sums.compensation, bonus=sums.bonus, return_freight=-freight, restocking=-restocking,
        deductions=sums.deductions, exchange=sums.exchange, due=sums.due, reclaimed=reclaimed,
        freight_payer=_payer(sheet), recover_from=next((x.terms.recover_from for x in sheet.lines if x.terms.recover_from), None),
    )  # fmt: skip


def _sums(lines: Sequence[QuoteLine]) -> QuoteLine:
    """All lines as one."""
    whole = QuoteLine(lines[0].terms) if lines else QuoteLine(LineTerms("", (), "none"))
    for line in lines:
        whole.goods += line.goods
        whole.tax += line.tax
        whole.deductions += line.deductions
        whole.exchange += line.exchange
        whole.due += line.due
        whole.compensation += line.compensation
        whole.bonus += line.bonus
    return whole


def _freight_of(line: QuoteLine) -> Charge | None:
    return line.terms.freight if line.terms.freight_payer == "customer" else None


def _payer(sheet: Sheet) -> str | None:
    payers = [line.terms.freight_payer for line in sheet.lines if line.terms.freight_payer]
    return "customer" if "customer" in payers else next(iter(payers), None)


def _reclaimed(sheet: Sheet) -> Minor:
    """Advantages lost by this case over those that earlier ones lost; at most the goods themselves."""
    going = [line for line in sheet.lines if line.terms.resolution in WITHDRAWS]
    goods = sum(line.goods for line in going)
    if not going or not (sheet.case.reclaims or sheet.history.reclaimed):
        return 0
    staying = worth.kept(sheet.order, sheet.history, _slots(going))
    lost = worth.forfeited(sheet.order, staying, sheet.case.reclaims)
    amount = min(sum(part for _, part in lost) - sheet.history.reclaimed, goods)
    cited = lost[0][0].cited if lost else (sheet.case.reclaims[0].cited if sheet.case.reclaims else None)
    if amount and cited:
        sheet.cite("goods", -amount, cited)
    _spread(-amount, going, [line.goods for line in going])
    return amount


def _slots(lines: Iterable[QuoteLine]) -> worth.Slots:
    found: dict[str, frozenset[int]] = {}
    for line in lines:
        line_id = line.terms.order_line_id
        found[line_id] = found.get(line_id, frozenset()) | frozenset(line.terms.slots)
    return found


def _bounded_surcharges(sheet: Sheet) -> Minor:
    refundable = [surcharge for surcharge in sheet.order.surcharges if surcharge.refundable]
    if not refundable:
        return 0
    wanted = sum(line.surcharges for line in sheet.lines)
    rest = max(sum(surcharge.amount for surcharge in refundable) - sheet.history.surcharges_refunded, 0)
    if wanted > rest:
        _spread(rest - wanted, sheet.lines, [line.surcharges for line in sheet.lines])
    amount = min(wanted, rest)
    sheet.say("surcharges", amount, titles=", ".join(surcharge.title for surcharge in refundable))
    return amount


def _outbound(sheet: Sheet) -> Minor:
    """The delivery charge comes back once per order, however many cases ask for it."""
    offers = [(line, line.terms.outbound) for line in sheet.lines if line.terms.resolution in REPAYS_DELIVERY]
    worked = [(line, given, _delivery(sheet, given)) for line, given in offers if given is not None]
    if not worked:
        return 0
    line, given, amount = max(worked, key=lambda found: (found[2], not found[0].pays_credit))
    amount = max(amount - sheet.history.shipping_refunded, 0)
    line.shared += amount
    sheet.cite("outbound_shipping", amount, given.cited)
    return amount


def _delivery(sheet: Sheet, given: Outbound) -> Minor:
    paid, order = sheet.order.shipping, sheet.order
    if given.share == "none" or (given.only_if_all_returned and not _all_returned(sheet)):
        return 0
    on_top = 0 if order.tax_included else paid.tax
    if given.share == "full" or paid.standard_rate is None or paid.standard_rate >= paid.paid:
        return paid.paid + on_top
    return paid.standard_rate + (money.divide(on_top * paid.standard_rate, paid.paid) if paid.paid else 0)


def _all_returned(sheet: Sheet) -> bool:
    going = [line for line in sheet.lines if line.terms.resolution in WITHDRAWS]
    return not any(worth.kept(sheet.order, sheet.history, _slots(going)).values())


def _shared(sheet: Sheet, part: str, of: Callable[[QuoteLine], Charge | None]) -> Minor:
    """Charges with the same group are taken once: the highest fixed part and the percentages, rounded together."""
    groups: dict[str, list[tuple[QuoteLine, Charge]]] = {}
    for line in sheet.lines:
        charge = of(line)
        if charge is not None:
            groups.setdefault(charge.group, []).append((line, charge))
    return sum(_group(sheet, part, members) for members in groups.values())


def _group(sheet: Sheet, part: str, members: list[tuple[QuoteLine, Charge]]) -> Minor:
    charges = [charge for _, charge in members]
    percents = money.percents([(line.goods, charge.percent) for line, charge in members if charge.percent])
    amount = max(charge.fixed for charge in charges) + percents
    caps = [charge.cap for charge in charges if charge.cap is not None]
    amount = max(min([amount, *caps]) - max(charge.covered for charge in charges), 0)
    lines = [line for line, _ in members]
    _spread(-amount, lines, [line.goods for line in lines])
    leading = max(charges, key=lambda charge: charge.fixed)
    sheet.cite(part, -amount, leading.cited, lines[0].terms.order_line_id if len(lines) == 1 else None)
    return amount


def _spread(amount: Minor, lines: Sequence[QuoteLine], weights: Sequence[int]) -> None:
    for line, part in zip(lines, money.spread(amount, weights), strict=True):
        line.shared += part
