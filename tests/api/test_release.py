"""Money above the shop's limit needs a second person, not a second key."""

import pytest
from sqlmodel import func, select

from returns_service.store.tables import Shop, Tender
from returns_service.usecases.verify_ledger import verify_ledger
from tests.api.client import Api, Behind


@pytest.fixture
def held(behind: Behind) -> tuple[Api, str]:
    """A case whose refund waits for its release; Ana asked for the money."""
    with behind.runtime.db.begin() as session:
        shop = session.get_one(Shop, behind.shops["demo"])
        shop.settings = {**shop.settings, "release_above": {"EUR": "1.00"}}
    api = behind.key("admin")
    api.order()
    case = api.open_case()
    at, line = f"/v1/returns/{case['id']}", case["lines"][0]["id"]
    case = api.post(f"{at}/receive", {"lines": [{"line_id": line, "quantity": 1}]}).json
    case = api.post(f"{at}/advance", match=case["version"], headers={"Returns-Actor": "Ana"}).json
    (refund,) = case["refunds"]
    assert refund["state"] == "awaiting_release"
    return api, f"/v1/refunds/{refund['id']}/release"


def test_whoever_asked_for_the_money_cannot_release_it_with_another_key_either(held: tuple[Api, str]):
    api, release = held
    for key in (api, api.behind.key("staff")):
        answer = key.post(release, headers={"Returns-Actor": "Ana"})
        assert (answer.status_code, answer.json["code"]) == (403, "second_person")


def test_another_person_releases_it_once(held: tuple[Api, str]):
    api, release = held
    first, again = (api.post(release, headers={"Returns-Actor": "Ben"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json["refunds"][0]["state"] == "pending"
    assert first.json["version"] == again.json["version"]


def test_programs_that_name_nobody_are_one_person(behind: Behind, held: tuple[Api, str]):
    api, _ = held
    api.order("1002")
    case = api.open_case("1002")
    at, line = f"/v1/returns/{case['id']}", case["lines"][0]["id"]
    case = api.post(f"{at}/receive", {"lines": [{"line_id": line, "quantity": 1}]}).json
    case = api.post(f"{at}/advance", match=case["version"]).json
    release = f"/v1/refunds/{case['refunds'][0]['id']}/release"
    assert behind.key("staff").post(release).json["code"] == "second_person"


def test_who_does_not_release_it_may_say_that_it_is_not_owed(behind: Behind, held: tuple[Api, str]):
    api, release = held
    dropped = {"outcome": "dropped", "note": "Ana counted twice."}
    resolve = release.replace("/release", "/resolve")
    answer = api.post(resolve, {**dropped, "outcome": "retry"}, headers={"Returns-Actor": "Ben"})
    assert (answer.status_code, answer.json["code"]) == (409, "illegal_move")
    answer = api.post(resolve, dropped, headers={"Returns-Actor": "Ben"})
    assert (answer.status_code, answer.json["refunds"][0]["state"]) == (200, "failed")
    assert api.post(release, headers={"Returns-Actor": "Ben"}).status_code == 409
    with behind.runtime.db.read() as session:
        assert session.exec(select(func.sum(Tender.reserved))).one() == 0
        assert verify_ledger(session).problems == []
