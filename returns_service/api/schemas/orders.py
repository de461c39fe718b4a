"""The order snapshot as the storefront sends it."""

from returns_service.api.schemas.base import Body
from returns_service.api.schemas.fields import (
    Amount,
    Attributes,
    Count,
    Country,
    Email,
    Flag,
    Id,
    Instant,
    Line,
    ListOf,
    OneOf,
    Part,
    Text,
    WebAddress,
)
from returns_service.api.schemas.requests import EvidenceBody


def _tags() -> ListOf:
    return ListOf(Line(), most=100, load_default=list)


class CustomerBody(Body):
    id = Id(allow_none=True, load_default=None)
    email = Email(required=True)
    name = Text(200, allow_none=True, load_default=None)
    phone = Line(50, allow_none=True, load_default=None)
    locale = Line(35, allow_none=True, load_default=None)
    tier = Line(50, shortest=1, load_default="standard")
    created_at = Instant(allow_none=True, load_default=None)
    attributes = Attributes(load_default=dict)


class ExchangeOptionBody(Body):
    sku = Id(required=True)
    title = Text(300, load_default="")
    price = Amount(required=True)
    available = Count(0, 1_000_000, allow_none=True, load_default=None)


class ElsewhereBody(Body):
    quantity = Count(0, load_default=0)
    amount = Amount(load_default="0")


class ReplacesBody(Body):
    order_id = Id(required=True)
    line_id = Id(required=True)


class OrderLineBody(Body):
    id = Id(required=True)
    sku = Id(required=True)
    title = Text(300, shortest=1, required=True)
    quantity = Count(1, required=True)
    unit_price = Amount(required=True)
    discount = Amount(load_default="0")
    tax = Amount(load_default="0")
    category = Line(200, load_default="")
    tags = _tags()
    final_sale = Flag(load_default=False)
    digital = Flag(load_default=False)
    brand = Line(200, allow_none=True, load_default=None)
    supplier = Line(200, allow_none=True, load_default=None)
    serial_numbers = ListOf(Id(), most=1000, load_default=list)
    image_url = WebAddress(allow_none=True, load_default=None)
    weight_grams = Count(0, 100_000_000, allow_none=True, load_default=None)
    exchange_options = ListOf(Part(ExchangeOptionBody), most=100, load_default=list)
    refunded_elsewhere = Part(ElsewhereBody, load_default=lambda: {"quantity": 0, "amount": "0"})
    replaces = Part(ReplacesBody, allow_none=True, load_default=None)
    attributes = Attributes(load_default=dict)


class DiscountBody(Body):
    title = Text(200, load_default="")
    amount = Amount(required=True)


class SurchargeBody(Body):
    title = Text(200, load_default="")
    amount = Amount(required=True)
    refundable = Flag(load_default=True)


class ShippingBody(Body):
    method = Line(100, load_default="")
    paid = Amount(load_default="0")
    standard_rate = Amount(allow_none=True, load_default=None)
    tax = Amount(load_default="0")


class PaymentBody(Body):
    id = Id(required=True)
    method = Line(50, shortest=1, load_default="card")
    gateway = Line(50, shortest=1, load_default="storefront")
    reference = Line(200, allow_none=True, load_default=None)
    captured = Amount(load_default="0")
    refunded = Amount(load_default="0")
    charged_back = Amount(load_default="0")
    chargeback = OneOf("open", "won", "lost", allow_none=True, load_default=None)


class FulfilmentLineBody(Body):
    line_id = Id(required=True)
    quantity = Count(1, required=True)


class FulfilmentBody(Body):
    id = Id(required=True)
    carrier = Line(100, allow_none=True, load_default=None)
    tracking_number = Line(100, allow_none=True, load_default=None)
    shipped_at = Instant(allow_none=True, load_default=None)
    delivered_at = Instant(allow_none=True, load_default=None)
    promised_at = Instant(allow_none=True, load_default=None)
    evidence = ListOf(
        Part(EvidenceBody),
        most=50,
        load_default=list,
        metadata={
            "description": "What is known of the parcel: pick log, weight, proof of dispatch and delivery, scans."
        },
    )
    lines = ListOf(Part(FulfilmentLineBody), most=500, least=1, required=True)


class OrderBody(Body):
    """What was bought, paid and delivered, as it stands now."""

    number = Id(required=True)
    channel = Line(50, shortest=1, load_default="online")
    country = Country(required=True)
    region = Line(50, allow_none=True, load_default=None)
    postal_code = Line(20, allow_none=True, load_default=None)
    currency = Line(3, shortest=3, required=True, metadata={"example": "EUR"})
    tax_included = Flag(load_default=True)
    placed_at = Instant(required=True)
    updated_at = Instant(allow_none=True, load_default=None)
    tags = _tags()
    customer = Part(CustomerBody, required=True)
    lines = ListOf(Part(OrderLineBody), most=500, least=1, required=True)
    discounts = ListOf(Part(DiscountBody), most=100, load_default=list)
    surcharges = ListOf(Part(SurchargeBody), most=100, load_default=list)
    shipping = Part(
        ShippingBody,
        load_default=lambda: {
            "method": "",
            "paid": "0",
            "standard_rate": None,
            "tax": "0",
        },
    )
    payments = ListOf(Part(PaymentBody), most=50, load_default=list)
    fulfilments = ListOf(Part(FulfilmentBody), most=200, load_default=list)
    attributes = Attributes(load_default=dict)
