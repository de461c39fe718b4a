"""Webhooks out: planned per endpoint from the event, sent outside any transaction, tried again on a schedule."""

from datetime import datetime
from uuid import UUID

from returns_service.domain.ports import DeliveryFailed, EmailMessage
from returns_service.jobs.outcome import TryLater
from returns_service.store import webhooks
from returns_service.store.tables import Shop
from returns_service.store.work import Work
from returns_service.usecases.plan_webhooks import listeners, plan_webhooks
from returns_service.usecases.prepare_webhook import prepare_webhook
from returns_service.usecases.record_webhook import record_webhook
from returns_service.usecases.runtime import Runtime


def announce(runtime: Runtime, work: Work) -> None:
    """Plans the deliveries of an event's work; `work.key` is the case's id, the payload names the version."""
    if not work.payload["listens"]:
        return
    with runtime.db.read() as session:
        heard = listeners(session, UUID(work.key), work.payload["version"], shop_id=work.shop_id)
    with runtime.db.begin() as session:
        for fact, endpoints in heard:
            plan_webhooks(session, fact.id, endpoints, now=runtime.now())


def deliver(runtime: Runtime, work: Work) -> None:
    """The handler of topic "webhook"; `work.key` is the delivery's id."""
    delivery_id, source = UUID(work.key), runtime.settings.public_url or ""
    with runtime.db.read() as session:
        letter = prepare_webhook(session, delivery_id, source=source, now=runtime.now())
    if letter is None or runtime.hooks is None:
        return
    if isinstance(letter, datetime):
        raise TryLater("the endpoint is left alone for a while", at=letter)
    answer = runtime.hooks.post(letter.url, letter.headers, letter.body)
    with runtime.db.begin() as session:
        again = record_webhook(session, delivery_id, answer, now=runtime.now())
    if again:
        raise TryLater(f"{answer.status or ''} {answer.text}".strip()[:200], at=again)


def tell_disabled(runtime: Runtime, work: Work) -> None:
    """The handler of topic "endpoint_disabled": the shop learns that nobody listens any more."""
    with runtime.db.read() as session:
        shop = session.get_one(Shop, work.shop_id)
        to = shop.brand.get("support_email")
        rows = [row for row in webhooks.endpoints(session, work.shop_id) if str(row.id) == work.key]
    if not to or not rows:
        return
    row = rows[0]
    text = f"Nothing is sent to {row.url} any more. {row.disabled_reason}\nEnable it again once it answers.\n"
    try:
        runtime.mailer.send(
            EmailMessage(
                id=f"<endpoint-{work.id}@returns.invalid>",
                sender=runtime.settings.mail_from,
                to=to,
                subject=f"{shop.name}: a webhook endpoint was disabled",
                text=text,
            )
        )
    except DeliveryFailed as failed:
        if not failed.permanent:
            raise
