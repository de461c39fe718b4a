"""The gateways of a shop: those of the whole installation, and those for which the shop keeps its own secrets."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Invalid, NotFound
from returns_service.domain.ports import PaymentGateway, Vault
from returns_service.store import shops
from returns_service.usecases.runtime import Runtime

OWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "stripe": {"key": ("sk_", "rk_"), "webhook_secret": ("whsec_",)}
}
"""Gateway -> its secrets and how each begins."""


def gateway_of(runtime: Runtime, session: Session, shop_id: UUID, name: str) -> PaymentGateway | None:
    """None when there is no such gateway, or the shop has not given its secrets."""
    if name in runtime.gateways:
        return runtime.gateways[name]
    sealed = shops.load(session, shop_id).secrets.get(name) if name in runtime.own_gateways else None
    opened = runtime.vault.open(sealed) if sealed else None
    return runtime.own_gateways[name](opened) if opened else None


def keep_secrets(
    session: Session, name: str, secrets: Mapping[str, str], *, vault: Vault, actor: Actor
) -> dict[str, Any]:
    """Put a gateway's secrets in place of the former ones. Raises NotFound, Invalid."""
    wanted = OWN.get(name)
    if wanted is None:
        raise NotFound("gateway")
    for part, beginnings in wanted.items():
        if not secrets.get(part, "").startswith(beginnings):
            raise Invalid("secret", f"This begins with {' or '.join(beginnings)}.", pointer=f"/{part}")
    shop = shops.load(session, actor.shop_id)
    shop.secrets = {**shop.secrets, name: vault.seal({part: secrets[part] for part in wanted})}
    session.add(shop)
    return _body(name, shop.slug, kept=True)


def forget_secrets(session: Session, name: str, *, actor: Actor) -> dict[str, Any]:
    """Raises NotFound."""
    shop = shops.load(session, actor.shop_id)
    if name not in OWN:
        raise NotFound("gateway")
    shop.secrets = {other: sealed for other, sealed in shop.secrets.items() if other != name}
    session.add(shop)
    return _body(name, shop.slug, kept=False)


def list_gateways(session: Session, *, actor: Actor) -> list[dict[str, Any]]:
    """Those that need secrets of the shop, and whether they are there; the secrets are never shown again."""
    shop = shops.load(session, actor.shop_id)
    return [_body(name, shop.slug, kept=name in shop.secrets) for name in OWN]


def _body(name: str, slug: str, *, kept: bool) -> dict[str, Any]:
    return {"name": name, "configured": kept, "webhook_path": f"/v1/hooks/{slug}/{name}"}
