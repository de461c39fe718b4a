"""Create an API key. Its secret is shown once; only a digest is kept."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.errors import Invalid
from returns_service.domain.scopes import SCOPES
from returns_service.store.tables import ApiKey

PREFIX_LENGTH = 11
"""So much of a key is kept readable, to recognise it in a list."""


def create_key(
    session: Session, shop_id: UUID, *, name: str, scopes: Collection[str], now: datetime
) -> tuple[ApiKey, str]:
    """The key's row and the key itself, which nobody can read again. Raises Invalid for an unknown scope."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        wanted = f"There is no scope {unknown[0]!r}." if unknown else "A key needs at least one scope."
        raise Invalid("scope", f"{wanted} There are {', '.join(SCOPES)}.", pointer="/scopes")
    secret = f"rk_{secrets.token_urlsafe(32)}"
    ordered = [scope for scope in SCOPES if scope in scopes]
    row = ApiKey(
        shop_id=shop_id,
        name=name,
        prefix=secret[:PREFIX_LENGTH],
        digest=digest(secret),
        scopes=ordered,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row, secret


def digest(secret: str) -> str:
    """What is kept of a key. The key is 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()
