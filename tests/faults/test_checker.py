"""The judge himself: a sound record passes, and for every invariant a doctored one is rejected."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.checker import INVARIANTS, judge
from tests.faults.judges.cases import chained
from tests.faults.log import Asked, Log, Race
from tests.faults.record import Record

CASE, FOREIGN, SHOP, OTHER = "c" * 32, "f" * 32, "a" * 32, "b" * 32
REFUND, TENDER, ORDER, LINE, POLICY = "d" * 32, "e" * 32, "1" * 32, "2" * 32, "3" * 32
KEY = f"rf_{REFUND}_1"
PATH = f"/v1/returns/{CASE}"
PROBLEM = "application/problem+json"


def fact(seq: int, kind: str, version: int, **data: Any) -> dict[str, Any]:
    return {
        "id": f"{seq}" * 32, "shop_id": SHOP, "case_id": CASE, "seq": seq, "type": kind, "version": version,
        "at": f"2026-10-0{seq} 10:00:00.000000", "actor": {"kind": "storefront"}, "data": data, "digest": "",
    }  # fmt: skip


FACTS = [
    fact(1, "return.requested", 1, to="requested"),
    fact(2, "return.approved", 1, **{"from": "requested", "to": "approved"}),
    fact(3, "return.received", 2, **{"from": "approved", "to": "received"}),
    fact(4, "return.settling", 3, **{"from": "received", "to": "settling"}),
    fact(5, "return.refunded", 4, **{"from": "settling", "to": "refunded"}),
]


def sound() -> Record:
    """One return of one unit, refunded, and a second shop that may not see it."""
    facts = chained(copy.deepcopy(FACTS))
    made = {"id": CASE, "version": 1, "policy": {"hash": "h"}, "lines": [{"eligible": True}]}
    log = Log(
        asked=[
            Asked("demo", "PUT", "/v1/orders/N1", "", 201, {"email": "n1@demo.example"}),
            Asked("demo", "POST", "/v1/returns", "k1", 201, made),
            Asked("demo", "POST", f"{PATH}/receive", "k2", 200, {"id": CASE, "version": 2}),
            Asked("other", "GET", PATH, "", 404, {}, PROBLEM),
            Asked("demo", "GET", PATH, "", 503, {}, PROBLEM, retry_after="2"),
        ],
        ends={CASE: {"refunded"}},
        previews=[(CASE, {"policy": {"hash": "h"}, "lines": [{"eligible": True, "refusals": []}]})],
        wholes={"pay_1": "20.00"},
        races=[Race("last", [201, 409], (409,))],
    )
    case = {
        "id": CASE,
        "shop_id": SHOP,
        "order_id": ORDER,
        "number": "R-1",
        "state": "refunded",
        "seq": 5,
        "version": 4,
    }
    case |= {"head": facts[-1]["digest"], "policy_version_id": POLICY, "currency": "EUR"}
    work = [{"id": f"w{n}", "topic": "event", "key": CASE, "payload": {"version": n}} for n in (1, 2, 3, 4)]
    work.append({"id": "w9", "topic": "refund", "key": REFUND, "payload": {}})
    notice = {
        "id": "9" * 32,
        "case_id": CASE,
        "event_id": facts[4]["id"],
        "recipient": "customer",
        "channel": "email",
    }
    notice |= {"template": "refunded", "address": "x", "message_id": "m1@x", "state": "sent"}
    paid = {"tender_id": TENDER, "refund_id": REFUND, "case_id": CASE, "kind": "paid", "amount": 2000}
    line = {"id": LINE, "case_id": CASE, "order_line_id": "1", "quantity": 1, "received_quantity": 1}
    refund = {
        "id": REFUND,
        "case_id": CASE,
        "tender_id": TENDER,
        "amount": 2000,
        "currency": "EUR",
        "reason": "",
    }
    tables = {
        "cases": [case],
        "lines": [{**line, "inspected_quantity": 1, "accepted": True, "decision": {"eligible": True, "refusals": []}}],
        "events": facts,
        "outbox": [{**row, "state": "done", "attempts": 1, "last_error": "", "lease_until": None} for row in work],
        "refunds": [{**refund, "state": "succeeded", "gateway": "sandbox", "gateway_reference": "re_1"}],
        "attempts": [{"id": "4" * 32, "refund_id": REFUND, "n": 1, "idempotency_key": KEY, "state": "ok"}],
        "tenders": [{"id": TENDER, "reference": "pay_1", "gateway": "sandbox", "captured": 5000, "refunded": 2000, "reserved": 0}],
        "ledger": [paid],
        "holds": [{"order_id": ORDER, "order_line_id": "1", "slot": 0, "case_line_id": LINE, "active": True}],
        "receipts": [{"case_id": CASE, "lines": [{"line_id": LINE, "quantity": 1}], "unexpected": []}],
        "notices": [notice],
        "deliveries": [{"id": "5" * 32, "event_id": facts[4]["id"], "state": "delivered"}],
        "hooks": [],
        "shops": [{"id": SHOP, "slug": "demo", "listens": True}, {"id": OTHER, "slug": "other", "listens": False}],
        "policies": [{"id": POLICY, "shop_id": SHOP, "version": 1, "hash": "h"}],
        "orders": [{"id": ORDER, "external_id": "N1", "frozen": {"lines": [{"id": "1", "quantity": 2}]}}],
    }  # fmt: skip
    return Record(
        log,
        tables,
        payments=[{"reference": "pay_1", "currency": "EUR", "captured": "50.00", "refunded": "20.00"}],
        booked=[{"idempotency_key": KEY, "amount": "20.00", "currency": "EUR", "state": "succeeded"}],
        calls=[{"key": KEY, "at": 10.0}],
        mails=[{"id": "<m1@x>", "to": "x", "subject": "Refunded"}],
        told=[{"id": facts[4]["id"], "signed": True, "body": {}}],
    )


def test_a_sound_record_passes() -> None:
    assert judge(sound()) == {}


def again(record: Record) -> None:
    record.booked.append({**record.booked[0], "idempotency_key": f"rf_{REFUND}_2"})


def rechain(record: Record, facts: list[dict[str, Any]]) -> None:
    record.tables["events"] = chained(facts)
    record.cases[0]["head"] = facts[-1]["digest"]


def skip_to(record: Record, place: int, state: str) -> None:
    facts = record.events
    facts[place]["data"]["to"] = state
    rechain(record, facts)


def asked(record: Record, *words: Any, **more: Any) -> None:
    record.log.asked.append(Asked(*words, **more))


DOCTORED: list[tuple[str, str, Callable[[Record], object]]] = [
    ("I1", "moved twice", again),
    ("I1", "paid here, never there", lambda r: r.booked.clear()),
    ("I1", "moved there, open here", lambda r: r.refunds[0].update(state="failed")),
    ("I1", "another amount", lambda r: r.booked[0].update(amount="19.99")),
    ("I1", "the balance differs", lambda r: r.tenders[0].update(refunded=1999)),
    ("I1", "the entries differ", lambda r: r.ledger[0].update(amount=1999)),
    ("I1", "more than was captured", lambda r: r.tenders[0].update(captured=1999)),
    ("I1", "more than was captured there", lambda r: r.payments[0].update(captured="19.99")),
    ("I1", "the parts do not make the whole", lambda r: r.log.wholes.update(pay_1="20.01")),
    ("I1", "an old key was sent again", lambda r: (r.calls.append({"key": KEY, "at": 30.0}), setattr(r.log, "expired_at", 20.0))),
    ("I2", "a unit is held twice", lambda r: r.holds.append(dict(r.holds[0]))),
    ("I2", "a unit that nobody bought", lambda r: r.holds[0].update(slot=2)),
    ("I2", "received twice", lambda r: r.receipts.append(dict(r.receipts[0]))),
    ("I2", "more than was announced", lambda r: r.lines[0].update(received_quantity=2)),
    ("I3", "another state than was told", lambda r: r.cases[0].update(state="settling")),
    ("I3", "a fact is gone", lambda r: rechain(r, [one for one in r.events if one["seq"] != 3])),
    ("I3", "an illegal move", lambda r: skip_to(r, 2, "refunded")),
    ("I4", "the case is gone", lambda r: r.cases.clear()),
    ("I4", "the case is older than was said", lambda r: r.cases[0].update(version=1)),
    ("I4", "the order is gone", lambda r: r.orders[0].update(external_id="N2")),
    ("I5", "one key, two answers", lambda r: asked(r, "demo", "POST", f"{PATH}/receive", "k2", 200, {"id": CASE, "version": 3})),
    ("I5", "one wish, two cases", lambda r: r.cases.append({**r.cases[0]})),
    ("I5", "two winners", lambda r: r.log.races.append(Race("last", [201, 201], (409,)))),
    ("I5", "a loser was told nonsense", lambda r: r.log.races.append(Race("last", [201, 418], (409,)))),
    ("I6", "work waits", lambda r: r.outbox[0].update(state="ready")),
    ("I6", "work was given up", lambda r: r.outbox[0].update(state="dead")),
    ("I6", "poison is not parked", lambda r: r.log.poison.add("w1")),
    ("I6", "nobody works on an event", lambda r: r.outbox.pop(0)),
    ("I6", "nobody works on a refund", lambda r: r.outbox.pop()),
    ("I7", "sent, and nowhere", lambda r: r.mails.clear()),
    ("I7", "sent twice", lambda r: r.mails.append(dict(r.mails[0]))),
    ("I7", "still queued", lambda r: r.notices[0].update(state="queued")),
    ("I7", "nobody was told", lambda r: r.notices[0].update(recipient="shop")),
    ("I7", "the storefront heard nothing", lambda r: r.told.clear()),
    ("I7", "not signed", lambda r: r.told[0].update(signed=False)),
    ("I8", "mail without a row", lambda r: r.mails.append({"id": "<m2@x>", "to": "x", "subject": "Boo"})),
    ("I8", "a webhook about nothing", lambda r: r.told.append({"id": "0" * 32, "signed": True, "body": {}})),
    ("I8", "money that nobody planned", lambda r: r.attempts.clear()),
    ("I8", "a message about nothing", lambda r: r.notices[0].update(event_id="0" * 32)),
    ("I9", "a fact was changed", lambda r: r.events[1].update(actor={"kind": "staff"})),
    ("I9", "a fact without an actor", lambda r: (r.events[1].update(actor={}), rechain(r, r.events))),
    ("I9", "the tail is gone", lambda r: r.cases[0].update(head="x")),
    ("I9", "a verification complains", lambda r: r.books.update({"ledger verify": "1 problem"})),
    ("I10", "another shop's case", lambda r: asked(r, "other", "GET", PATH, "", 200, {"id": CASE, "version": 1})),
    ("I10", "another shop's customer", lambda r: asked(r, "other", "GET", "/v1/returns", "", 200, {"items": ["n1@demo.example"]})),
    ("I11", "an unpublished policy", lambda r: r.policies.clear()),
    ("I11", "decided otherwise", lambda r: r.lines[0].update(decision={"eligible": False, "refusals": []})),
    ("I11", "under another policy", lambda r: r.log.previews[0][1]["policy"].update(hash="x")),
    ("I12", "a bare error", lambda r: asked(r, "demo", "GET", PATH, "", 500, {})),
    ("I12", "a 503 without Retry-After", lambda r: asked(r, "demo", "GET", PATH, "", 503, {}, PROBLEM)),
    ("I12", "a 503 though all was well", lambda r: setattr(r.log, "intake_open", True)),
    ("I12", "a client gave up", lambda r: r.log.wrong.append("POST /v1/returns: 422")),
    ("I13", "not quiet in time", lambda r: setattr(r, "recovery", 99.0)),
    ("I14", "still claimed", lambda r: r.outbox[0].update(state="leased")),
    ("I14", "a refund that nobody owns", lambda r: r.refunds[0].update(state="unknown")),
    ("I14", "still set aside", lambda r: r.tenders[0].update(reserved=1)),
    ("I14", "the case never arrived", lambda r: r.log.ends.update({CASE: {"closed"}})),
]  # fmt: skip


@pytest.mark.parametrize(
    ("invariant", "what", "doctor"), DOCTORED, ids=[f"{name} {what}" for name, what, _ in DOCTORED]
)
def test_a_doctored_record_is_rejected(invariant: str, what: str, doctor: Callable[[Record], object]) -> None:
    record = sound()
    doctor(record)
    assert invariant in judge(record)


def test_every_invariant_can_be_violated() -> None:
    assert {name for name, _, _ in DOCTORED} == set(INVARIANTS)
