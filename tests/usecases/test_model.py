"""The lifecycle as a stateful model: whatever is called in whatever order, no unit and no cent is lost or invented.

Every rule is a call that a customer, a worker, a reviewer, a gateway or the clock could make at that moment; most of
them are refused. After each, the database must agree with the table of the lifecycle and with itself.
"""

import shutil
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, col, select

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Refusal
from returns_service.domain.lifecycle import TABLE
from returns_service.domain.request import InspectedUnit, RequestLine, ReturnRequest
from returns_service.store import cases, events, outbox
from returns_service.store.db import Database
from returns_service.store.tables import (
    CaseLine,
    EventRow,
    Hold,
    LedgerEntry,
    Refund,
    Replacement,
    ReturnCase,
    Tender,
)
from returns_service.usecases.advance import advance
from returns_service.usecases.answer import answer
from returns_service.usecases.approve import approve
from returns_service.usecases.ask import ask
from returns_service.usecases.cancel import cancel
from returns_service.usecases.charge_replacement import charge_replacement
from returns_service.usecases.choose import choose
from returns_service.usecases.confirm_refund import confirm_refund
from returns_service.usecases.fail_refund import fail_refund
from returns_service.usecases.inspect import inspect
from returns_service.usecases.keep_deadlines import keep_deadlines
from returns_service.usecases.lose import lose
from returns_service.usecases.open_case import open_case
from returns_service.usecases.override import override
from returns_service.usecases.receive import receive
from returns_service.usecases.reject import reject
from returns_service.usecases.report_replacement import fail_replacement, pay_replacement, ship_replacement
from returns_service.usecases.resolve_refund import resolve_refund
from returns_service.usecases.settle import settle
from returns_service.usecases.ship import ship
from returns_service.usecases.verify_ledger import verify_ledger
from tests.shop import a_shop, example_order, put
from tests.usecases.versions import Seen, agreeing

START = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
STEPS = {(row[0], row[1], row[2]) for row in TABLE}
LINES = {"1": 6, "2": 4}
REASONS = ("changed_mind", "defective", "wrong_item", "damaged_in_transit", "not_received", "better_price")
WISHES = ("refund", "store_credit", "exchange", "replacement", "repair", "compensation")
FINDINGS = ((), ("intact",), ("used",), ("defect_confirmed",), ("wrong_article",), ("no_fault_found",))


class Lifecycle(RuleBasedStateMachine):
    """One order, any number of cases, every call that exists."""

    template: Path
    folder: Path
    count = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).count += 1
        path = self.folder / f"model-{self.count}.db"
        shutil.copyfile(self.template, path)
        self.db = Database(f"sqlite:///{path}")
        self.now = START
        self.path = path
        self.opened = 0
        self.seen: Seen = {}

    def teardown(self) -> None:
        self.db.close()
        self.path.unlink()

    @initialize()
    def a_bought_order(self) -> None:
        with self.db.begin() as session:
            shop = a_shop(session, now=START)
            self.actor = Actor.of("staff", shop.id, "Ines")
            put(session, example_order(LINES), actor=self.actor, now=START)

    def call(self, act: Any, *args: Any, **named: Any) -> None:
        """One call in one transaction. A refusal must leave no trace."""
        self.now += timedelta(minutes=1)
        before = self.fingerprint()
        try:
            with self.db.begin() as session:
                act(session, *args, actor=self.actor, now=self.now, **named)
        except Refusal:
            assert self.fingerprint() == before

    def fingerprint(self) -> list[Any]:
        with self.db.read() as session:
            seen = [
                (c.id, c.version, c.seq)
                for c in session.exec(select(ReturnCase).order_by(col(ReturnCase.id)))
            ]
            return [
                seen,
                [
                    (t.reserved, t.refunded)
                    for t in session.exec(select(Tender).order_by(col(Tender.position)))
                ],
            ]

    def pick(self, data: Any, table: type[Any]) -> Any:
        with self.db.read() as session:
            found = sorted(session.exec(select(table)), key=lambda row: str(row.id))
        return data.draw(st.sampled_from(found)) if found else None

    @precondition(lambda self: self.opened < 5)
    @rule(
        line=st.sampled_from(("1", "2")),
        quantity=st.integers(1, 3),
        reason=st.sampled_from(REASONS),
        wish=st.sampled_from(WISHES),
        review=st.sampled_from((False, False, False, True)),
    )
    def open_one(self, line: str, quantity: int, reason: str, wish: str, review: bool) -> None:
        self.opened += 1
        option = "SKU-1-X" if wish == "exchange" else None
        asked = RequestLine(line, quantity, reason, "opened_unused", resolution=wish, exchange_for=option)
        self.call(open_case, "1001", ReturnRequest((asked,)), request_review=review)

    @precondition(lambda self: self.opened)
    @rule(
        data=st.data(),
        verb=st.sampled_from(("approve", "reject", "ask", "answer", "cancel", "override", "ship", "lose")),
    )
    def decide(self, data: Any, verb: str) -> None:
        case = self.pick(data, ReturnCase)
        if case is None:
            return
        plain: dict[str, tuple[Any, dict[str, Any]]] = {
            "approve": (approve, {}),
            "reject": (reject, {"code": "not_as_claimed", "message": "No."}),
            "ask": (ask, {"message": "A photo, please."}),
            "answer": (answer, {"message": "Here."}),
            "cancel": (cancel, {}),
            "override": (override, {"reason": "Goodwill."}),
            "ship": (ship, {"carrier": "dhl", "tracking_number": f"00{case.number}"}),
            "lose": (lose, {"reason": "gone"}),
        }
        act, named = plain[verb]
        self.call(
            act, case.id, expected=data.draw(st.sampled_from((None, case.version, case.version - 1))), **named
        )

    @precondition(lambda self: self.opened)
    @rule(data=st.data())
    def go_on(self, data: Any) -> None:
        """The next sensible step of some case, so that the model gets to the end of things."""
        case = self.pick(data, ReturnCase)
        if case is None:
            return
        with self.db.read() as session:
            file = cases.load(session, case.id, self.actor, lock=False)
            allowed = [a for a in lifecycle.actions(file.situation()) if a not in ("cancel", "ask", "reject")]
            waiting = [
                (str(row.id), row.received_quantity - row.inspected_quantity, row) for row in file.lines
            ]
            missing = [(str(row.id), row.quantity - row.received_quantity) for row in file.lines]
        verb = data.draw(st.sampled_from(allowed or ["none"]))
        if verb == "receive":
            self.call(
                receive,
                case.id,
                expected=None,
                lines=[(i, n) for i, n in missing if n] or [(missing[0][0], 1)],
            )
        elif verb == "inspect":
            found = data.draw(st.sampled_from(FINDINGS))
            lines = [(i, [InspectedUnit(row.order_line_id, n, "A", found)]) for i, n, row in waiting if n]
            self.call(inspect, case.id, expected=None, lines=lines)
        elif verb in ("approve", "ship", "advance", "settle", "lost", "answer"):
            act = {
                "approve": approve,
                "ship": ship,
                "advance": advance,
                "settle": settle,
                "lost": lose,
                "answer": answer,
            }
            self.call(act[verb], case.id, expected=None, **({"message": "Here."} if verb == "answer" else {}))

    @precondition(lambda self: self.opened)
    @rule(data=st.data(), verb=st.sampled_from(("advance", "settle")))
    def pay(self, data: Any, verb: str) -> None:
        case = self.pick(data, ReturnCase)
        if case is not None:
            self.call({"advance": advance, "settle": settle}[verb], case.id, expected=None)

    @precondition(lambda self: self.opened)
    @rule(data=st.data(), quantity=st.integers(1, 4))
    def arrive(self, data: Any, quantity: int) -> None:
        line = self.pick(data, CaseLine)
        if line is not None:
            self.call(receive, line.case_id, expected=None, lines=[(str(line.id), quantity)])

    @precondition(lambda self: self.opened)
    @rule(
        data=st.data(),
        quantity=st.integers(1, 3),
        findings=st.sampled_from(FINDINGS),
        grade=st.sampled_from("ABCD"),
    )
    def look_at(self, data: Any, quantity: int, findings: tuple[str, ...], grade: str) -> None:
        line = self.pick(data, CaseLine)
        if line is not None:
            unit = InspectedUnit(line.order_line_id, quantity, grade, findings)
            self.call(inspect, line.case_id, expected=None, lines=[(str(line.id), [unit])])

    @precondition(lambda self: self.opened)
    @rule(data=st.data(), wish=st.sampled_from(("refund", "store_credit", "wait")))
    def choose_one(self, data: Any, wish: str) -> None:
        line = self.pick(data, CaseLine)
        if line is not None:
            self.call(choose, line.case_id, expected=None, line_id=str(line.id), resolution=wish)

    @precondition(lambda self: self.opened)
    @rule(data=st.data(), well=st.booleans())
    def money_answers(self, data: Any, well: bool) -> None:
        refund = self.pick(data, Refund)
        if refund is not None and well:
            self.call(confirm_refund, refund.id, reference=f"re_{refund.id}")
        elif refund is not None:
            self.call(fail_refund, refund.id, reason="closed account")

    @precondition(lambda self: self.opened)
    @rule(
        data=st.data(), outcome=st.sampled_from(("succeeded", "failed", "retry", "store_credit", "dropped"))
    )
    def a_person_rules(self, data: Any, outcome: str) -> None:
        refund = self.pick(data, Refund)
        if refund is not None:
            self.call(resolve_refund, refund.id, outcome=outcome, reference=None, note="looked up")

    @precondition(lambda self: self.opened)
    @rule(data=st.data(), verb=st.sampled_from(("ship", "fail", "pay", "charge", "come back")))
    def goods_answer(self, data: Any, verb: str) -> None:
        out = self.pick(data, Replacement)
        if out is None:
            return
        if verb == "ship":
            self.call(ship_replacement, out.id, tracking_number="1Z")
        elif verb == "fail":
            self.call(fail_replacement, out.id, reason="out of stock")
        elif verb == "pay":
            self.call(pay_replacement, out.id, amount=f"{out.due / 100:.2f}", reference=f"pay-{out.id}")
        elif verb == "charge":
            self.call(charge_replacement, out.id, amount=f"{out.secured / 100:.2f}", reference=f"ch-{out.id}")
        else:
            unexpected = [{"sku": out.lines[0]["sku"], "quantity": 1, "note": ""}]
            self.call(receive, out.case_id, expected=None, lines=[], unexpected=unexpected)

    @precondition(lambda self: self.opened)
    @rule(data=st.data(), days=st.integers(1, 40))
    def time_passes(self, data: Any, days: int) -> None:
        self.now += timedelta(days=days)
        case = self.pick(data, ReturnCase)
        if case is not None:
            with self.db.begin() as session:
                keep_deadlines(session, case.id, shop_id=self.actor.shop_id, now=self.now)

    @invariant()
    def history_and_state_agree(self) -> None:
        with self.db.read() as session:
            for case in session.exec(select(ReturnCase)):
                _check_history(case, events.of_case(session, case.id, limit=10_000))

    @invariant()
    def a_part_changes_only_with_the_version(self) -> None:
        with self.db.read() as session:
            self.seen = agreeing(session, self.seen)

    @invariant()
    def no_unit_is_held_twice_or_lost(self) -> None:
        with self.db.read() as session:
            cases = {case.id: case for case in session.exec(select(ReturnCase))}
            lines = {line.id: line for line in session.exec(select(CaseLine))}
            active = list(session.exec(select(Hold).where(col(Hold.active).is_(True))))
        units = [(hold.order_line_id, hold.slot) for hold in active]
        assert len(units) == len(set(units))
        assert all(slot < LINES[line] for line, slot in units)
        for line in lines.values():
            assert 0 <= line.inspected_quantity <= line.received_quantity <= line.quantity
            held = sum(1 for hold in active if hold.case_line_id == line.id)
            state = cases[line.case_id].state
            if state in ("cancelled", "expired", "rejected") or not line.accepted:
                assert held == 0
            elif state in (
                "requested",
                "info_requested",
                "approved",
                "shipped_back",
                "received",
                "inspected",
            ):
                assert held == line.quantity == len(line.slots)

    @invariant()
    def no_cent_is_lost_or_invented(self) -> None:
        with self.db.read() as session:
            for tender in session.exec(select(Tender)):
                refunds = list(session.exec(select(Refund).where(Refund.tender_id == tender.id)))
                paid = sum(r.amount for r in refunds if r.state == "succeeded")
                under_way = sum(r.amount for r in refunds if r.state not in ("succeeded", "failed"))
                assert (tender.refunded, tender.reserved) == (paid, under_way)
                assert tender.refunded + tender.reserved + tender.refunded_elsewhere <= tender.captured

    @invariant()
    def the_ledger_says_the_same(self) -> None:
        with self.db.read() as session:
            assert verify_ledger(session).problems == []

    @invariant()
    def the_customers_own_money_stands_for_something(self) -> None:
        """What they paid for goods of a settled case paid for goods that went out, or went back to them."""
        with self.db.read() as session:
            for case in session.exec(select(ReturnCase).where(col(ReturnCase.state).in_(SETTLED))):
                sums = _sums(session, case.id)
                rows = session.exec(select(Replacement).where(Replacement.case_id == case.id))
                assert sums["collected"] == sum(row.paid for row in rows if row.state != "cancelled")
                claimed = sums["recover"] + sums["goods_owed"]
                assert 0 <= sums["recovered"] <= max(claimed, 0)
                assert sums["secured"] == 0

    @invariant()
    def what_is_final_owes_nothing(self) -> None:
        with self.db.read() as session:
            for case in session.exec(
                select(ReturnCase).where(col(ReturnCase.state).in_(("refunded", "replaced", "closed")))
            ):
                assert not _open_money(session, case.id)


def _check_history(case: ReturnCase, history: list[EventRow]) -> None:
    assert [fact.seq for fact in history] == list(range(1, case.seq + 1))
    moves = [fact for fact in history if "to" in fact.data]
    assert moves[0].data["to"] == "requested"
    assert moves[-1].data["to"] == case.state
    for before, after in pairwise(moves):
        assert after.data["from"] == before.data["to"]
        assert (after.data["trigger"], after.data["from"], after.data["to"]) in STEPS
    digest = ""
    for fact in history:
        assert outbox.digest(fact, digest) == fact.digest
        digest = fact.digest
    assert digest == case.head


SETTLED = ("settling", "refunded", "replaced", "closed")


def _sums(session: Session, case_id: UUID) -> dict[str, int]:
    """What the entries about the customer come to, by kind."""
    sums: dict[str, int] = defaultdict(int)
    mine = (LedgerEntry.case_id == case_id, LedgerEntry.party == "customer")
    for entry in session.exec(select(LedgerEntry).where(*mine)):
        sums[entry.kind] += entry.amount
    return sums


def _open_money(session: Session, case_id: UUID) -> list[Refund]:
    states = ("awaiting_release", "pending", "unknown", "manual")
    return list(session.exec(select(Refund).where(Refund.case_id == case_id, col(Refund.state).in_(states))))


@pytest.mark.parametrize("steps", [20, 50])
def test_no_sequence_of_calls_breaks_the_rules(steps: int, sqlite_template: Path, tmp_path: Path) -> None:
    Lifecycle.template, Lifecycle.folder = sqlite_template, tmp_path
    run_state_machine_as_test(
        Lifecycle,
        settings=settings(
            max_examples=10,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
