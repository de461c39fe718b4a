"""Everything that is kept about a customer on one order, for the customer: in the words of the contract."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.store import cases, notices, portal, talk
from returns_service.usecases.list_events import list_events
from returns_service.usecases.show_case import instant, show
from returns_service.usecases.show_order import show_order
from returns_service.usecases.show_parts import message_body, objection_body, rating_body


def own_data(session: Session, order_id: str, *, actor: Actor) -> dict[str, Any]:
    """The order, its returns, what was said and what was mailed. Raises NotFound."""
    rows = portal.returns_of(session, actor.shop_id, order_id)
    return {
        "order": show_order(session, order_id, actor=actor),
        "returns": [_return(session, row.id, actor) for row in rows],
    }


def _return(session: Session, case_id: UUID, actor: Actor) -> dict[str, Any]:
    case = cases.load(session, case_id, actor, lock=False)
    mailed = [n for n in notices.told(session, case_id) if n.recipient == "customer"]
    return {
        **show(case, actor=actor),
        "events": list_events(session, case_id, actor=actor, limit=None),
        "conversation": [message_body(row) for row in talk.of_case(session, case_id, internal=False)],
        "objections": [objection_body(row) for row in talk.objections(session, case_id)],
        "ratings": [rating_body(row) for row in talk.ratings(session, case_id)],
        "mails": [
            {
                "at": instant(n.created_at),
                "to": n.address,
                "subject": n.subject,
                "text": n.body_text,
                "state": n.state,
            }
            for n in mailed
        ],
    }
