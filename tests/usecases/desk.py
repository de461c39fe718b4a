"""A shop at work, for tests of money: one order, cases brought to settlement by the use cases themselves."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from returns_service.domain.actor import Actor
from returns_service.domain.request import InspectedUnit, RequestLine, ReturnRequest
from returns_service.jobs import relay
from returns_service.jobs.refunds import move_money
from returns_service.store import cases
from returns_service.store.cases import CaseFile
from returns_service.store.db import Database
from returns_service.store.tables import EventRow, LedgerEntry, Refund, RefundAttempt, Shop, Tender
from returns_service.usecases.approve import approve
from returns_service.usecases.inspect import inspect
from returns_service.usecases.open_case import open_case
from returns_service.usecases.receive import receive
from returns_service.usecases.settle import settle
from returns_service.usecases.verify_history import verify_history
from returns_service.usecases.verify_ledger import verify_ledger
from tests.ground.gateway import ScriptedGateway
from tests.ground.runtime import Clock, CountingBell, runtime
from tests.shop import a_shop, example_order, put

START = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)


class Desk:
    """Everything is paid by one sandbox payment of the whole amount unless `order` says otherwise.

    `terms` are further lines of policy files, for a shop of its own whose policy differs from `standard` in them.
    """

    def __init__(
        self, db: Database, folder: Path, terms: Mapping[str, str] | None = None, **order: Any
    ) -> None:
        self.db, self.clock, self.gateway = db, Clock(START), ScriptedGateway()
        built = runtime(db, folder, self.clock, CountingBell())
        gateways = {**built.gateways, "sandbox": self.gateway}
        self.runtime = type(built)(**{**built.__dict__, "gateways": gateways})
        with db.begin() as session:
            self.shop = (
                session.exec(select(Shop)).one()
                if terms is None
                else a_shop(session, now=START, slug="own", terms=terms)
            )
            self.actor = Actor(self.shop.id, "staff", "Robin", frozenset({"admin"}))
            self.put(session, **order)

    def put(self, session: Session, **changes: Any) -> None:
        lines = changes.pop("quantities", {"1": 3})
        body = example_order(lines)
        card = {"id": "p1", "method": "card", "gateway": "sandbox", "reference": "pay_1"}
        card["captured"] = f"{sum(lines.values()) * 20 + 4.9:.2f}"
        put(session, {**body, "payments": [card], **changes}, actor=self.actor, now=self.clock())

    def as_person(self, name: str) -> Actor:
        return Actor(self.shop.id, "staff", name, frozenset({"admin"}))

    def settled(self, quantity: int = 1, resolution: str = "refund", reason: str = "defective") -> UUID:
        """A case from the request to what is owed."""
        wish = ReturnRequest((RequestLine("1", quantity, reason, photos=("photo",), resolution=resolution),))
        with self.db.begin() as session:
            case = open_case(session, "1001", wish, actor=self.actor, now=self.clock(), request_review=True)
            return self.through(session, case)

    def through(self, session: Session, case: CaseFile) -> UUID:
        line, now, actor = case.lines[0], self.clock(), self.actor
        if case.state == "requested":
            approve(session, case.id, expected=None, actor=actor, now=now)
        receive(session, case.id, expected=None, actor=actor, now=now, lines=[(str(line.id), line.quantity)])
        found = [InspectedUnit(line.order_line_id, line.quantity, grade="A", findings=("defect_confirmed",))]
        inspect(session, case.id, expected=None, actor=actor, now=now, lines=[(str(line.id), found)])
        session.flush()
        fresh = cases.load(session, case.id, actor)
        if fresh.state == "inspected":
            settle(session, case.id, expected=None, actor=actor, now=now)
        return case.id

    def work(self, **later: float) -> int:
        """Let a worker do what is due, perhaps later."""
        if later:
            self.clock.turn(**later)
        return relay.drain(self.runtime, {"refund": move_money, "event": lambda _runtime, _work: None})

    def refunds(self, case_id: UUID) -> list[Refund]:
        with self.db.read() as session:
            return list(
                session.exec(select(Refund).where(Refund.case_id == case_id).order_by(col(Refund.id)))
            )

    def refund(self, case_id: UUID) -> Refund:
        return self.refunds(case_id)[-1]

    def attempts(self, case_id: UUID) -> list[RefundAttempt]:
        with self.db.read() as session:
            query = select(RefundAttempt).join(Refund, col(Refund.id) == RefundAttempt.refund_id)
            return list(session.exec(query.where(Refund.case_id == case_id).order_by(col(RefundAttempt.n))))

    def state(self, case_id: UUID) -> str:
        with self.db.read() as session:
            return cases.load(session, case_id, self.actor, lock=False).state

    def tender(self, payment_id: str = "p1") -> tuple[int, int]:
        """What is reserved and refunded."""
        with self.db.read() as session:
            row = session.exec(select(Tender).where(Tender.payment_id == payment_id)).one()
            return row.reserved, row.refunded

    def events(self, case_id: UUID) -> list[str]:
        with self.db.read() as session:
            return list(
                session.exec(
                    select(EventRow.type).where(EventRow.case_id == case_id).order_by(col(EventRow.seq))
                )
            )

    def ledger(self, case_id: UUID) -> list[tuple[str, int]]:
        with self.db.read() as session:
            query = select(LedgerEntry.kind, LedgerEntry.amount).where(LedgerEntry.case_id == case_id)
            return [(kind, amount) for kind, amount in session.exec(query.order_by(col(LedgerEntry.id)))]

    def audit(self) -> None:
        """The ledger, the balances and the histories agree."""
        with self.db.read() as session:
            assert verify_ledger(session).problems == []
            assert verify_history(session)[1] == []
