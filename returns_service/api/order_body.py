"""The order of an accepted snapshot: amounts in minor units, and the checks that need more than one field."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from returns_service.api.evidence import evidence_of
from returns_service.domain import money
from returns_service.domain.errors import Fault, Invalid, InvalidMany
from returns_service.domain.money import Minor
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

Json = Mapping[str, Any]
Figures = dict[str, Any]
MOST = 10**15
"""Minor units an order may come to; sums of it stay well inside a 64-bit column."""


def order_of(body: Json, order_id: str) -> Order:
    """The order of a body that a schema has accepted. Raises InvalidMany with every place that is wrong."""
    try:
        money.exponent(body["currency"])
    except Invalid as refusal:
        raise InvalidMany([Fault("/currency", "currency", refusal.detail)]) from None
    reader = _Reader(body["currency"])
    order = reader.order(body, order_id)
    reader.check(order)
    if reader.faults:
        raise InvalidMany(reader.faults)
    return order


class _Reader:
    """Builds the order and collects faults, so that all of them are told at once."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.faults: list[Fault] = []

    def wrong(self, pointer: str, code: str, detail: str) -> None:
        self.faults.append(Fault(pointer, code, detail))

    def amount(self, row: Json, pointer: str, key: str) -> Minor:
        try:
            return money.parse(row[key], self.currency)
        except Invalid as refusal:
            self.wrong(f"{pointer}/{key}", refusal.code, refusal.detail)
            return 0

    def order(self, body: Json, order_id: str) -> Order:
        plain = (
            "number",
            "country",
            "currency",
            "placed_at",
            "channel",
            "region",
            "postal_code",
            "tax_included",
        )
        return Order(
            id=order_id,
            **{key: body[key] for key in plain},
            updated_at=body["updated_at"],
            tags=tuple(body["tags"]),
            customer=Customer(**body["customer"]),
            lines=tuple(self.line(row, f"/lines/{i}") for i, row in enumerate(body["lines"])),
            discounts=tuple(
                Discount(row["title"], self.amount(row, f"/discounts/{i}", "amount"))
                for i, row in enumerate(body["discounts"])
            ),
            surcharges=tuple(
                Surcharge(
                    row["title"],
                    self.amount(row, f"/surcharges/{i}", "amount"),
                    row["refundable"],
                )
                for i, row in enumerate(body["surcharges"])
            ),
            shipping=self.shipping(body["shipping"]),
            payments=tuple(self.payment(row, f"/payments/{i}") for i, row in enumerate(body["payments"])),
            fulfilments=tuple(_fulfilment(row) for row in body["fulfilments"]),
            attributes=body["attributes"],
        )

    def line(self, row: Json, pointer: str) -> OrderLine:
        amounts: Figures = {key: self.amount(row, pointer, key) for key in ("unit_price", "discount", "tax")}
        elsewhere = row["refunded_elsewhere"]
        replaces = row["replaces"]
        plain: dict[str, Any] = {key: row[key] for key in _LINE_PLAIN}
        return OrderLine(
            **plain,
            **amounts,
            tags=tuple(row["tags"]),
            serial_numbers=tuple(row["serial_numbers"]),
            exchange_options=tuple(
                ExchangeOption(
                    option["sku"],
                    option["title"],
                    self.amount(option, f"{pointer}/exchange_options/{i}", "price"),
                    option["available"],
                )
                for i, option in enumerate(row["exchange_options"])
            ),
            refunded_elsewhere_quantity=elsewhere["quantity"],
            refunded_elsewhere_amount=self.amount(elsewhere, f"{pointer}/refunded_elsewhere", "amount"),
            replaces=(replaces["order_id"], replaces["line_id"]) if replaces else None,
        )

    def shipping(self, row: Json) -> Shipping:
        rate = None if row["standard_rate"] is None else self.amount(row, "/shipping", "standard_rate")
        paid, tax = (
            self.amount(row, "/shipping", "paid"),
            self.amount(row, "/shipping", "tax"),
        )
        return Shipping(row["method"], paid, rate, tax)

    def payment(self, row: Json, pointer: str) -> Payment:
        amounts: Figures = {
            key: self.amount(row, pointer, key) for key in ("captured", "refunded", "charged_back")
        }
        for key in ("refunded", "charged_back"):
            if amounts[key] > amounts["captured"]:
                self.wrong(f"{pointer}/{key}", "amount", "This is more than was captured.")
        plain: dict[str, Any] = {
            key: row[key] for key in ("id", "method", "gateway", "reference", "chargeback")
        }
        return Payment(**plain, **amounts)

    def check(self, order: Order) -> None:
        """What only the whole order can tell."""
        self.unique("/lines", [line.id for line in order.lines])
        self.unique("/payments", [payment.id for payment in order.payments])
        self.unique("/fulfilments", [fulfilment.id for fulfilment in order.fulfilments])
        for i, line in enumerate(order.lines):
            self.check_line(f"/lines/{i}", line, order)
        self.check_totals(order)
        self.check_parcels(order)

    def unique(self, pointer: str, ids: Sequence[str]) -> None:
        seen = set[str]()
        for i, one in enumerate(ids):
            if one in seen:
                self.wrong(f"{pointer}/{i}/id", "duplicate", f"The id {one!r} is used twice.")
            seen.add(one)

    def check_line(self, pointer: str, line: OrderLine, order: Order) -> None:
        gross = line.unit_price * line.quantity
        cost = gross - line.discount + (0 if order.tax_included else line.tax)
        if gross > MOST:
            self.wrong(
                f"{pointer}/unit_price",
                "amount",
                "This line costs more than can be handled.",
            )
        if line.discount > gross:
            self.wrong(
                f"{pointer}/discount",
                "amount",
                "The discount is more than the line costs.",
            )
        elif line.tax > max(cost, 0) and order.tax_included:
            self.wrong(
                f"{pointer}/tax",
                "amount",
                "The tax is more than the line costs; it is included in the price.",
            )
        if len(line.serial_numbers) > line.quantity:
            self.wrong(
                f"{pointer}/serial_numbers",
                "too_many",
                "There are more serial numbers than units.",
            )
        if line.refunded_elsewhere_quantity > line.quantity:
            self.wrong(
                f"{pointer}/refunded_elsewhere/quantity",
                "quantity",
                "This is more than was ordered.",
            )
        if line.refunded_elsewhere_amount > max(cost, 0):
            self.wrong(
                f"{pointer}/refunded_elsewhere/amount",
                "amount",
                "This is more than the line cost.",
            )

    def check_totals(self, order: Order) -> None:
        costs = sum(line.unit_price * line.quantity - line.discount for line in order.lines)
        if not order.tax_included:
            costs += sum(line.tax for line in order.lines)
        if sum(discount.amount for discount in order.discounts) > max(costs, 0):
            self.wrong("/discounts", "amount", "The discounts are more than the lines cost.")
        if order.tax_included and order.shipping.tax > order.shipping.paid:
            self.wrong(
                "/shipping/tax",
                "amount",
                "The tax is more than was paid for shipping; it is included in it.",
            )
        if max(costs, sum(payment.captured for payment in order.payments)) > MOST:
            self.wrong("/lines", "amount", "This order comes to more than can be handled.")

    def check_parcels(self, order: Order) -> None:
        sent = Counter[str]()
        for pointer, part in _parts(order.fulfilments):
            line = order.by_id.get(part.line_id)
            sent[part.line_id] += part.quantity
            if line is None:
                self.wrong(f"{pointer}/line_id", "unknown_line", "The order has no such line.")
            elif sent[part.line_id] > line.quantity:
                self.wrong(
                    f"{pointer}/quantity",
                    "quantity",
                    f"More is sent than the {line.quantity} that were ordered.",
                )


_LINE_PLAIN = (
    "id",
    "sku",
    "title",
    "quantity",
    "category",
    "final_sale",
    "digital",
    "brand",
    "supplier",
    "image_url",
    "weight_grams",
    "attributes",
)


def _fulfilment(row: Json) -> Fulfilment:
    parts = tuple(FulfilmentLine(part["line_id"], part["quantity"]) for part in row["lines"])
    return Fulfilment(**{**row, "lines": parts, "evidence": tuple(map(evidence_of, row["evidence"]))})


def _parts(fulfilments: Iterable[Fulfilment]) -> Iterable[tuple[str, FulfilmentLine]]:
    for i, fulfilment in enumerate(fulfilments):
        for j, part in enumerate(fulfilment.lines):
            yield f"/fulfilments/{i}/lines/{j}", part
