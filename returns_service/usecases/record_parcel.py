"""A parcel arrived and nobody knows yet to which case it belongs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Invalid
from returns_service.store.tables import UnexpectedParcel


def record_parcel(
    session: Session,
    *,
    lines: Sequence[Mapping[str, Any]],
    carrier: str | None = None,
    tracking_number: str | None = None,
    location: str | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> UnexpectedParcel:
    """Keep it apart for a person. Raises Invalid when nothing is said about it."""
    if not (lines or tracking_number or note):
        raise Invalid(
            "empty", "Say what is in it, or its tracking number, or how it looks.", pointer="/lines"
        )
    row = UnexpectedParcel(
        shop_id=actor.shop_id,
        carrier=carrier,
        tracking_number=tracking_number,
        location=location,
        note=note,
        lines=[dict(line) for line in lines],
        actor=actor.body(),
        at=now,
    )
    session.add(row)
    session.flush()
    return row
