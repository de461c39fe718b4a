"""Evidence that comes while a case is open changes whose fault it looks like, never what was promised."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from returns_service.domain.errors import Invalid
from returns_service.domain.request import InspectedUnit, RequestLine, ReturnRequest
from returns_service.store import cases
from returns_service.store.db import Database
from returns_service.store.tables import Photo
from returns_service.store.tables.base import new_id
from returns_service.usecases.add_evidence import add_evidence
from returns_service.usecases.answer import answer
from returns_service.usecases.approve import approve
from returns_service.usecases.ask import ask
from returns_service.usecases.inspect import inspect
from returns_service.usecases.open_case import open_case
from returns_service.usecases.photos_of_case import attach_photo
from returns_service.usecases.receive import receive
from tests.usecases.desk import Desk

FAULT = """
claimed:
  - id: seen-on-the-way
    when: {request.kind: defect, evidence.carrier_scan: {event: PACKAGE_DAMAGED, leg: outbound}}
    party: carrier
    say: {en: The carrier noted damage., zh-Hans: 承运商记录了破损。, zh-Hant: 承運商記錄了破損。}
  - id: shown
    when: {request.kind: defect, request.photos: {gte: 1}}
    party: supplier
    say: {en: The photo shows it., zh-Hans: 照片可见。, zh-Hant: 照片可見。}
  - id: unclear
    party: undetermined
    say: {en: We look into it., zh-Hans: 我们会核实。, zh-Hant: 我們會查證。}
"""
CHANGED = "return.fault_changed"
SCAN = {"event": "PACKAGE_DAMAGED", "leg": "outbound"}


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    return Desk(shop_db, tmp_path, {"fault.yaml": FAULT})


@pytest.fixture
def case(desk: Desk) -> UUID:
    wish = ReturnRequest((RequestLine("1", 1, "defective", condition="opened_unused"),))
    with desk.db.begin() as session:
        return open_case(session, "1001", wish, actor=desk.actor, now=desk.clock(), request_review=True).id


def scanned(desk: Desk, case: UUID, data: dict[str, Any] = SCAN) -> None:
    with desk.db.begin() as session:
        add_evidence(
            session, case, expected=None, actor=desk.actor, now=desk.clock(), type_="carrier_scan", data=data
        )


def photo(desk: Desk) -> str:
    row = Photo(
        id=new_id(), shop_id=desk.shop.id, path="x", content_type="image/jpeg", size=1, width=1, height=1,
        sha256="", alt="", actor=desk.actor.body(), at=desk.clock(),
    )  # fmt: skip
    with desk.db.begin() as session:
        session.add(row)
        session.flush()
        return str(row.id)


def fault(desk: Desk, case: UUID) -> tuple[str, str]:
    with desk.db.read() as session:
        found = cases.load(session, case, desk.actor, lock=False)
        assert found.row.fault == found.lines[0].fault
        assert not found.row.fault["final"]
        return found.row.fault["party"], found.row.fault["rule"]


def promised(desk: Desk, case: UUID) -> Any:
    with desk.db.read() as session:
        found = cases.load(session, case, desk.actor, lock=False)
        return found.row.quote, found.row.quote_total, found.lines[0].decision


def test_a_scan_tells_whose_fault_it_looks_like_and_leaves_the_promise(desk: Desk, case: UUID) -> None:
    before = promised(desk, case)
    assert fault(desk, case) == ("undetermined", "unclear")
    scanned(desk, case)
    assert fault(desk, case) == ("carrier", "seen-on-the-way")
    assert promised(desk, case) == before
    assert desk.events(case)[-2:] == ["return.evidence_added", CHANGED]
    desk.audit()


def test_evidence_that_changes_nothing_is_only_kept(desk: Desk, case: UUID) -> None:
    scanned(desk, case, {"event": "PICKED_UP", "leg": "outbound"})
    assert fault(desk, case) == ("undetermined", "unclear")
    scanned(desk, case)
    scanned(desk, case)
    assert desk.events(case).count(CHANGED) == 1


def test_a_photo_that_is_attached_is_seen(desk: Desk, case: UUID) -> None:
    with desk.db.begin() as session:
        attach_photo(session, case, photo(desk), alt="", actor=desk.actor, now=desk.clock())
    assert fault(desk, case) == ("supplier", "shown")


def test_the_photos_of_an_answer_are_seen(desk: Desk, case: UUID) -> None:
    customer = type(desk.actor)(desk.shop.id, "customer", "Ana", desk.actor.scopes)
    shown = photo(desk)
    with desk.db.begin() as session:
        ask(session, case, expected=None, actor=desk.actor, now=desk.clock(), message="A photo, please.")
    said: dict[str, Any] = {"expected": None, "actor": customer, "now": desk.clock(), "message": "Here."}
    with pytest.raises(Invalid), desk.db.begin() as session:
        answer(session, case, photos=["made-up"], **said)
    assert fault(desk, case) == ("undetermined", "unclear")
    with desk.db.begin() as session:
        answer(session, case, photos=[shown], **said)
    assert fault(desk, case) == ("supplier", "shown")


def test_neither_an_inspection_nor_a_persons_ruling_is_gone_behind(desk: Desk, case: UUID) -> None:
    with desk.db.begin() as session:
        approve(session, case, expected=None, actor=desk.actor, now=desk.clock())
        line = cases.load(session, case, desk.actor).lines[0]
        receive(session, case, expected=None, actor=desk.actor, now=desk.clock(), lines=[(str(line.id), 1)])
        found = [InspectedUnit("1", 1, grade="A", findings=("intact",))]
        inspect(
            session, case, expected=None, actor=desk.actor, now=desk.clock(), lines=[(str(line.id), found)]
        )
    scanned(desk, case)
    assert CHANGED not in desk.events(case)
