"""Queries of photos."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from returns_service.domain.errors import Invalid, NotFound
from returns_service.store.tables import Photo


def load(session: Session, shop_id: UUID, photo_id: UUID | str) -> Photo:
    """Raises NotFound."""
    row = find(session, shop_id, [str(photo_id)]).get(str(photo_id))
    if row is None:
        raise NotFound("photo")
    return row


def find(session: Session, shop_id: UUID, ids: Iterable[str]) -> dict[str, Photo]:
    """Those of the ids that are photos of the shop."""
    wanted = [known for known in map(_uuid, ids) if known is not None]
    if not wanted:
        return {}
    rows = session.exec(select(Photo).where(Photo.shop_id == shop_id, col(Photo.id).in_(wanted)))
    return {str(row.id): row for row in rows}


def need(session: Session, shop_id: UUID, ids: Iterable[str], pointer: str = "/photos") -> list[Photo]:
    """The photos with these ids. Raises Invalid when one is not there."""
    asked = list(ids)
    if not asked:
        return []
    known = find(session, shop_id, asked)
    for i, one in enumerate(asked):
        if one not in known:
            raise Invalid(
                "unknown_photo", "There is no such photo; upload it first.", pointer=f"{pointer}/{i}"
            )
    return [known[one] for one in asked]


def of_case(session: Session, case_id: UUID) -> list[Photo]:
    """Oldest first."""
    return list(session.exec(select(Photo).where(Photo.case_id == case_id).order_by(col(Photo.id))))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
