"""What stories are told with: the people of the demo shop, and the use cases in their words."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.demo.snapshots import photograph
from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.domain.request import InspectedUnit, RequestLine, ReturnRequest
from returns_service.store import cases, freeze, orders, talk
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Shop
from returns_service.usecases.add_evidence import add_evidence
from returns_service.usecases.add_photo import add_photo
from returns_service.usecases.advance import advance
from returns_service.usecases.approve import approve
from returns_service.usecases.charge_replacement import charge_replacement
from returns_service.usecases.confirm_refund import confirm_refund
from returns_service.usecases.inspect import inspect
from returns_service.usecases.objections import answer_objection
from returns_service.usecases.open_case import open_case
from returns_service.usecases.photos_of_case import attach_photo
from returns_service.usecases.post_message import post_message
from returns_service.usecases.receive import receive
from returns_service.usecases.report_replacement import ship_replacement
from returns_service.usecases.runtime import Runtime
from returns_service.usecases.ship import ship

Opening = Generator[timedelta, None, UUID]
Misbehave = Callable[[str, int], None]
"""Tells the sandbox gateway what its next answers are."""


def wish(line: str, quantity: int = 1, *, reason: str = "changed_mind", **more: Any) -> RequestLine:
    """What a customer asks for one line of an order."""
    return RequestLine(order_line_id=line, quantity=quantity, reason=reason, **more)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@dataclass(frozen=True)
class Stage:
    """One shop in the hands of the stories. Every step is a transaction of its own, as it is for the API."""

    runtime: Runtime
    shop: Shop
    misbehave: Misbehave

    def actor(self, kind: str, name: str, *scopes: str) -> Actor:
        return Actor(self.shop.id, kind, name, frozenset(scopes))

    @property
    def reviewer(self) -> Actor:
        return self.actor("staff", "Ines Sommer", "staff", "returns:read", "returns:write")

    @property
    def worker(self) -> Actor:
        return self.actor("warehouse", "Ben Okafor", "warehouse", "returns:read")

    @property
    def storefront(self) -> Actor:
        return self.actor("storefront", "storefront", "returns:write", "returns:read")

    def buyer(self, case_id: UUID) -> Actor:
        """The customer of a case."""
        with self.case(case_id) as case:
            return self.actor("customer", case.order.customer.name or "customer", "returns:write")

    @contextmanager
    def case(self, case_id: UUID) -> Iterator[CaseFile]:
        """A case to look at."""
        with self.runtime.db.read() as session:
            yield cases.load(session, case_id, self.actor("system", "demo"), lock=False)

    def state(self, case_id: UUID) -> str:
        with self.case(case_id) as case:
            return case.state

    def do(self, verb: Callable[..., Any], target: UUID, actor: Actor, **said: Any) -> None:
        """One use case in one transaction."""
        with self.runtime.db.begin() as session:
            verb(session, target, actor=actor, now=self.runtime.now(), **said)

    def move(self, verb: Callable[..., Any], case_id: UUID, actor: Actor, **said: Any) -> None:
        """One move of a case, based on how it is now."""
        self.do(verb, case_id, actor, expected=None, **said)

    # --- the customer ---

    def open(self, order_id: str, *wishes: RequestLine, review: bool = False, **said: Any) -> UUID:
        """A customer opens a case; `review`: for a person to decide in any case."""
        request = ReturnRequest(lines=tuple(wishes), **said)
        with self.runtime.db.begin() as session:
            case = open_case(
                session,
                order_id,
                request,
                actor=self._orderer(session, order_id),
                now=self.runtime.now(),
                client_reference=f"portal-{order_id}-{'-'.join(line.order_line_id for line in wishes)}",
                request_review=review,
            )
            return case.id

    def _orderer(self, session: Session, order_id: str) -> Actor:
        name = freeze.thaw_order(orders.load(session, self.shop.id, order_id).frozen).customer.name
        return self.actor("customer", name or "customer", "returns:write")

    def approved(self, order_id: str, *wishes: RequestLine, note: str = "", **said: Any) -> Opening:
        """A case that is opened and accepted: at once by the policy, or by a reviewer some hours later."""
        case_id = self.open(order_id, *wishes, **said)
        if self.state(case_id) == "requested":
            yield hours(5)
            self.accept(case_id, note=note)
        return case_id

    def accept(self, case_id: UUID, *, note: str = "") -> None:
        """A reviewer says yes."""
        self.move(approve, case_id, self.reviewer, note=note)

    def answer_objection(self, case_id: UUID, *, granted: bool, answer: str) -> None:
        """A reviewer answers the open objection."""
        with self.runtime.db.read() as session:
            row = talk.open_objection(session, case_id)
        if row is None:
            raise LookupError("no objection is open")
        self.do(answer_objection, case_id, self.reviewer, objection_id=row.id, granted=granted, answer=answer)

    def scan(self, case_id: UUID, event: str, *, leg: str = "return") -> None:
        """The carrier saw the parcel."""
        at, actor = self.runtime.now(), self.actor("carrier", "carrier")
        data = {"event": event, "leg": leg, "at": at.isoformat()}
        self.move(add_evidence, case_id, actor, type_="carrier_scan", data=data, at=at)

    def photo(self, order_id: str, subject: str, alt: str) -> str:
        """A photo that the customer uploads; answers its id."""
        with self.runtime.db.begin() as session:
            row = add_photo(
                session,
                photograph(subject, seed=order_id),
                alt=alt,
                pictures=self.runtime.pictures,
                files=self.runtime.files,
                actor=self.actor("customer", "customer", "returns:write"),
                now=self.runtime.now(),
            )
            return str(row.id)

    def attach(self, case_id: UUID, photo_id: str) -> None:
        self.do(attach_photo, case_id, self.buyer(case_id), photo_id=photo_id, alt="")

    def write(self, case_id: UUID, actor: Actor, message: str, *, internal: bool = False) -> None:
        self.do(post_message, case_id, actor, message=message, internal=internal)

    def send_back(self, case_id: UUID, carrier: str, tracking_number: str) -> None:
        self.move(ship, case_id, self.buyer(case_id), carrier=carrier, tracking_number=tracking_number)

    # --- the warehouse ---

    def receive(
        self,
        case_id: UUID,
        counts: Sequence[int] | None = None,
        *,
        unexpected: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """All that is awaited arrives, or so many units of each line."""
        with self.case(case_id) as case:
            waiting = [(str(line.id), line.quantity - line.received_quantity) for line in case.accepted]
            location = case.row.return_location
        if counts is not None:
            waiting = [(line_id, count) for (line_id, _), count in zip(waiting, counts, strict=True)]
        lines = [(line_id, count) for line_id, count in waiting if count]
        self.move(receive, case_id, self.worker, lines=lines, location=location, unexpected=unexpected)

    def inspect(self, case_id: UUID, *found: Sequence[InspectedUnit]) -> None:
        """What was found for each line that has units to inspect; the last is said of all further lines."""
        with self.case(case_id) as case:
            open_lines = [line for line in case.accepted if line.received_quantity > line.inspected_quantity]
            ids = [(str(line.id), line.received_quantity - line.inspected_quantity) for line in open_lines]
        said = [
            (line_id, found[min(at, len(found) - 1)] if found else [unit(count)])
            for at, (line_id, count) in enumerate(ids)
        ]
        self.move(inspect, case_id, self.worker, lines=said)

    # --- money and goods ---

    def storefront_pays(self, case_id: UUID) -> None:
        """The shop moves the money of the payments that no gateway of ours reaches."""
        with self.case(case_id) as case:
            due = [
                (r.id, r.payment_id)
                for r in case.refunds
                if r.state == "pending" and r.gateway == "storefront"
            ]
        for refund_id, payment_id in due:
            self.do(
                confirm_refund,
                refund_id,
                self.storefront,
                reference=f"shop-{payment_id}-{str(refund_id)[-6:]}",
            )

    def send_ahead(self, case_id: UUID) -> None:
        """A reviewer lets the new goods go out before the old ones are back."""
        self.move(advance, case_id, self.reviewer)

    def storefront_charges(self, case_id: UUID) -> None:
        """The shop charges new goods whose originals did not come back, as it was asked to."""
        with self.case(case_id) as case:
            due = [
                (row.id, money.text(row.secured, case.row.currency))
                for row in case.replacements
                if row.secured
            ]
        for replacement_id, amount in due:
            said = {"amount": amount, "reference": f"charge-{str(replacement_id)[-6:]}"}
            self.do(charge_replacement, replacement_id, self.storefront, **said)

    def goods_leave(self, case_id: UUID, carrier: str, tracking_number: str) -> None:
        """Everything that is to go to the customer goes out."""
        with self.case(case_id) as case:
            due = [r.id for r in case.replacements if r.state == "requested"]
        for replacement_id in due:
            self.do(
                ship_replacement,
                replacement_id,
                self.storefront,
                carrier=carrier,
                tracking_number=tracking_number,
                order_id=None,
            )


def unit(quantity: int = 1, grade: str = "A", *findings: str, **more: Any) -> InspectedUnit:
    """Units that were found alike."""
    return InspectedUnit("", quantity, grade=grade, findings=findings or ("intact",), **more)
