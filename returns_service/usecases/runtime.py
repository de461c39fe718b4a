"""What the edges receive: the database, the clock, the settings and the adapters that `wiring` picked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from returns_service.config import Settings
from returns_service.domain.ports import (
    Bell,
    CarrierFeed,
    Channel,
    FileStore,
    GatewayMaker,
    HookCaller,
    IdentityProvider,
    Mailer,
    PaymentGateway,
    PictureReader,
    Scribe,
    Vault,
)
from returns_service.store.db import Database


@dataclass(frozen=True)
class Runtime:
    """One process's view of the world. Nothing in it changes."""

    settings: Settings
    db: Database
    now: Callable[[], datetime]
    """An aware UTC instant."""
    bell: Bell
    gateways: Mapping[str, PaymentGateway]
    """Those that every shop shares; `gateway_of` knows those of one shop too."""
    mailer: Mailer
    files: FileStore
    pictures: PictureReader
    scribe: Scribe
    vault: Vault
    own_gateways: Mapping[str, GatewayMaker] = field(default_factory=dict)
    """Gateways that work with secrets of the shop."""
    channels: Mapping[str, Channel] = field(default_factory=dict)
    """SMS and chat by name."""
    carriers: Mapping[str, CarrierFeed] = field(default_factory=dict)
    hooks: HookCaller | None = None
    """Calls the webhook addresses of shops; None where nothing is called."""
    identity: IdentityProvider | None = None
    """Where the people of the console sign in with their company's account; None where there is no such place."""
