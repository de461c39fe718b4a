"""Letters that belong to no event: the one-time way into the portal, the receipt of a withdrawal, the last one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from returns_service.domain.ports import DeliveryFailed, EmailMessage
from returns_service.jobs.notices import sender
from returns_service.jobs.outcome import GiveUp, TryLater
from returns_service.store import shops
from returns_service.store.work import Work
from returns_service.usecases.request_code import code_of
from returns_service.usecases.runtime import Runtime


def mail_code(runtime: Runtime, work: Work) -> None:
    """The handler of topic "sign_in"; a code that ran out before it left is not worth sending."""
    said = work.payload
    if runtime.now() >= datetime.fromisoformat(said["until"]):
        return
    code = code_of(runtime.settings.secret_key, work.key)
    _mail(runtime, work, "sign_in", said["email"], {"code": code, "until": said["until"]}, said["link"])


def mail_receipt(runtime: Runtime, work: Work) -> None:
    """The handler of topic "withdrawal": a statement that fits no order is confirmed, and the shop is told of it."""
    said = {"at": work.payload["at"], "letter": True}
    _mail(runtime, work, "withdrawal", work.key, said)
    with runtime.db.read() as session:
        brand = shops.load(session, work.shop_id).brand
    if brand.get("support_email"):
        _mail(
            runtime,
            work,
            "withdrawal_unknown",
            brand["support_email"],
            {**said, "from": work.key, "name": work.payload["name"]},
        )


def mail_erased(runtime: Runtime, work: Work) -> None:
    """The handler of topic "erased": nothing is known of this person any more but, until this has left, the address."""
    _mail(runtime, work, "erased", work.key, {"at": work.payload["at"], "letter": True})


def _mail(
    runtime: Runtime, work: Work, letter: str, to: str, data: Mapping[str, Any], link: str = ""
) -> None:
    with runtime.db.read() as session:
        shop = shops.load(session, work.shop_id)
    context = {
        "case": {"number": work.payload["order"], "currency": "EUR", "lines": []},
        "shop": {"name": shop.name, "time_zone": shop.time_zone, **shop.brand},
        "event": {"data": data},
        "links": {"portal": link},
    }
    written = runtime.scribe.letter(letter, context, work.payload["locale"], shop.languages)
    answers = shop.brand.get("support_email")
    message = EmailMessage(
        id=f"{letter}.{work.id}@{shop.slug}.returns",
        sender=sender(shop.name, runtime.settings.mail_from),
        to=to,
        subject=written.subject,
        text=written.text,
        html=written.html,
        language=written.language,
        headers={"Reply-To": answers} if answers else {},
    )
    try:
        runtime.mailer.send(message)
    except DeliveryFailed as failed:
        raise (GiveUp if failed.permanent else TryLater)(failed.reason) from failed
