"""Settings become a Runtime. This module alone picks adapters and reads the clock."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module

from returns_service.adapters.bell import Bell
from returns_service.adapters.carriers import TrackingFeed
from returns_service.adapters.files import Pictures, store_at
from returns_service.adapters.messages import Chat, ChatFiles, MailFiles, Smtp
from returns_service.adapters.payments.sandbox import SandboxGateway
from returns_service.adapters.payments.storefront import StorefrontGateway
from returns_service.adapters.vault import Vault
from returns_service.adapters.webhooks import SafeCaller
from returns_service.config import Settings
from returns_service.domain.ports import Channel, IdentityProvider, Mailer, PaymentGateway, WorkerSeen
from returns_service.pages.scribe import PageScribe
from returns_service.store.db import Database
from returns_service.telemetry import log_as
from returns_service.usecases.runtime import Runtime


def clock() -> datetime:
    """The present instant in UTC, to the millisecond: what is stored is exactly what is shown."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def build(settings: Settings, *, shift: timedelta = timedelta(0)) -> Runtime:
    """The runtime of one process; `shift` lets a sweep run as if it were another time."""
    log_as(level=settings.log_level, json=settings.log_json)
    bell = Bell(settings.bell_url)

    def now() -> datetime:
        return clock() + shift

    return Runtime(
        settings=settings,
        db=Database(settings.database_url, connections=settings.web_threads + 4, ring=bell.ring),
        now=now,
        bell=bell,
        gateways=_gateways(settings),
        mailer=_mailer(settings),
        files=store_at(settings.files_url or settings.data_dir / "files"),
        pictures=Pictures(),
        scribe=PageScribe(),
        vault=Vault(settings.secret_key),
        own_gateways={"stripe": _stripe},
        channels=_channels(settings),
        carriers={"tracking": TrackingFeed()},
        hooks=SafeCaller(allow_private=settings.allow_private_hooks),
        identity=_identity(settings),
    )


class _Silent:
    """A bell that nobody needs to hear, because whoever rings does the work."""

    def ring(self, *, another: bool = False) -> bool:
        return False

    def workers(self) -> list[WorkerSeen]:
        return []

    def works(self) -> bool:
        return True


def rehearsal(settings: Settings, now: Callable[[], datetime], *, sandbox_url: str) -> Runtime:
    """The runtime of the demo's stories: a time of its own, mail only ever as files, a silent bell."""
    gateways = {**_gateways(settings), "sandbox": SandboxGateway(sandbox_url, settings.sandbox_secret)}
    return replace(
        build(settings),
        db=Database(settings.database_url),
        now=now,
        bell=_Silent(),
        gateways=gateways,
        mailer=MailFiles(settings.data_dir / "mail", now),
    )


def _mailer(settings: Settings) -> Mailer:
    if settings.smtp_url:
        return Smtp(settings.smtp_url, clock)
    return MailFiles(settings.data_dir / "mail", clock)


def _channels(settings: Settings) -> Mapping[str, Channel]:
    return {"sms": ChatFiles(settings.data_dir / "sms.jsonl"), "chat": Chat()}


def _identity(settings: Settings) -> IdentityProvider | None:
    if not settings.oidc_issuer:
        return None
    identity = import_module(
        "returns_service.adapters.identity"
    )  # brings cryptography; only its users load it
    found: IdentityProvider = identity.OidcProvider(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, settings.oidc_name
    )
    return found


def _gateways(settings: Settings) -> Mapping[str, PaymentGateway]:
    return {
        "sandbox": SandboxGateway(settings.sandbox_url, settings.sandbox_secret),
        "storefront": StorefrontGateway(),
    }


def _stripe(secrets: Mapping[str, str]) -> PaymentGateway:
    stripe = import_module("returns_service.adapters.payments.stripe")  # large; only its users load it
    made: PaymentGateway = stripe.of_shop(secrets)
    return made
