"""A case with what belongs to it: loaded under lock, judged by the lifecycle, written back."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.domain.cached import cached_property
from returns_service.domain.decision import CaseFacts, SettledLine
from returns_service.domain.errors import Invalid, NotFound, StaleVersion
from returns_service.domain.lifecycle import OVER, Situation
from returns_service.domain.order import Order
from returns_service.domain.policy import Policy
from returns_service.domain.request import Evidence, History, InspectedUnit
from returns_service.store import freeze, orders, parts, policies
from returns_service.store.appending import enrolled
from returns_service.store.tables import (
    CaseLine,
    EvidenceRow,
    Hold,
    Inspection,
    OrderRow,
    OutboxRow,
    Receipt,
    Refund,
    Replacement,
    ReturnCase,
    Shop,
)

# Queries of every request are built once: that takes longer than carrying them out.
_THIS: BindParameter[UUID] = bindparam("case_id")
_LINES = select(CaseLine).where(CaseLine.case_id == _THIS).order_by(col(CaseLine.position))
_INSPECTIONS = select(Inspection).where(Inspection.case_id == _THIS, col(Inspection.superseded).is_(False))
_INSPECTIONS = _INSPECTIONS.order_by(col(Inspection.id))
_REFUNDS = select(Refund).where(Refund.case_id == _THIS).order_by(col(Refund.id))
_RECEIPTS = select(Receipt).where(Receipt.case_id == _THIS).order_by(col(Receipt.id))
_REPLACEMENTS = select(Replacement).where(Replacement.case_id == _THIS).order_by(col(Replacement.id))
_EVIDENCE = select(EvidenceRow).where(EvidenceRow.case_id == _THIS).order_by(col(EvidenceRow.id))
_HELD = select(Hold.order_line_id, Hold.slot, Hold.case_line_id).where(
    Hold.order_id == bindparam("order_id"), col(Hold.active).is_(True)
)

GOODS = ("exchange", "replacement", "repair")


class CaseFile:
    """One case; its parts are read when first looked at. Lives as long as its transaction."""

    def __init__(
        self, session: Session, row: ReturnCase, order_row: OrderRow, shop: Shop, beside: str = ""
    ) -> None:
        """`beside`: what `selected` found beside these three."""
        self.session, self.row, self.order_row, self.shop = session, row, order_row, shop
        self.beside = parts.Beside(session, row, beside) if beside else None
        self.touched = False
        """Whether this transaction already raised the version."""
        self.work: OutboxRow | None = None
        """The work that follows from this transaction's facts."""
        self.came_from = "shipped_back"
        """The state before units were counted in; looked up where a count is taken back."""

    @property
    def id(self) -> UUID:
        return self.row.id

    @property
    def state(self) -> str:
        return self.row.state

    @state.setter
    def state(self, state: str) -> None:
        self.row.state = state

    @cached_property
    def order(self) -> Order:
        return freeze.thaw_order(self.order_row.frozen)

    @cached_property
    def policy(self) -> Policy:
        return policies.compiled(self.session, self.row.policy_version_id)

    @cached_property
    def lines(self) -> list[CaseLine]:
        return self._part(CaseLine, _LINES)

    @cached_property
    def inspections(self) -> list[Inspection]:
        """Those that count, oldest first."""
        if not any(line.inspected_quantity for line in self.lines):
            return []
        return self._part(Inspection, _INSPECTIONS)

    @cached_property
    def refunds(self) -> list[Refund]:
        if not self.row.has_money:
            return []
        return self._part(Refund, _REFUNDS)

    @cached_property
    def replacements(self) -> list[Replacement]:
        if not self.row.has_goods:
            return []
        return self._part(Replacement, _REPLACEMENTS)

    @cached_property
    def receipts(self) -> list[Receipt]:
        """What arrived, oldest first."""
        return self._part(Receipt, _RECEIPTS)

    @cached_property
    def evidence(self) -> list[EvidenceRow]:
        return self._part(EvidenceRow, _EVIDENCE)

    def _part(self, table: type[parts.Part], query: Any) -> list[parts.Part]:
        known = self.beside.rows(table) if self.beside else None
        return list(self.session.exec(query, params={"case_id": self.id})) if known is None else known

    def line(self, line_id: UUID | str) -> CaseLine:
        """Raises Invalid."""
        for line in self.lines:
            if str(line.id) == str(line_id):
                return line
        raise Invalid("unknown_line", "The case has no such line.", pointer="/lines")

    @property
    def accepted(self) -> list[CaseLine]:
        return [line for line in self.lines if line.accepted]

    def situation(self) -> Situation:
        """What the lifecycle's guards look at."""
        row = self.row
        received = sum(line.received_quantity for line in self.accepted)
        return Situation(
            state=row.state,
            goods_return=row.goods_return,
            units_free=row.state not in OVER or self.units_free(),
            advanced=row.advanced,
            all_inspected=received == sum(line.inspected_quantity for line in self.accepted),
            awaiting=received < sum(line.quantity for line in self.accepted),
            counted=any(line.received_quantity for line in self.lines),
            came_from=self.came_from,
            money_moved=any(r.state != "failed" for r in self.refunds)
            or any(r.state != "cancelled" for r in self.replacements),
            choice_open=row.state == "settling" and any(r.state in _CHOOSABLE for r in self.replacements),
            owed=self.owed(),
            outcome=self.outcome(),
        )

    def units_free(self) -> bool:
        """Whether no other case holds the units of this one."""
        wanted = {(line.order_line_id, slot) for line in self.accepted for slot in line.slots}
        mine = {line.id for line in self.lines}
        held = self.session.exec(_HELD, params={"order_id": self.row.order_id})
        return not any((line_id, slot) in wanted for line_id, slot, holder in held if holder not in mine)

    def given(self) -> dict[str, int]:
        """What this case paid or reserved per payment ("" is store credit), failed refunds left out."""
        sums: dict[str, int] = defaultdict(int)
        for refund in self.refunds:
            if refund.state != "failed":
                sums[refund.payment_id] += refund.amount
        return sums

    def owed(self) -> bool:
        """Something is still to be paid or sent."""
        return any(r.state != "succeeded" for r in self.refunds if not self._replaced_by_later(r)) or any(
            r.state not in ("shipped", "cancelled") for r in self.replacements
        )

    def _replaced_by_later(self, refund: Refund) -> bool:
        """A failed refund that a later refund of the case made good."""
        return refund.state == "failed" and refund.reason.startswith("replaced:")

    def outcome(self) -> str:
        if any(r.state == "shipped" and r.kind in GOODS and not _all_back(r) for r in self.replacements):
            return "replaced"
        return "refunded" if any(r.state == "succeeded" for r in self.refunds) else "closed"

    def facts(self, *, lookback_since: datetime | None = None) -> CaseFacts:
        """All that a settlement looks at."""
        return CaseFacts(
            order=self.order,
            request=freeze.thaw_request(self.row.request),
            lines=tuple(self._settled_line(line) for line in self.accepted),
            history=orders.history(
                self.session, self.order_row, since=lookback_since, but=self.id, given=self.given()
            ),
            requested_at=self.row.requested_at,
            evidence=tuple(Evidence(e.type, e.data, e.at) for e in self.evidence),
            goods_return=self.row.goods_return,
            overridden=self.row.overridden,
        )

    def facts_of_now(self) -> CaseFacts:
        """What deadlines look at: everything but the past of other cases."""
        return CaseFacts(
            order=self.order,
            request=freeze.thaw_request(self.row.request),
            lines=tuple(self._settled_line(line) for line in self.accepted),
            history=History(),
            requested_at=self.row.requested_at,
            goods_return=self.row.goods_return,
        )

    def _settled_line(self, line: CaseLine) -> SettledLine:
        units = tuple(
            InspectedUnit(
                order_line_id=line.order_line_id,
                quantity=found.quantity,
                grade=found.grade,
                findings=tuple(found.findings),
                answers=found.answers,
                disposition=found.disposition,
                note=found.note,
                photos=tuple(found.photos),
            )
            for found in self.inspections
            if found.line_id == line.id
        )
        return SettledLine(
            id=str(line.id),
            order_line_id=line.order_line_id,
            slots=tuple(line.slots),
            reason=line.reason,
            resolution=line.resolution,
            condition=line.condition,
            exchange_for=line.exchange_for,
            photos=len(line.photos),
            received=line.received_quantity,
            units=units,
            attributes=line.attributes,
        )


def _all_back(out: Replacement) -> bool:
    return out.returned >= sum(int(part["quantity"]) for part in out.lines)


_CHOOSABLE = ("failed", "awaiting_payment")


def load(
    session: Session, case_id: UUID, actor: Actor, *, expected: int | None = None, lock: bool = True
) -> CaseFile:
    """A case of the actor's shop. `expected` is the version a decision is based on. Raises NotFound, StaleVersion."""
    if enrolled(session):
        session.flush()  # it may have been opened in this very transaction
    query = _by_id(session.get_bind().dialect.name, lock)
    found = session.execute(query, {"case_id": case_id, "shop_id": actor.shop_id}).one_or_none()
    if found is None:
        raise NotFound("return")
    case = CaseFile(session, *found)
    if expected is not None and case.row.version != expected:
        raise StaleVersion(expected, case.row.version)
    return case


def selected(dialect: str) -> Select[Any]:
    """Cases with all that a file is made of."""
    wanted: list[Any] = [ReturnCase, OrderRow, Shop, parts.column(dialect)]
    query = select_columns(*wanted).join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)
    return query.join(Shop, col(Shop.id) == ReturnCase.shop_id)


@cache
def _by_id(dialect: str, lock: bool) -> Select[Any]:
    query = selected(dialect).where(
        col(ReturnCase.id) == _THIS, col(ReturnCase.shop_id) == bindparam("shop_id")
    )
    return query.with_for_update(of=ReturnCase) if lock else query


def release(session: Session, case: CaseFile, *, slots: dict[UUID, set[int]] | None = None) -> None:
    """Free the units of a case: all, or per line only these slots."""
    lines = {line.id for line in case.lines}
    query = select(Hold).where(col(Hold.case_line_id).in_(lines), col(Hold.active).is_(True))
    for hold in session.exec(query):
        if slots is None or hold.slot in slots.get(hold.case_line_id, ()):
            hold.active = False
            session.add(hold)


def forget_lines(case: CaseFile) -> None:
    """Remove the lines of a case and what they hold, before others take their place."""
    lines = {line.id for line in case.lines}
    for hold in case.session.exec(select(Hold).where(col(Hold.case_line_id).in_(lines))):
        case.session.delete(hold)
    case.session.flush()
    for line in case.lines:
        case.session.delete(line)
    case.session.flush()


def hold_again(session: Session, case: CaseFile) -> None:
    """Hold the units of a finished case anew (the situation said they are free)."""
    query = select(Hold).where(col(Hold.case_line_id).in_({line.id for line in case.accepted}))
    for hold in session.exec(query):
        if not hold.compensated:
            hold.active = True
            session.add(hold)
    session.flush()


def by_reference(session: Session, shop_id: UUID, reference: str) -> ReturnCase | None:
    query = select(ReturnCase).where(ReturnCase.shop_id == shop_id, ReturnCase.client_reference == reference)
    return session.exec(query).one_or_none()


def compensate(session: Session, line: CaseLine, paid: int, worths: Sequence[int]) -> None:
    """Note keep-the-item money on the units of a line; below their full worth the units are free again."""
    session.flush()  # a case that pays with its request has just taken its units
    holds = list(session.exec(select(Hold).where(Hold.case_line_id == line.id).order_by(col(Hold.slot))))
    for hold, share in zip(holds, money.spread(paid, list(worths)), strict=True):
        hold.compensated = share
        hold.active = share >= worths[holds.index(hold)]
        session.add(hold)
