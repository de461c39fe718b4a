"""What belongs to another shop is not there: not to be seen, not to be changed, by any page of staff."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlmodel import SQLModel, select

from returns_service.domain.actor import Actor
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.pages.console.moves import MOVES
from returns_service.store import outbox
from returns_service.store.tables import (
    Photo,
    ReturnCase,
    UnexpectedParcel,
)
from returns_service.usecases.create_key import create_key
from returns_service.usecases.create_staff import create_staff
from returns_service.usecases.keep_endpoints import add_endpoint
from returns_service.usecases.open_case import open_case
from returns_service.usecases.runtime import Runtime
from tests.ground.runtime import NOON
from tests.pages.staff.conftest import PASSWORD, Worker
from tests.shop import a_shop, example_order, put

SECRET = "zoe@elsewhere.example"
WORDS = {
    "name": tuple(MOVES),
    "deed": ("retry", "park", "enable", "disable", "remove", "rotate", "role", "badge", "password"),
}
"""What stands in an address for something to be done."""
FIELDS = (
    *("reason", "message", "text", "note", "ask_message", "reject_message", "internal", "assignee"),
    *(
        "resolve_note",
        "claim_note",
        "cancel_reason",
        "lost_reason",
        "evidence_note",
        "evidence_type",
        "address",
    ),
)


@pytest.fixture
def theirs(ours: Runtime) -> dict[str, str]:
    """Another shop with one of each; the words that name them in addresses."""
    with ours.db.begin() as session:
        shop = a_shop(session, now=NOON, slug="elsewhere").id
        actor = Actor(shop, "staff", "Zoe", frozenset({"admin"}))
        body = example_order({"1": 2}, number="7007", customer={"email": SECRET, "name": "Zoe Elsewhere"})
        put(session, body, actor=actor, now=NOON, order_id="7007")
        user, _ = create_staff(
            session, shop, email=SECRET, name="Zoe", role="administrator", password=PASSWORD, now=NOON
        )
        key, _ = create_key(session, shop, name="k", scopes=["admin"], now=NOON)
        endpoint, _ = add_endpoint(session, "https://elsewhere.example/hook", actor=actor, now=NOON)
        parcel = UnexpectedParcel(shop_id=shop, lines=[], actor=actor.body(), at=NOON)
        photo = Photo(shop_id=shop, path="x.jpg", content_type="image/jpeg", size=1, width=1, height=1, sha256="x", actor=actor.body(), at=NOON)  # fmt: skip
        session.add_all([parcel, photo])
        dead = outbox.add(session, "event", "x", shop_id=shop, now=NOON)
        dead.state = "dead"
    with ours.db.begin() as session:
        wish = ReturnRequest((RequestLine("1", 1, "changed_mind"),))
        case = open_case(session, "7007", wish, actor=actor, now=NOON, request_review=True).row
    ids: dict[str, Any] = {
        "user_id": user,
        "key_id": key,
        "endpoint_id": endpoint,
        "parcel_id": parcel,
        "photo_id": photo,
    }
    rows = {name: str(row.id) for name, row in ids.items()} | {
        "row_id": str(dead.id),
        "case_id": str(case.id),
    }
    return {**rows, "number": case.number, "notice_id": str(case.id), "refund_id": str(case.id)}


def everything(ours: Runtime) -> dict[str, list[Any]]:
    """Every row of every table that belongs to the other shop."""
    with ours.db.read() as session:
        shop = session.exec(select(ReturnCase.shop_id).where(ReturnCase.email == SECRET)).one()
        tables = [one for one in SQLModel.metadata.sorted_tables if "shop_id" in one.columns]
        return {
            table.name: sorted(map(repr, session.execute(table.select().where(table.c.shop_id == shop))))
            for table in tables
        }


def addresses(app: Flask, face: str, theirs: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Method and path of every page of a face about something that the other shop has."""
    for rule in app.url_map.iter_rules():
        named, other = rule.arguments & set(theirs), rule.arguments - set(theirs)
        if rule.rule.split("/")[1] != face or not named:
            continue
        for word in WORDS.get(next(iter(other), ""), ("x",)):
            with app.test_request_context():
                built = rule.build({name: theirs.get(name, word) for name in rule.arguments})
            assert built is not None
            yield from ((method, built[1]) for method in ("GET", "POST") if method in (rule.methods or ()))


@pytest.mark.parametrize(("face", "at_least"), [("console", 40), ("warehouse", 4)])
def test_nothing_of_another_shop_is_seen_or_changed(
    worker: Callable[[], Worker], ours: Runtime, theirs: dict[str, str], face: str, at_least: int
) -> None:
    someone, before = worker(), everything(ours)
    someone.see(f"/{face}/sign-in")
    boss: dict[str, Any] = {"email": "administrator@example.com", "password": PASSWORD}
    hand: dict[str, Any] = {"station": "Bench 1", "badge": "B-1", "pin": "2468"}
    someone.send(f"/{face}/sign-in", shop="demo", **(boss if face == "console" else hand))
    someone.see("/console/me" if face == "console" else "/warehouse/")
    said: dict[str, Any] = dict.fromkeys(FIELDS, "x") | dict.fromkeys(
        ("event_id", "refund_id", "notice_id"), theirs["case_id"]
    )
    tried = list(addresses(someone.browser.application, face, theirs))
    for method, path in tried:
        answer = someone.see(path) if method == "GET" else someone.send(path, role="reviewer", **said)
        assert answer.status_code in (404, 409, 422), path
        assert SECRET not in answer.text, path
    assert len(tried) >= at_least
    assert everything(ours) == before


def test_many_cases_at_once_are_those_of_the_own_shop(
    worker: Callable[[], Worker], ours: Runtime, theirs: dict[str, str]
) -> None:
    someone, before = worker(), everything(ours)
    someone.see("/console/sign-in")
    boss: dict[str, Any] = {"email": "administrator@example.com", "password": PASSWORD}
    someone.send("/console/sign-in", shop="demo", **boss)
    someone.see("/console/me")
    for sure in ("", "1"):
        answer = someone.send("/console/bulk", deed="approve", sure=sure, number=theirs["number"])
        assert SECRET not in answer.text
    assert everything(ours) == before
