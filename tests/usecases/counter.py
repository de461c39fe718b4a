"""A desk with a shorter way to say what happens, for the traps."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from returns_service.domain.request import InspectedUnit, RequestLine, ReturnRequest
from returns_service.store import cases
from returns_service.store.cases import CaseFile
from returns_service.usecases.approve import approve
from returns_service.usecases.inspect import inspect
from returns_service.usecases.open_case import open_case
from returns_service.usecases.preview import returnable
from returns_service.usecases.receive import receive
from returns_service.usecases.settle import settle
from tests.usecases.desk import Desk

FAULTY = ("defect_confirmed",)


class Shop(Desk):
    """A desk with a shorter way to say what happens."""

    def ask(
        self, quantities: Mapping[str, int], reason: str = "defective", resolution: str = "refund", order: str = "1001",
        **line: Any,
    ) -> UUID:  # fmt: skip
        lines = [
            RequestLine(i, n, reason, photos=("photo",), resolution=resolution, **line)
            for i, n in quantities.items()
        ]
        return self.ask_for(lines, order)

    def ask_for(self, lines: Sequence[RequestLine], order: str = "1001") -> UUID:
        wish = ReturnRequest(tuple(lines))
        with self.db.begin() as session:
            return open_case(session, order, wish, actor=self.actor, now=self.clock()).id

    def approve(self, case_id: UUID) -> None:
        with self.db.begin() as session:
            if cases.load(session, case_id, self.actor).state == "requested":
                approve(session, case_id, expected=None, actor=self.actor, now=self.clock())

    def arrive(self, case_id: UUID, quantities: Mapping[str, int]) -> None:
        self.approve(case_id)
        with self.db.begin() as session:
            lines = [(self._line(session, case_id, i), n) for i, n in quantities.items()]
            receive(session, case_id, expected=None, actor=self.actor, now=self.clock(), lines=lines)

    def find(self, case_id: UUID, found: Mapping[str, Sequence[tuple[int, tuple[str, ...]]]]) -> None:
        with self.db.begin() as session:
            lines = [
                (
                    self._line(session, case_id, i),
                    [InspectedUnit(i, n, grade="A", findings=f) for n, f in units],
                )
                for i, units in found.items()
            ]
            inspect(session, case_id, expected=None, actor=self.actor, now=self.clock(), lines=lines)

    def end(self, case_id: UUID) -> None:
        with self.db.begin() as session:
            settle(session, case_id, expected=None, actor=self.actor, now=self.clock())
        self.work()

    def through_all(self, quantities: Mapping[str, int], **asked: Any) -> UUID:
        case_id = self.ask(quantities, **asked)
        self.arrive(case_id, quantities)
        self.find(case_id, {i: [(n, FAULTY)] for i, n in quantities.items()})
        self.end(case_id)
        return case_id

    def _line(self, session: Any, case_id: UUID, order_line: str) -> str:
        case = cases.load(session, case_id, self.actor)
        return str(next(line.id for line in case.lines if line.order_line_id == order_line))

    def case(self, case_id: UUID) -> CaseFile:
        with self.db.read() as session:
            case = cases.load(session, case_id, self.actor, lock=False)
            assert case.lines is not None and case.refunds is not None and case.replacements is not None
            return case

    def goods(self, case_id: UUID) -> str:
        return str(self.case(case_id).row.quote["goods"])

    def left(self, line_id: str = "1") -> int:
        with self.db.read() as session:
            decision = returnable(session, "1001", actor=self.actor, now=self.clock(), reason="defective")
            return next(line.returnable_quantity for line in decision.lines if line.order_line_id == line_id)

    def moved(self) -> int:
        return sum(refund.amount for refund in self.gateway.booked.values() if refund.state == "succeeded")
