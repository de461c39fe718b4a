"""I6, I7, I8: work, messages, and nothing that follows from what never happened."""

from collections import Counter
from collections.abc import Iterator

from tests.faults.record import Record, plain

PAID = ("return.refunded", "refund.succeeded", "credit.issued")


def i6(record: Record) -> Iterator[str]:
    """No work is lost, waits or was given up, except what nobody can do: that is parked."""
    poison = {plain(one) for one in record.log.poison}
    for row in record.outbox:
        if row["state"] in ("ready", "leased"):
            yield f"waits: {row['topic']} {row['key']} after {row['attempts']} attempts, {row['last_error'][:80]}"
        if row["state"] == "dead" and row["id"] not in poison:
            yield f"given up: {row['topic']} {row['key']}: {row['last_error'][:120]}"
    parked = {row["id"] for row in record.outbox if row["state"] == "dead"}
    for one in poison - parked:
        yield f"work that nobody can do is not parked: {one}"
    if record.log.forgotten:
        return
    planned = {
        (row["key"], row["payload"].get("version")) for row in record.outbox if row["topic"] == "event"
    }
    listening = {
        row["id"] for row in record.shops if row["listens"]
    }  # without a webhook not every fact is work
    happened = {(one["case_id"], one["version"]) for one in record.events if one["shop_id"] in listening}
    for case_id, version in happened - planned:
        yield f"nobody works on version {version} of {case_id}"
    moved = {row["key"] for row in record.outbox if row["topic"] == "refund"}
    for row in record.refunds:
        if row["tender_id"] and row["id"] not in moved:
            yield f"nobody works on refund {row['id']}"


def i7(record: Record) -> Iterator[str]:
    """Whoever must be told is told; twice only where a process died between sending and writing it down."""
    mails = Counter(plain(one["id"].strip(" <>")) for one in record.mails)
    for row in record.notices:
        sent = mails[plain(row["message_id"])]
        if row["state"] == "sent" and not sent:
            yield f"sent, and nowhere: {row['message_id']}"
        if row["state"] in ("queued", "failed"):
            yield f"message {row['message_id']} is {row['state']}"
        if sent > 1 and not record.log.mailed_twice:
            yield f"{sent} times: {row['message_id']}"
    types = {row["id"]: row["type"] for row in record.events}
    customers = [row for row in record.notices if row["recipient"] == "customer"]
    told = {row["case_id"] for row in customers if types.get(row["event_id"]) in PAID}
    for case in record.cases:
        if case["state"] == "refunded" and case["id"] not in told:
            yield f"nobody told the customer of {case['number']} about the money"
    yield from _webhooks(record)


def _webhooks(record: Record) -> Iterator[str]:
    heard = Counter(plain(one["id"]) for one in record.told)
    for row in record.deliveries:
        times = heard[row["event_id"]]
        if row["state"] != "delivered" or not times:
            yield f"webhook of {row['event_id']} is {row['state']}, heard {times} times"
        if times > 1 and not record.log.mailed_twice:
            yield f"webhook of {row['event_id']} was heard {times} times"
    for hook in record.told:
        if not hook["signed"]:
            yield f"webhook {hook['id']} was not signed"


def i8(record: Record) -> Iterator[str]:
    """No ghosts: every message, webhook and refund outside belongs to something that was committed."""
    events = {row["id"] for row in record.events}
    notices = {plain(row["message_id"]) for row in record.notices}
    keys = {row["idempotency_key"] for row in record.attempts}
    for mail in record.mails:
        if plain(mail["id"].strip(" <>")) not in notices:
            yield f"mail without a row: {mail['id']} {mail['subject']}"
    for hook in record.told:
        if plain(hook["id"]) not in events:
            yield f"webhook about nothing: {hook['id']}"
    for row in record.notices:
        if row["event_id"] not in events:
            yield f"message about nothing: {row['id']}"
    for one in record.booked:
        if one["idempotency_key"] not in keys:
            yield f"money moved that nobody planned: {one['idempotency_key']}"
