"""The storefront attaches its own carrier label."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, Invalid
from returns_service.domain.events import EventType
from returns_service.store import cases, outbox
from returns_service.store.cases import CaseFile

_BEFORE_ARRIVAL = ("requested", "info_requested", "approved", "shipped_back")


def attach_label(
    session: Session,
    case_id: UUID,
    *,
    url: str,
    carrier: str | None = None,
    tracking_number: str | None = None,
    actor: Actor,
    now: datetime,
) -> CaseFile:
    """Keep where the label is; a newer one replaces it, the same again changes nothing. Raises NotFound, Invalid, Conflict."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise Invalid("url", "The label's address must be an http or https address.", pointer="/url")
    case = cases.load(session, case_id, actor)
    label = {"url": url, "carrier": carrier, "tracking_number": tracking_number}
    if case.row.label == label:
        return case
    if not case.row.goods_return or case.state not in _BEFORE_ARRIVAL:
        detail = "No parcel is expected from the customer, so there is nothing to put a label on."
        raise Conflict("no_parcel_expected", detail, state=case.state, actions=[])
    case.row.label = label
    case.row.tracking = case.row.tracking or tracking_number
    outbox.record(case, EventType.LABEL_ATTACHED, actor=actor, now=now, **label)
    return case
