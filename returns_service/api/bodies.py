"""From the bodies of the contract to the objects of the domain, with a JSON pointer for all that is wrong."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from marshmallow import Schema

from returns_service.api.evidence import evidence_of
from returns_service.api.order_body import order_of
from returns_service.api.schemas.base import load
from returns_service.api.schemas.fields import Amount, Instant, ListOf, Part
from returns_service.api.schemas.orders import OrderBody
from returns_service.api.schemas.requests import (
    EvidenceBody,
    FindingsBody,
    HistoryBody,
    InspectBody,
    RequestBody,
)
from returns_service.domain import money
from returns_service.domain.errors import Fault, Invalid, InvalidMany
from returns_service.domain.order import Order
from returns_service.domain.request import (
    Evidence,
    History,
    InspectedUnit,
    LineHistory,
    RequestLine,
    ReturnRequest,
)

_ORDER, _REQUEST = OrderBody(), RequestBody()
_INSPECT, _EVIDENCE, _FINDINGS, _HISTORY = (
    InspectBody(),
    EvidenceBody(),
    FindingsBody(),
    HistoryBody(),
)


def order_from(data: object, order_id: str) -> Order:
    """The order of an unchecked body. Raises InvalidMany."""
    return order_of(load(_ORDER, data), order_id)


def request_from(data: object) -> ReturnRequest:
    """The request of an unchecked body; the same wish for the same line twice is one. Raises InvalidMany."""
    return request_of(load(_REQUEST, data))


def request_of(body: Mapping[str, Any]) -> ReturnRequest:
    """The request of a body that a schema has accepted."""
    return ReturnRequest(
        lines=_merged(_request_line(line) for line in body["lines"]),
        return_method=body["return_method"],
        language=body["language"],
        comment=body["comment"],
        attributes=body["attributes"],
    )


def _request_line(line: Mapping[str, Any]) -> RequestLine:
    shown = {
        "photos": tuple(dict.fromkeys(line["photos"])),
        "evidence": tuple(map(evidence_of, line["evidence"])),
    }
    return RequestLine(**{**line, **shown})


def _merged(lines: Iterable[RequestLine]) -> tuple[RequestLine, ...]:
    merged: dict[str, RequestLine] = {}
    for line in lines:
        wish = [
            line.order_line_id,
            line.reason,
            line.condition,
            line.resolution,
            line.exchange_for,
            line.attributes,
        ]
        key = json.dumps(wish, sort_keys=True, default=str)
        merged[key] = _joined(merged[key], line) if key in merged else line
    return tuple(merged.values())


def _joined(first: RequestLine, second: RequestLine) -> RequestLine:
    comments = dict.fromkeys(text for text in (first.comment, second.comment) if text)
    return RequestLine(
        **{
            **vars(first),
            "quantity": first.quantity + second.quantity,
            "comment": "\n".join(comments),
            "photos": tuple(dict.fromkeys([*first.photos, *second.photos])),
            "evidence": (*first.evidence, *second.evidence),
        }
    )


def inspected_from(data: object) -> tuple[InspectedUnit, ...]:
    """The findings of an unchecked inspection body; `order_line_id` of a unit is the body's `line_id`."""
    return inspected_of(load(_INSPECT, data))


def inspected_of(body: Mapping[str, Any]) -> tuple[InspectedUnit, ...]:
    """The findings of a body that a schema has accepted."""
    return tuple(_unit(line["line_id"], unit) for line in body["lines"] for unit in line["units"])


def _unit(line_id: str, unit: Mapping[str, Any]) -> InspectedUnit:
    lists = {
        "findings": tuple(dict.fromkeys(unit["findings"])),
        "photos": tuple(dict.fromkeys(unit["photos"])),
        "serial_numbers": tuple(unit["serial_numbers"]),
    }
    return InspectedUnit(order_line_id=line_id, **{**unit, **lists})


def evidence_from(data: object) -> Evidence:
    """One piece of evidence of an unchecked body."""
    return evidence_of(load(_EVIDENCE, data))


class Findings(NamedTuple):
    """What was found, what else is known, and when the parcel was handed in."""

    units: tuple[InspectedUnit, ...]
    evidence: tuple[Evidence, ...] = ()
    handed_in_at: datetime | None = None


def findings_from(data: object) -> Findings:
    """The file given to `policy explain --findings`. Raises InvalidMany."""
    body = load(_FINDINGS, data)
    return Findings(inspected_of(body), tuple(map(evidence_of, body["evidence"])), body["handed_in_at"])


def history_from(data: object, order: Order) -> History:
    """The past of an order from the file given to `policy explain --history`. Raises InvalidMany.

    Units held and returned take the lowest slots of their line. Money given back for a line of which no unit
    is held or returned was a compensation. Without `tenders` the money came off the payments in their order.
    """
    body = load(_HISTORY, data)
    past = _Past(order)
    lines = {row["line_id"]: past.line(f"/lines/{i}", row) for i, row in enumerate(body["lines"])}
    figures = {name: past.amount(f"/{name}", body[name]) for name in _HISTORY_AMOUNTS}
    tenders = {key: past.amount(f"/tenders/{key}", text) for key, text in body["tenders"].items()}
    if past.faults:
        raise InvalidMany(past.faults)
    counts = {
        "returns_in_lookback": body["returns_in_lookback"],
        "ordered_in_lookback": body["ordered_in_lookback"],
    }
    return History(lines=lines, tender_refunded=tenders or past.off_payments(), **figures, **counts)


_HISTORY_AMOUNTS = (
    "shipping_refunded",
    "surcharges_refunded",
    "returned_value_in_lookback",
)


class _Past:
    """Reads a history against its order and collects what does not fit."""

    def __init__(self, order: Order) -> None:
        self.order, self.faults, self.refunded = order, list[Fault](), 0

    def line(self, pointer: str, row: Mapping[str, Any]) -> LineHistory:
        line = self.order.by_id.get(row["line_id"])
        if line is None:
            self.faults.append(Fault(f"{pointer}/line_id", "unknown_line", "The order has no such line."))
            return LineHistory()
        gone = row["held"] + row["returned"]
        if gone > line.quantity:
            self.faults.append(Fault(pointer, "quantity", f"Only {line.quantity} were ordered."))
        refunded = self.amount(f"{pointer}/refunded", row["refunded"])
        self.refunded += refunded
        repairs = tuple((one["from_"], one["to"]) for one in row["repairs"])
        kept = {0: refunded} if refunded and not gone else {}
        return LineHistory(frozenset(range(gone)), kept, repairs, row["attempts"])

    def amount(self, pointer: str, text: str) -> int:
        try:
            return money.parse(text, self.order.currency)
        except Invalid as refusal:
            self.faults.append(Fault(pointer, refusal.code, refusal.detail))
            return 0

    def off_payments(self) -> dict[str, int]:
        left, shares = self.refunded, {}
        for payment in self.order.payments:
            share = min(left, payment.captured - payment.refunded)
            if share > 0:
                shares[payment.id] = share
                left -= share
        return shares


def lines_of(body: Mapping[str, Any], key: str = "lines") -> Sequence[tuple[str, int]]:
    """(line id, quantity) pairs of a receipt."""
    return [(line["line_id"], line["quantity"]) for line in body[key]]


def snapshot_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """An accepted order as the contract writes it: defaults filled in, amounts with the currency's decimals, UTC."""
    written: dict[str, Any] = _written(_ORDER, body, body["currency"])
    return written


def _written(schema: Schema, body: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {name: _value(schema.fields[name], value, currency) for name, value in body.items()}


def _value(field: Any, value: Any, currency: str) -> Any:
    if value is None:
        return None
    if isinstance(field, Amount):
        return money.text(money.parse(value, currency), currency)
    if isinstance(field, Instant):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(field, Part):
        return _written(field.schema, value, currency)
    return [_value(field.inner, one, currency) for one in value] if isinstance(field, ListOf) else value
