"""What messages and slips are written from: the case as the contract shows it, its shop, the policy's words, addresses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from returns_service.domain.actor import Actor
from returns_service.domain.policy import Policy
from returns_service.store import talk
from returns_service.store.cases import CaseFile
from returns_service.store.tables import EventRow
from returns_service.usecases.show_case import facts, instant

Texts = Mapping[str, Mapping[str, Mapping[str, str]]]


def context(case: CaseFile, event: EventRow | None, *, public_url: str) -> dict[str, Any]:
    """The rendering context of a message about an event, or of a slip."""
    shop, order = case.shop, case.order
    shown = facts(case, Actor.of("system", case.row.shop_id))
    portal = public_url + shown["links"]["portal"]
    return {
        "case": shown,
        "shop": {"name": shop.name, "time_zone": shop.time_zone, **shop.brand},
        "order": {
            "number": order.number,
            "customer": {"name": order.customer.name},
            "lines": [
                {
                    "id": line.id,
                    "sku": line.sku,
                    "title": line.title,
                    "exchange_options": _options(line.exchange_options),
                }
                for line in order.lines
            ],
        },
        "event": event_body(event, said(case, event)) if event else {},
        "links": {
            "portal": portal,
            "answer": f"{portal}#answer",
            "choose": f"{portal}#choose",
            "object": f"{portal}#objection",
            "messages": f"{portal}#messages",
            "rate": f"{portal}#rating",
            "console": f"{public_url}/console/cases/{case.id}",
        },
        "words": words(case.policy),
        "location": _location(case),
    }


def _options(options: Iterable[Any]) -> list[dict[str, str]]:
    return [{"sku": option.sku, "title": option.title} for option in options]


def event_body(event: EventRow, words: Mapping[str, str]) -> dict[str, Any]:
    """An event with what was said."""
    data = {**event.data, **words}
    return {"type": event.type, "at": instant(event.at), "actor": event.actor, "data": data}


def said(case: CaseFile, event: EventRow) -> dict[str, str]:
    """What somebody said at an event: the history keeps an id, a reader wants the words."""
    data = event.data
    if "message_id" in data:
        rows = talk.of_case(case.session, case.id, internal=False)
        return {"body": next((row.body for row in rows if str(row.id) == data["message_id"]), "")}
    if "objection_id" in data:
        found = talk.objections(case.session, case.id)
        return {"text": next((row.text for row in found if str(row.id) == data["objection_id"]), "")}
    return {}


@cache
def words(policy: Policy) -> Texts:
    """The policy's own words for its codes, in every language it has."""
    tables = {
        "reasons": policy.reason_table,
        "findings": policy.findings,
        "grades": policy.grade_table,
        "conditions": policy.conditions,
    }
    return {
        name: {
            language: {code: one.words(language) for code, one in table.items()}
            for language in policy.languages
        }
        for name, table in tables.items()
    }


def _location(case: CaseFile) -> dict[str, Any] | None:
    """Where the goods go back to: the shop's own address of that name, else the policy's."""
    code = case.row.return_location
    for place in case.shop.locations:
        if place.get("code") == code or (code is None and len(case.shop.locations) == 1):
            return {"name": place.get("name"), "lines": place.get("address") or place.get("lines") or []}
    places = case.policy.locations
    found = next((place for place in places if place.id == code), places[0] if places else None)
    return {"name": found.say, "lines": list(found.address)} if found else None


@dataclass(frozen=True)
class Envelope:
    """What a mail needs besides its words: who sends it, where answers go, what belongs together, the slip's contents."""

    shop_name: str
    reply_to: str
    thread: str
    context: Mapping[str, Any]
    locale: str
    offered: Sequence[str]


def envelope(case: CaseFile, context: Mapping[str, Any]) -> Envelope:
    reply_to = case.shop.brand.get("support_email") or ""
    return Envelope(
        case.shop.name, reply_to, str(case.id), context, case.row.language, tuple(case.shop.languages)
    )


def address(case: CaseFile, recipient: str, channel: str) -> str:
    """Where a recipient is reached through a channel; "" where nobody said."""
    settings, customer = case.shop.settings, case.order.customer
    if recipient == "customer":
        found = {"email": case.row.email, "sms": customer.phone, "chat": settings.get("customer_chat")}
    else:
        staff_email = settings.get("staff_email") or case.shop.brand.get("support_email")
        found = {"email": staff_email, "sms": settings.get("staff_phone"), "chat": settings.get("staff_chat")}
    return str(found.get(channel) or "")


def locale(case: CaseFile, recipient: str) -> str:
    """The customer's own; the first language of the shop for its people."""
    if recipient == "customer":
        return case.row.language
    return next(iter(case.shop.languages), "en")


def message_id(event_id: UUID, recipient: str, channel: str, public_url: str) -> str:
    """The same message has the same id, however often it is sent."""
    return f"{event_id}.{recipient}.{channel}@{urlsplit(public_url).hostname or 'localhost'}"
