"""The same request twice has one effect and one answer; on both databases, also at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import func, select

from returns_service.store.tables import IdempotencyKey, ReturnCase
from tests.api.client import Api, Behind, wish


def _cases(behind: Behind) -> int:
    with behind.runtime.db.read() as session:
        return session.exec(select(func.count()).select_from(ReturnCase)).one()


@pytest.fixture
def api(behind_both: Behind) -> Api:
    return behind_both.key("admin")


def test_a_repeat_gets_the_first_answer_byte_by_byte(api: Api):
    api.order()
    first, again = (api.post("/v1/returns", wish(), key="once") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert first.headers["ETag"] == again.headers["ETag"]
    assert first.headers["Location"] == again.headers["Location"]
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (
        None,
        "true",
    )
    assert _cases(api.behind) == 1


def test_the_order_of_members_does_not_make_it_another_request(api: Api):
    api.order()
    body = wish()
    api.post("/v1/returns", body, key="once")
    assert (
        api.post("/v1/returns", dict(reversed(body.items())), key="once").headers["Idempotency-Replayed"]
        == "true"
    )


def test_the_same_key_for_another_request_is_refused(api: Api):
    api.order()
    case = api.post("/v1/returns", wish(), key="once").json
    for path, body in (("/v1/returns", wish(quantity=2)), (f"/v1/returns/{case['id']}/ship", {})):
        answer = api.post(path, body, key="once")
        assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused"), path
    assert _cases(api.behind) == 1


def test_a_refused_request_keeps_no_key(api: Api):
    api.order()
    assert api.post("/v1/returns", wish(quantity=9), key="once").status_code == 422
    assert api.post("/v1/returns", wish(), key="once").status_code == 201


def test_where_units_or_money_are_touched_a_key_is_needed(api: Api):
    api.order()
    case = api.open_case()
    at = f"/v1/returns/{case['id']}"
    for path in (
        "/v1/returns",
        f"{at}/receive",
        f"{at}/inspect",
        f"{at}/settle",
        f"{at}/advance",
        f"{at}/choose",
    ):
        body = wish() if path == "/v1/returns" else {"line_id": "x", "resolution": "refund"}
        body = {"lines": [{"line_id": "x", "quantity": 1}]} if path.endswith("receive") else body
        body = {"lines": [{"line_id": "x", "units": [{"quantity": 1}]}]} if path.endswith("inspect") else body
        body = {} if path.endswith(("settle", "advance")) else body
        answer = api.post(path, body, key=None, match=case["version"])
        assert (answer.status_code, answer.json["code"]) == (400, "idempotency_key_missing"), path


@pytest.mark.parametrize("key", ["k" * 256, "a b", "ä", "a\tb", "", '"'])
def test_a_key_that_cannot_be_one(api: Api, key: str):
    answer = api.post("/v1/returns", wish(), key=key)
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency_key")


def test_the_key_of_one_shop_is_not_the_key_of_another(api: Api):
    api.behind.shop("other")
    other = api.behind.key("admin", shop="other")
    for one in (api, other):
        one.order()
        assert "Idempotency-Replayed" not in one.post("/v1/returns", wish(), key="once").headers


def test_a_move_that_is_repeated_after_its_version_is_stale_is_replayed(api: Api):
    api.order()
    case = api.open_case()
    at, version = f"/v1/returns/{case['id']}/cancel", case["version"]
    first = api.post(at, match=version, key="once")
    again = api.post(at, match=version, key="once")
    assert (first.status_code, again.status_code, first.data) == (200, 200, again.data)


def test_after_thirty_days_a_key_is_free_again(api: Api):
    api.order()
    case = api.open_case()
    api.post(f"/v1/returns/{case['id']}/messages", {"message": "Hello"}, key="once")
    api.behind.clock.turn(days=31)
    again = api.post(f"/v1/returns/{case['id']}/messages", {"message": "Hello"}, key="once")
    assert (again.status_code, again.headers.get("Idempotency-Replayed")) == (201, None)


def _together(count: int, call: object) -> list:
    barrier = threading.Barrier(count)

    def run(i: int) -> object:
        barrier.wait()
        return call(i)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_many_at_once_with_one_key_have_one_effect(api: Api):
    api.order()
    assert api.behind.app
    found = _together(12, lambda _: api.post("/v1/returns", wish(), key="once"))
    assert {answer.status_code for answer in found} == {201}
    assert len({answer.data for answer in found}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in found) == 1
    assert _cases(api.behind) == 1


def test_many_at_once_for_the_last_unit_have_one_winner(api: Api):
    api.order(lines={"1": 1})
    assert api.behind.app
    found = _together(12, lambda i: api.post("/v1/returns", wish(), key=f"mine-{i}"))
    assert sorted(answer.status_code for answer in found) == [201] + [409] * 11
    assert {answer.json["code"] for answer in found if answer.status_code == 409} == {"units_held"}
    with api.behind.runtime.db.read() as session:
        assert session.exec(select(func.count()).select_from(IdempotencyKey)).one() == 1


def test_of_two_reviewers_one_decides_and_the_other_is_told(api: Api):
    api.order()
    case = api.open_case(request_review=True)
    calls = [("approve", {}), ("reject", {"code": "other", "message": "No."})]
    at, version = f"/v1/returns/{case['id']}", case["version"]
    assert case["state"] == "requested"
    found = _together(2, lambda i: api.post(f"{at}/{calls[i][0]}", calls[i][1], match=version))
    assert sorted(answer.status_code for answer in found) == [200, 412]


def test_a_secret_is_in_the_first_answer_only(api: Api):
    body = {"name": "Shop", "scopes": ["returns:read"]}
    first, again = (api.post("/v1/keys", body, key="once").json for _ in range(2))
    assert first["key"].startswith("rk_")
    assert again == first | {"key": None}
    with api.behind.runtime.db.read() as session:
        assert first["key"] not in session.exec(select(IdempotencyKey)).one().body
