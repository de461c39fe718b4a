"""Which shop a page is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.store import shops
from returns_service.store.tables import Shop


@dataclass(frozen=True)
class ShopFacts:
    """What pages show of a shop; its row stays in the store."""

    id: UUID
    slug: str
    name: str
    languages: Sequence[str]
    time_zone: str
    brand: Mapping[str, Any]
    settings: Mapping[str, Any]
    locations: Sequence[Mapping[str, Any]]
    policy_name: str


def by_slug(session: Session, slug: str) -> ShopFacts:
    """Raises NotFound."""
    return _facts(shops.by_slug(session, slug))


def by_id(session: Session, shop_id: UUID) -> ShopFacts:
    """Raises NotFound."""
    return _facts(shops.load(session, shop_id))


def everyone(session: Session) -> list[ShopFacts]:
    return [_facts(row) for row in shops.everyone(session)]


def _facts(row: Shop) -> ShopFacts:
    return ShopFacts(
        row.id,
        row.slug,
        row.name,
        tuple(row.languages),
        row.time_zone,
        row.brand,
        row.settings,
        row.locations,
        row.policy_name,
    )
