"""The demo shop, loaded into both databases."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, col, func, select

from returns_service.commands.demo import load_demo
from returns_service.config import Settings
from returns_service.demo import orders, volume
from returns_service.demo.load import Loaded
from returns_service.domain.lifecycle import STATES, TABLE
from returns_service.sandbox.ledger import Ledger
from returns_service.store import events, freeze, outbox
from returns_service.store.db import Database
from returns_service.store.tables import (
    ConversationMessage,
    Inspection,
    Notice,
    Objection,
    OrderRow,
    OrderSnapshot,
    OutboxRow,
    Photo,
    PolicyVersion,
    Rating,
    Refund,
    Replacement,
    ReturnCase,
    Shop,
    StaffUser,
    Tender,
)
from tests.ground.processes import free_ports

STEPS = {(trigger, source, target) for trigger, source, target, _ in TABLE}


@dataclass
class Demo:
    settings: Settings
    db: Database
    loaded: Loaded
    rows: dict[str, int]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The shop as `demo load` leaves it; tests only look at it."""
    folder = tmp_path_factory.mktemp(f"demo-{request.param}")
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "returns.db")
        url = f"sqlite:///{folder / 'returns.db'}"
    else:
        server = request.getfixturevalue("postgres")
        url = server.url(server.create(request.getfixturevalue("postgres_template")))
    port, sandbox_port = free_ports(2)
    settings = Settings(
        data_dir=folder,
        database_url=url,
        port=port,
        sandbox_port=sandbox_port,
        secret_key="s" * 40,
        log_level="error",
        public_url=f"http://127.0.0.1:{port}",
    )
    loaded = load_demo(settings)
    db = Database(url)
    yield Demo(settings, db, loaded, _count(db))
    db.close()


@pytest.fixture
def session(demo: Demo) -> Iterator[Session]:
    with demo.db.read() as session:
        yield session


def _count(db: Database) -> dict[str, int]:
    with db.read() as session:
        return {
            name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in SQLModel.metadata.tables.items()
        }


def _all(session: Session, table: type[Any]) -> list[Any]:
    return list(session.exec(select(table)))


def test_every_state_of_the_lifecycle_has_a_case(session: Session) -> None:
    assert set(session.exec(select(ReturnCase.state))) == set(STATES)


def test_every_history_is_a_walk_through_the_table_to_the_present_state(session: Session) -> None:
    for case in _all(session, ReturnCase):
        state, before, head = None, 0, ""
        for event in events.of_case(session, case.id):
            assert event.seq == before + 1
            assert event.digest == outbox.digest(event, head)
            before, head = event.seq, event.digest
            if "to" not in event.data:
                continue
            if event.data["trigger"] != "open":
                assert event.data["from"] == state
                assert (event.data["trigger"], event.data["from"], event.data["to"]) in STEPS
            state = event.data["to"]
        assert (state, before, head) == (case.state, case.seq, case.head)


def test_time_goes_forward_from_the_order_to_the_present(session: Session) -> None:
    placed = {row.id: row.placed_at for row in _all(session, OrderRow)}
    for case in _all(session, ReturnCase):
        times = [event.at for event in events.of_case(session, case.id)]
        assert times == sorted(times)
        assert placed[case.order_id] < times[0] == case.created_at
        assert times[-1] <= datetime.now(UTC)
    ages = [datetime.now(UTC) - case.created_at for case in _all(session, ReturnCase)]
    assert min(ages) < timedelta(days=1) and max(ages) > timedelta(days=30)


def test_the_gateway_has_paid_exactly_what_the_cases_say(demo: Demo, session: Session) -> None:
    ledger = Ledger(demo.settings.data_dir / "sandbox" / "ledger.db")
    paid = {row["id"]: row["amount"] for row in ledger.all("SELECT * FROM refunds WHERE state = 'succeeded'")}
    ledger.close()
    moved = {
        r.gateway_reference: r.amount
        for r in _all(session, Refund)
        if r.gateway == "sandbox" and r.state == "succeeded"
    }
    assert len(moved) >= 8
    assert {reference: paid[reference] for reference in moved} == moved
    assert len(paid) == len(moved) + 1  # the one that moved another amount, which a person must look at


def test_tenders_tie_out_with_the_refunds(session: Session) -> None:
    sums: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for refund in _all(session, Refund):
        sums[refund.tender_id][refund.state] += refund.amount
    for tender in _all(session, Tender):
        mine = sums[tender.id]
        assert tender.refunded == mine["succeeded"]
        assert tender.reserved == sum(
            mine[state] for state in ("awaiting_release", "pending", "unknown", "manual")
        )


def test_money_and_goods_are_stuck_in_every_way_that_people_must_see(session: Session) -> None:
    states = set(session.exec(select(Refund.state)))
    assert states >= {"succeeded", "failed", "manual", "unknown", "awaiting_release"}
    kinds = {(row.kind, row.state) for row in _all(session, Replacement)}
    assert kinds >= {("exchange", "shipped"), ("exchange", "failed"), ("exchange", "awaiting_payment")}
    assert kinds >= {("send_back", "shipped"), ("replacement", "shipped"), ("repair", "shipped")}


def test_people_talk_show_object_and_rate(session: Session) -> None:
    assert len(_all(session, ConversationMessage)) >= 6
    assert any(message.internal for message in _all(session, ConversationMessage))
    assert {photo.case_id is not None for photo in _all(session, Photo)} == {True}
    assert {row.state for row in _all(session, Objection)} == {"open", "granted", "dismissed"}
    assert {row.kind for row in _all(session, Rating)} == {"csat", "ces", "nps"}
    assert {row.grade for row in _all(session, Inspection)} == {"A", "B", "C", "D"}


def test_every_message_was_written_in_its_language(demo: Demo, session: Session) -> None:
    notices = _all(session, Notice)
    assert {notice.language for notice in notices} == {"en", "zh-Hans", "zh-Hant"}
    assert {notice.state for notice in notices} <= {"sent", "superseded"}
    sent = [notice for notice in notices if notice.state == "sent"]
    assert len(list((demo.settings.data_dir / "mail").glob("*.eml"))) == len(sent) > 50
    assert all(notice.sent_at and notice.sent_at <= datetime.now(UTC) for notice in sent)


def test_decisions_are_said_in_the_language_of_the_customer(session: Session) -> None:
    for case in _all(session, ReturnCase):
        chinese = not case.fault["message"].isascii()
        assert chinese == (case.language != "en" and bool(case.fault["message"])), case.fault
    assert {case.language for case in _all(session, ReturnCase)} == {"en", "zh-Hans", "zh-Hant"}


def test_no_work_was_given_up(session: Session) -> None:
    rows = _all(session, OutboxRow)
    assert not [row.last_error for row in rows if row.state == "dead"]
    assert [row.topic for row in rows if row.state != "done"] == ["refund"]  # the gateway that is silent


def test_people_can_sign_in_and_keys_are_told_once(demo: Demo, session: Session) -> None:
    assert {row.role for row in _all(session, StaffUser)} == {
        "administrator",
        "manager",
        "reviewer",
        "warehouse",
    }
    assert demo.loaded.sign_ins.count("rk_") == 2
    for line in ("  manager        marta@nordlicht.example, demo-manager\n", ", badge B-1001, PIN 2468\n"):
        assert line in demo.loaded.sign_ins  # as the first page reads them
    kept = demo.settings.data_dir / "demo-sign-ins.txt"
    assert kept.read_text() == demo.loaded.sign_ins
    assert kept.stat().st_mode & 0o077 == 0


def test_the_shop_knows_where_goods_come_back_to(session: Session) -> None:
    shop = session.exec(select(Shop)).one()
    assert {place["country"] for place in shop.locations} == {"DE", "GB", "US", "CN", "TW", "JP"}
    assert {case.return_location for case in _all(session, ReturnCase)} <= {p["code"] for p in shop.locations}
    assert len(_all(session, PolicyVersion)) == 1


def test_loading_again_changes_nothing(demo: Demo) -> None:
    again = load_demo(demo.settings)
    assert again.sign_ins == ""
    assert (again.orders, again.cases) == (demo.loaded.orders, demo.loaded.cases)
    assert _count(demo.db) == demo.rows


def test_orders_in_bulk_are_the_rows_of_single_ones(demo: Demo) -> None:
    """Taken one by one (the curated orders) or by the thousand, an order is the same in the database."""
    with demo.db.begin() as session:
        single = session.exec(select(OrderRow).order_by(col(OrderRow.external_id))).all()
        shop = session.exec(select(Shop)).one()
        before = {row.external_id: _plain(session, row) for row in single}
        copy = Shop(slug="copy", name="Copy", created_at=shop.created_at)
        session.add(copy)
        session.flush()
        stamp = session.exec(select(PolicyVersion)).one()
        session.add(PolicyVersion(**{**stamp.model_dump(exclude={"id"}), "shop_id": copy.id}))
        session.flush()
        bodies = [(row.external_id, _body(session, row)) for row in single]
        assert volume.add_new(session, copy, bodies) == len(single)
        made = session.exec(select(OrderRow).where(OrderRow.shop_id == copy.id)).all()
        after = {row.external_id: _plain(session, row) for row in made}
        session.rollback()
    assert after == before


def _body(session: Session, row: OrderRow) -> dict[str, Any]:
    return session.exec(select(OrderSnapshot).where(OrderSnapshot.order_id == row.id)).one().body


def _plain(session: Session, row: OrderRow) -> dict[str, Any]:
    """What is the same for the same order in another shop."""
    ids = {"id", "shop_id", "order_id", "policy_version_id", "reserved", "refunded"}
    of_order = select(Tender).where(Tender.order_id == row.id, col(Tender.reported).is_(False))
    tenders = session.exec(of_order.order_by(col(Tender.position))).all()
    snapshot = session.exec(select(OrderSnapshot).where(OrderSnapshot.order_id == row.id)).one()
    return {
        "order": row.model_dump(exclude=ids),
        "tenders": [tender.model_dump(exclude=ids) for tender in tenders],
        "snapshot": snapshot.model_dump(exclude=ids),
        "thawed": freeze.thaw_order(row.frozen),
    }


def test_more_orders_are_added_once(demo: Demo) -> None:
    first = load_demo(demo.settings, orders=120)
    assert first.orders == demo.loaded.orders + 120
    assert load_demo(demo.settings, orders=120).orders == first.orders
    with demo.db.read() as session:
        ids = set(session.exec(select(OrderRow.external_id)))
    assert {order_id for order_id, _ in orders.stream(120, datetime.now(UTC))} <= ids


def test_goods_that_went_ahead_are_secured_or_were_charged_and_told(session: Session) -> None:
    ahead = {row.secured: row for row in _all(session, Replacement) if row.purpose == "advance"}
    told = session.exec(select(Notice.case_id).where(Notice.template == "goods_charged")).all()
    states = {session.get_one(ReturnCase, row.case_id).state for row in ahead.values()}
    assert (states, len(told)) == ({"shipped_back", "replaced"}, 1)
    assert told[0] in {row.case_id for row in ahead.values()}
