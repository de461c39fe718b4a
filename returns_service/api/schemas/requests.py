"""What a customer asks for, what the bench found, and the other bodies that reach a policy."""

from marshmallow import fields

from returns_service.api.schemas.base import Body
from returns_service.api.schemas.fields import (
    Amount,
    Attributes,
    Code,
    Count,
    Flag,
    Id,
    Instant,
    Line,
    ListOf,
    OneOf,
    Part,
    Text,
)
from returns_service.domain.request import RESOLUTIONS


class EvidenceBody(Body):
    """A fact from outside: a carrier scan, a pick log, a proof of delivery."""

    type = Code(required=True)
    data = Attributes(load_default=dict)
    at = Instant(allow_none=True, load_default=None)


class RequestLineBody(Body):
    order_line_id = Id(required=True)
    quantity = Count(1, required=True)
    reason = Code(required=True)
    condition = Code(allow_none=True, load_default=None)
    comment = Text(2000, load_default="")
    photos = ListOf(Id(), most=20, load_default=list)
    resolution = OneOf(*RESOLUTIONS, load_default="refund")
    exchange_for = Line(100, allow_none=True, load_default=None)
    attributes = Attributes(load_default=dict)
    evidence = ListOf(
        Part(EvidenceBody),
        most=20,
        load_default=list,
        metadata={
            "description": "What the customer shows besides photos. Types that the policy does not ask for say nothing."
        },
    )


class RequestBody(Body):
    """The request of a preview or a case."""

    order_id = Id(required=True)
    client_reference = Line(100, allow_none=True, load_default=None)
    return_method = Code(load_default="mail")
    language = Line(35, allow_none=True, load_default=None)
    comment = Text(2000, load_default="")
    at = Instant(allow_none=True, load_default=None)
    request_review = Flag(load_default=False)
    lines = ListOf(Part(RequestLineBody), most=100, least=1, required=True)
    attributes = Attributes(load_default=dict)


class UnitsBody(Body):
    """Units of one line that were found alike."""

    quantity = Count(1, required=True)
    grade = Line(20, allow_none=True, load_default=None)
    findings = ListOf(Code(), most=30, load_default=list)
    answers = Attributes(load_default=dict)
    disposition = Code(allow_none=True, load_default=None)
    note = Text(2000, load_default="")
    photos = ListOf(Id(), most=20, load_default=list)
    serial_numbers = ListOf(Id(), most=1000, load_default=list)


class InspectedLineBody(Body):
    line_id = Id(required=True)
    units = ListOf(Part(UnitsBody), most=200, least=1, required=True)


class InspectBody(Body):
    """The findings of the bench, line by line."""

    lines = ListOf(Part(InspectedLineBody), most=100, least=1, required=True)


class FindingsBody(InspectBody):
    """The body of an inspection with the evidence there is; either may be absent."""

    lines = ListOf(Part(InspectedLineBody), most=100, load_default=list)
    evidence = ListOf(Part(EvidenceBody), most=100, load_default=list)
    handed_in_at = Instant(allow_none=True, load_default=None)


class RepairBody(Body):
    """A time in which the goods of a line were away for repair."""

    from_ = Instant(data_key="from", required=True)
    to = Instant(required=True)


class LineHistoryBody(Body):
    line_id = Id(required=True)
    held = Count(0, load_default=0)
    returned = Count(0, load_default=0)
    refunded = Amount(load_default="0")
    repairs = ListOf(Part(RepairBody), most=50, load_default=list)
    attempts = Count(0, load_default=0)


class HistoryBody(Body):
    """What the database would know: the past of the order's lines and of its customer."""

    lines = ListOf(Part(LineHistoryBody), most=500, load_default=list)
    tenders = fields.Dict(keys=Id(), values=Amount(), load_default=dict)
    shipping_refunded = Amount(load_default="0")
    surcharges_refunded = Amount(load_default="0")
    returns_in_lookback = Count(0, 1_000_000, load_default=0)
    ordered_in_lookback = Count(0, 1_000_000, load_default=0)
    returned_value_in_lookback = Amount(load_default="0")
