"""What an administrator sets for the shop: name, looks, languages, addresses, limits, reply templates, shared views."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Forbidden, Invalid
from returns_service.store import shops
from returns_service.store.tables import Shop

LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def change_shop(session: Session, changes: Mapping[str, Any], *, actor: Actor) -> None:
    """`name`, `time_zone`, `languages`, `brand`, `locations`; those not named stay. Raises Forbidden, Invalid."""
    if not actor.may("admin"):
        raise Forbidden("missing_scope", "Only administrators change the shop.", scope="admin")
    row = shops.load(session, actor.shop_id, lock=True)
    if not changes.get("name", row.name).strip():
        raise Invalid("name", "A shop has a name.", pointer="/name")
    languages = list(changes.get("languages", row.languages))
    if not languages or set(languages) - set(LANGUAGES):
        raise Invalid("languages", "Choose at least one language.", pointer="/languages")
    try:
        ZoneInfo(changes.get("time_zone", row.time_zone))
    except (ZoneInfoNotFoundError, ValueError):
        raise Invalid("time_zone", "There is no such time zone.", pointer="/time_zone") from None
    row.name = changes.get("name", row.name).strip()
    row.languages, row.time_zone = languages, changes.get("time_zone", row.time_zone)
    row.brand = {**row.brand, **changes.get("brand", {})}
    row.locations = list(changes.get("locations", row.locations))
    session.add(row)


def change_settings(session: Session, changes: Mapping[str, Any], *, actor: Actor) -> None:
    """Limits and reply templates, by name. Raises Forbidden."""
    row = _locked(session, actor)
    row.settings = {**row.settings, **changes}
    session.add(row)


def change_views(session: Session, name: str, view: Mapping[str, str] | None, *, actor: Actor) -> None:
    """A view that everybody sees: `view` in the place of the one of that name, or none there any more. Raises Forbidden."""
    row = _locked(session, actor)
    others = [one for one in row.settings.get("views", []) if one["name"] != name]
    row.settings = {**row.settings, "views": [*others, dict(view)] if view else others}
    session.add(row)


def _locked(session: Session, actor: Actor) -> Shop:
    if not actor.may("staff"):
        raise Forbidden("missing_scope", "Only staff change settings.", scope="staff")
    return shops.load(session, actor.shop_id, lock=True)
