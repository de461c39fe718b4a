"""A customer's address to which mail came back for good is put right, and what could not be told is told."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Forbidden, Invalid
from returns_service.domain.events import EventType
from returns_service.store import cases, notices, outbox
from returns_service.store.cases import CaseFile
from returns_service.usecases.resend_notice import allow_address, resend_notice


def correct_address(
    session: Session, case_id: UUID, address: str, *, actor: Actor, now: datetime
) -> CaseFile:
    """From now on the case's messages go there; the same address again says that it is right after all.

    Raises Invalid, Forbidden, NotFound.
    """
    if not actor.may("returns:read"):
        raise Forbidden("missing_scope", "Only staff correct addresses.", scope="staff")
    email = address.strip().lower()
    if "@" not in email.strip("@") or len(email) > 254 or any(c.isspace() for c in email):
        raise Invalid("email", "This is not an e-mail address.", pointer="/address")
    case = cases.load(session, case_id, actor)
    refused = [row for row in notices.told(session, case.id) if row.state == "suppressed"]
    allow_address(session, email, actor=actor)
    if email != case.row.email:
        case.row.email = email
        outbox.record(case, EventType.ADDRESS_CORRECTED, actor=actor, now=now)
    for notice in refused:
        if notice.recipient == "customer":
            notice.address = email
            notice.state = "parked"
            resend_notice(session, notice.id, actor=actor, now=now)
    return case
