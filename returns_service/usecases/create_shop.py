"""Create a shop: the tenant to which everything belongs."""

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import available_timezones

from sqlmodel import Session

from returns_service.domain.errors import Conflict, Invalid
from returns_service.store import shops
from returns_service.store.tables import Shop

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?", re.ASCII)
LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def create_shop(
    session: Session,
    slug: str,
    *,
    name: str,
    policy: str = "standard",
    time_zone: str = "Europe/Berlin",
    languages: Sequence[str] = LANGUAGES,
    now: datetime,
) -> Shop:
    """Raises Invalid, Conflict for a name that is taken."""
    if not _SLUG.fullmatch(slug):
        raise Invalid("slug", f"{slug!r} must be lower-case letters, digits and hyphens.", pointer="/slug")
    if time_zone not in available_timezones():
        raise Invalid(
            "time_zone", f"{time_zone!r} is not a time zone such as Europe/Berlin.", pointer="/time_zone"
        )
    if any(row.slug == slug for row in shops.everyone(session)):
        raise Conflict("shop_exists", f"There already is a shop {slug!r}.")
    row = Shop(
        slug=slug,
        name=name,
        policy_name=policy,
        time_zone=time_zone,
        languages=list(languages),
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row
