"""The process dies at the k-th commit or gateway call, for k = 1, 2, 3 ... until a run survives untouched."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session

from returns_service.domain.ports import RefundIntent, RefundResult
from returns_service.store.db import Database
from tests.ground.gateway import ScriptedGateway
from tests.usecases.desk import Desk

MOST = 60


class Killed(BaseException):
    """kill -9: nothing that runs may catch it."""


class Countdown:
    """Dies when it has counted to zero; None never dies."""

    def __init__(self) -> None:
        self.left: int | None = None

    def point(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                self.left = None
                raise Killed


class Dying(Database):
    """May die before a transaction, just before its commit, and just after."""

    countdown: Countdown

    @contextmanager
    def begin(self) -> Iterator[Session]:
        self.countdown.point()
        with super().begin() as session:
            yield session
            session.flush()
            self.countdown.point()
        self.countdown.point()


class DyingGateway(ScriptedGateway):
    """May die before and after the money moved."""

    countdown: Countdown

    def refund(self, intent: RefundIntent) -> RefundResult:
        self.countdown.point()
        result = super().refund(intent)
        self.countdown.point()
        return result


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(shop_db, tmp_path, quantities={"1": MOST})
    countdown = Countdown()
    database, gateway = Dying(shop_db.url), DyingGateway()
    database.countdown = gateway.countdown = made.countdown = countdown  # type: ignore[attr-defined]
    gateways = {**made.runtime.gateways, "sandbox": gateway}
    made.runtime = type(made.runtime)(**{**made.runtime.__dict__, "db": database, "gateways": gateways})
    made.gateway = gateway
    yield made
    made.audit()
    database.close()


def dies(desk: Desk, k: int) -> bool:
    """One worker that dies at the k-th point; False when it got through."""
    desk.countdown.left = k  # type: ignore[attr-defined]
    try:
        desk.work()
    except Killed:
        return True
    finally:
        desk.countdown.left = None  # type: ignore[attr-defined]
    return False


def finish(desk: Desk, case: UUID) -> None:
    """Other workers, some time later."""
    for _ in range(6):
        desk.work(minutes=5)
        if desk.state(case) == "refunded":
            return
    raise AssertionError(f"the refund did not finish: {desk.refund(case).state}")


@pytest.mark.parametrize("kind", ["", "timeout_after_paying", "timeout"])
def test_wherever_the_worker_dies_the_money_moves_exactly_once(desk: Desk, kind: str) -> None:
    asked = 0
    for k in range(1, MOST):
        case = desk.settled()
        asked += 1
        desk.gateway.next = [kind] if kind else []
        died = dies(desk, k)
        finish(desk, case)
        desk.gateway.next = []
        refund = desk.refund(case)
        paid = [made for key, made in desk.gateway.booked.items() if str(refund.id) in key]
        assert [made.amount for made in paid] == [refund.amount], f"point {k}"
        assert desk.events(case).count("refund.succeeded") == 1, f"point {k}"
        if not died:
            break
    assert k > 8
    assert len(desk.gateway.booked) == asked


def test_store_credit_is_issued_once_wherever_the_worker_dies(desk: Desk) -> None:
    for k in range(1, MOST):
        case = desk.settled(resolution="store_credit")
        died = dies(desk, k)
        finish(desk, case)
        assert desk.events(case).count("credit.issued") == 1, f"point {k}"
        if not died:
            break
    assert k > 5
