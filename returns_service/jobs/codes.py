"""Mailing the one-time way into the portal."""

from dataclasses import replace
from datetime import datetime

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
    with runtime.db.read() as session:
        shop = shops.load(session, work.shop_id)
    code = code_of(runtime.settings.secret_key, work.key)
    context = {
        "case": {"number": said["order"], "currency": "EUR", "lines": []},
        "shop": {"name": shop.name, "time_zone": shop.time_zone, **shop.brand},
        "event": {"data": {"code": code, "until": said["until"]}},
        "links": {"portal": said["link"]},
    }
    written = runtime.scribe.letter("sign_in", context, said["locale"], shop.languages)
    message = EmailMessage(
        id=f"code.{work.id}@{shop.slug}.returns",
        sender=sender(shop.name, runtime.settings.mail_from),
        to=said["email"],
        subject=written.subject,
        text=written.text,
        html=written.html,
        language=written.language,
    )
    if shop.brand.get("support_email"):
        message = replace(message, headers={"Reply-To": shop.brand["support_email"]})
    try:
        runtime.mailer.send(message)
    except DeliveryFailed as failed:
        raise (GiveUp if failed.permanent else TryLater)(failed.reason) from failed
