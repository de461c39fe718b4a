"""I1, I14: money moved once, the sums agree, nothing is left hanging."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from tests.faults.record import Record, plain

DIGITS = {"EUR": 2, "JPY": 0, "KWD": 3, "HUF": 2}


def minor(amount: str, currency: str) -> int:
    return int(Decimal(amount).scaleb(DIGITS[currency]))


def refund_of(key: str) -> str:
    """The refund that an idempotency key names."""
    return plain(key.split("_")[1])


def i1(record: Record) -> Iterator[str]:
    """Per refund at most one at the gateway; sums agree; never above what was captured."""
    moved = [one for one in record.booked if one["state"] != "failed"]
    for key, times in Counter(refund_of(one["idempotency_key"]) for one in moved).items():
        if times > 1:
            yield f"refund {key} moved {times} times"
    theirs = {refund_of(one["idempotency_key"]): minor(one["amount"], one["currency"]) for one in moved}
    ours = {row["id"]: row for row in record.refunds if row["gateway"] == "sandbox"}
    for key, amount in theirs.items():
        row = ours.get(key)
        if row is None or row["state"] not in ("succeeded", "manual"):
            yield f"the gateway moved {amount} for {key}, we say {row and row['state']}"
        elif row["state"] == "succeeded" and row["amount"] != amount:
            yield f"refund {key}: ours {row['amount']}, theirs {amount}"
    for key, row in ours.items():
        if row["state"] == "succeeded" and key not in theirs:
            yield f"refund {key} counts as paid and never was"
    yield from _sums(record)
    yield from _old_keys(record)


def _sums(record: Record) -> Iterator[str]:
    for payment in record.payments:
        if Decimal(payment["refunded"]) > Decimal(payment["captured"]):
            yield f"overspent at the gateway: {payment}"
    manual = {row["tender_id"] for row in record.refunds if row["state"] == "manual"}
    booked = {one["reference"]: minor(one["refunded"], one["currency"]) for one in record.payments}
    for row in record.tenders:
        if row["refunded"] + row["reserved"] > row["captured"] or min(row["refunded"], row["reserved"]) < 0:
            yield f"overspent here: {row}"
        if row["id"] not in manual and row["refunded"] != booked.get(row["reference"], 0):
            yield f"payment {row['reference']}: ours {row['refunded']}, theirs {booked.get(row['reference'], 0)}"
        entries = [one for one in record.ledger if one["tender_id"] == row["id"]]
        paid = sum(one["amount"] for one in entries if one["kind"] == "paid")
        back = sum(one["amount"] for one in entries if one["kind"] == "failed" and _was_paid(record, one))
        if paid - back != row["refunded"]:
            yield f"payment {row['reference']}: its ledger says {paid} - {back}, its balance {row['refunded']}"
    for reference, whole in record.log.wholes.items():
        found = next((one["refunded"] for one in record.payments if one["reference"] == reference), "0")
        if Decimal(found) != Decimal(whole):
            yield f"the parts of {reference} make {found}, the whole was {whole}"


def differing(record: Record) -> list[str]:
    """Refunds for which the gateway moved another amount than it was asked for: a person's."""
    asked = {row["id"]: row["amount"] for row in record.refunds}
    moved = [one for one in record.booked if one["state"] != "failed"]
    return [
        one["idempotency_key"]
        for one in moved
        if asked.get(refund_of(one["idempotency_key"])) != minor(one["amount"], one["currency"])
    ]


def _old_keys(record: Record) -> Iterator[str]:
    """A key that the gateway may have forgotten is never sent again."""
    if since := record.log.expired_at:
        before = {call["key"] for call in record.calls if call["at"] < since}
        for call in record.calls:
            if call["at"] >= since and call["key"] in before:
                yield f"the key {call['key']} was sent again after its time"


def _was_paid(record: Record, failed: dict[str, object]) -> bool:
    same = [one for one in record.ledger if one["refund_id"] == failed["refund_id"]]
    return any(one["kind"] == "paid" for one in same)


def i14(record: Record) -> Iterator[str]:
    """Nothing is stuck: no lease, no refund on its way, no amount set aside, every case where it must be."""
    for row in record.outbox:
        if row["state"] == "leased":
            yield f"still claimed: {row['topic']} {row['key']}"
    for row in record.refunds:
        if row["state"] in ("pending", "unknown"):
            yield f"refund {row['id']} is {row['state']} and nobody works on it"
    manual = {row["tender_id"] for row in record.refunds if row["state"] == "manual"}
    for row in record.tenders:
        if row["reserved"] and row["id"] not in manual:
            yield f"still set aside: {row}"
    states = {row["id"]: row["state"] for row in record.cases}
    for case_id, wanted in record.log.ends.items():
        if (state := states.get(plain(case_id))) not in wanted:
            yield f"case {case_id} is {state}, not {' or '.join(sorted(wanted))}"
