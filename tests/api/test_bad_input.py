"""What bad input gets: each the status and code of the design, with nothing written."""

import pytest
from sqlmodel import func, select

from returns_service.store.tables import EventRow, OrderRow, OutboxRow, ReturnCase
from tests.api.client import Api, Behind, wish
from tests.shop import example_order


def _rows(behind: Behind) -> list[int]:
    with behind.runtime.db.read() as session:
        tables = (OrderRow, ReturnCase, EventRow, OutboxRow)
        return [session.exec(select(func.count()).select_from(table)).one() for table in tables]


def _refused(api: Api, status: int, code: str, pointer: str | None, *call: str, **kwargs: object) -> None:
    before = _rows(api.behind)
    answer = api.call(*call, **kwargs)
    assert (answer.status_code, _code(answer.json)) == (status, code), answer.json
    if pointer is not None:
        assert pointer in [fault["pointer"] for fault in answer.json["errors"]]
    assert _rows(api.behind) == before


def _code(problem: dict) -> str:
    """The code of the only fault, or of the problem."""
    faults = problem.get("errors", [])
    return faults[0]["code"] if problem["code"] == "invalid" else problem["code"]


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        (0, "quantity"),
        (-1, "quantity"),
        (1.5, "integer"),
        ("1", "integer"),
        (True, "integer"),
        (10**30, "quantity"),
    ],
)
def test_a_quantity_is_a_whole_number_from_one(api: Api, quantity: object, code: str):
    api.order()
    _refused(api, 422, code, "/lines/0/quantity", "POST", "/v1/returns", json=wish(quantity=quantity))


def test_more_than_was_ordered(api: Api):
    api.order()
    _refused(api, 422, "quantity", "/lines/0/quantity", "POST", "/v1/returns", json=wish(quantity=3))


def test_the_same_line_twice_is_one_line(api: Api):
    api.order()
    line = wish()["lines"][0]
    case = api.open_case(lines=[line, line])
    assert [part["quantity"] for part in case["lines"]] == [2]
    _refused(api, 409, "units_held", None, "POST", "/v1/returns", json=wish())


def test_the_same_line_twice_is_counted_together(api: Api):
    api.order()
    line = wish(quantity=2)["lines"][0]
    _refused(api, 422, "quantity", None, "POST", "/v1/returns", json=wish(lines=[line, line]))


def test_an_unknown_order(api: Api):
    _refused(api, 404, "not_found", None, "POST", "/v1/returns", json=wish("nope"))
    _refused(api, 404, "not_found", None, "GET", "/v1/orders/nope")
    _refused(api, 404, "not_found", None, "GET", "/v1/orders/nope/returnable")


def test_a_line_of_another_order(api: Api):
    api.order("1001", {"1": 2})
    api.order("1002", {"L2": 2})
    before = _rows(api.behind)
    answer = api.post("/v1/returns", wish(line={"order_line_id": "L2"}))
    assert answer.status_code in (404, 422)
    assert "Shirt L2" not in answer.text
    assert _rows(api.behind) == before


@pytest.mark.parametrize(
    "amount",
    [
        "1,00",
        "1.005",
        "NaN",
        "-1.00",
        "1e3",
        "",
        " 1.00",
        "1.",
        ".5",
        "00.10",
        1.0,
        1,
        None,
        "1_000",
        "１.00",
    ],
)
def test_an_amount_is_a_decimal_string(api: Api, amount: object):
    body = example_order({"1": 2})
    body["lines"][0]["unit_price"] = amount
    code = "null_not_allowed" if amount is None else "amount"
    _refused(api, 422, code, "/lines/0/unit_price", "PUT", "/v1/orders/1001", json=body)


def test_a_currency_without_decimals_takes_none(api: Api):
    body = example_order({"1": 2}, currency="JPY")
    _refused(api, 422, "amount", "/lines/0/unit_price", "PUT", "/v1/orders/1001", json=body)


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"country": "XX"}, "/country", "country"),
        ({"country": "de"}, "/country", "country"),
        ({"currency": "ABC"}, "/currency", "currency"),
        ({"placed_at": "2026-10-01T09:30:00"}, "/placed_at", "instant"),
        ({"placed_at": "yesterday"}, "/placed_at", "instant"),
        ({"placed_at": 1790000000}, "/placed_at", "instant"),
        ({"placed_at": "2026-02-30T09:30:00Z"}, "/placed_at", "instant"),
        ({"placed_at": "0001-01-01T00:00:00+14:00"}, "/placed_at", "instant"),
        ({"number": "a\u0000b"}, "/number", "text"),
        ({"number": ""}, "/number", "too_short"),
        ({"number": "n" * 101}, "/number", "too_long"),
        ({"state": "refunded"}, "/state", "unknown_field"),
        ({"shop_id": "other"}, "/shop_id", "unknown_field"),
        ({"tags": ["t"] * 101}, "/tags", "too_many"),
        ({"lines": []}, "/lines", "too_few"),
        ({"lines": {}}, "/lines", "type"),
        ({"customer": {"email": "nobody"}}, "/customer/email", "email"),
        ({"customer": []}, "/customer", "type"),
        ({"attributes": {"a": {"b": 1}}}, "/attributes", "type"),
        ({"attributes": {"a": 10**30}}, "/attributes", "out_of_range"),
        ({"tax_included": "yes"}, "/tax_included", "type"),
        ({"discounts": [{"amount": "1000.00"}]}, "/discounts", "amount"),
    ],
)
def test_a_snapshot_that_cannot_be_accepted(api: Api, changes: dict, pointer: str, code: str):
    _refused(api, 422, code, pointer, "PUT", "/v1/orders/1001", json=example_order({"1": 2}) | changes)


def test_a_snapshot_whose_parts_disagree(api: Api):
    body = example_order({"1": 2})
    body["lines"].append(dict(body["lines"][0]))
    body["fulfilments"][0]["lines"] = [{"line_id": "1", "quantity": 3}, {"line_id": "9", "quantity": 1}]
    body["payments"][0]["refunded"] = "999.00"
    answer = api.put("/v1/orders/1001", body)
    found = {(fault["pointer"], fault["code"]) for fault in answer.json["errors"]}
    assert found == {
        ("/lines/1/id", "duplicate"),
        ("/fulfilments/0/lines/0/quantity", "quantity"),
        ("/fulfilments/0/lines/1/line_id", "unknown_line"),
        ("/payments/0/refunded", "amount"),
    }


def test_an_older_snapshot(api: Api):
    api.order(updated_at="2026-10-06T10:00:00Z")
    older = example_order({"1": 2}, updated_at="2026-10-06T09:00:00Z", tags=["new"])
    _refused(api, 409, "stale_snapshot", None, "PUT", "/v1/orders/1001", json=older)


def test_a_snapshot_cannot_take_away_units_that_a_return_holds(api: Api):
    api.order()
    api.open_case(quantity=2)
    _refused(api, 409, "relied_upon", None, "PUT", "/v1/orders/1001", json=example_order({"1": 1}))


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b'{"order_id": "1", "order_id": "2"}', 400, "duplicate_key"),
        (b'{"lines": [{"quantity": 1, "quantity": 9}]}', 400, "duplicate_key"),
        (b"order_id=1", 400, "malformed"),
        (b"", 400, "malformed"),
        (b'{"order_id": NaN}', 400, "malformed"),
        (b'{"order_id": Infinity}', 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b'{"a":' * 5000, 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
        (b'{"n": ' + b"9" * 5000 + b"}", 400, "malformed"),
        (b"[]", 422, "type"),
        (b"null", 422, "type"),
        (b'"text"', 422, "type"),
    ],
)
def test_a_body_that_is_not_an_object_in_json(api: Api, raw: bytes, status: int, code: str):
    kwargs = {"data": raw, "headers": {"Content-Type": "application/json"}}
    _refused(api, status, code, None, "POST", "/v1/returns", **kwargs)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/json; charset=utf-16"]
)
def test_a_body_of_another_type(api: Api, kind: str):
    kwargs = {"data": b"{}", "headers": {"Content-Type": kind}}
    _refused(api, 415, "unsupported_type", None, "POST", "/v1/returns", **kwargs)


def test_a_body_that_is_too_large(api: Api):
    kwargs = {"data": b" " * (3 * 1024 * 1024), "headers": {"Content-Type": "application/json"}}
    _refused(api, 413, "too_large", None, "POST", "/v1/returns", **kwargs)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?sort=created_at;drop", "not_allowed"),
        ("?color=red", "unknown_parameter"),
        ("?limit=0", "out_of_range"),
        ("?limit=201", "out_of_range"),
        ("?limit=1e2", "out_of_range"),
        ("?limit=5&limit=6", "duplicate"),
        ("?state=lost", "not_allowed"),
        ("?cursor=nonsense", "cursor"),
        ("?q=%00", "text"),
        ("?created_after=now", "instant"),
    ],
)
def test_a_query_that_is_not_known(api: Api, query: str, code: str):
    pointer = query.split("=")[0]
    _refused(api, 422, code, pointer, "GET", f"/v1/returns{query}")


@pytest.mark.parametrize("number", ["0" * 5000, "000000001999", "0000000000001999999999"])
def test_a_number_in_an_address_is_short(api: Api, number: str):
    _refused(api, 422, "out_of_range", "?days", "GET", f"/v1/reports/reasons?days=0{number}")
    _refused(api, 422, "out_of_range", "?limit", "GET", f"/v1/returns?limit={number}")
    _refused(api, 404, "not_found", None, "GET", f"/v1/policies/standard/versions/{number}")


def test_unknown_routes_and_methods(api: Api):
    _refused(api, 404, "not_found", None, "GET", "/v1/nothing")
    _refused(api, 404, "not_found", None, "GET", "/v0/returns")
    answer = api.call("DELETE", "/v1/returns")
    assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]
    assert api.call("PATCH", "/v1/returns", headers={"X-HTTP-Method-Override": "POST"}).status_code == 405
    assert api.call("TRACE", "/v1/returns").status_code == 405


def test_an_illegal_move_says_what_is_possible(api: Api):
    api.order()
    case = api.open_case()
    case = api.post(f"/v1/returns/{case['id']}/cancel", match=case["version"]).json
    answer = api.post(f"/v1/returns/{case['id']}/ship")
    assert (answer.status_code, answer.json["code"]) == (409, "illegal_move")
    assert answer.json["state"] == "cancelled"
    assert answer.json["actions"] == ["receive"]


def test_a_request_that_the_policy_refuses_says_why_line_by_line(api: Api):
    api.order(placed_at="2026-01-01T10:00:00Z", fulfilments=[_delivered("2026-01-05T10:00:00Z")])
    answer = api.post("/v1/returns", wish())
    assert (answer.status_code, answer.json["code"]) == (422, "not_eligible")
    assert answer.json["lines"][0]["refusals"][0]["code"] == "window_expired"
    shown = api.behind.key("returns:write").post("/v1/returns", wish()).json
    assert "trace" not in shown["lines"][0]


def test_a_reason_for_other_goods_is_refused_with_its_place(api: Api):
    api.order()
    asked = wish(line={"reason": "incompatible"})
    _refused(api, 422, "reason_not_applicable", "/lines/0/reason", "POST", "/v1/returns", json=asked)
    asked["request_review"] = True
    assert api.post("/v1/returns", asked).json["code"] == "reason_not_applicable"
    asked.pop("request_review")
    told = api.post("/v1/returns/preview", asked).json["lines"][0]
    assert [refusal["code"] for refusal in told["refusals"]] == ["reason_not_applicable"]
    listed = api.get("/v1/orders/1001/returnable").json["lines"][0]["reasons"]
    assert "incompatible" not in [reason["code"] for reason in listed]


def _delivered(at: str) -> dict:
    return {"id": "f1", "shipped_at": at, "delivered_at": at, "lines": [{"line_id": "1", "quantity": 2}]}


def test_a_client_reference_is_used_once(api: Api):
    api.order()
    case = api.open_case(client_reference="web-1")
    answer = api.post("/v1/returns", wish(client_reference="web-1"))
    assert (answer.status_code, answer.json["code"]) == (409, "client_reference_used")
    assert answer.json["existing_id"] == case["id"]


def test_an_instant_of_ones_own_is_for_staff(api: Api):
    api.order()
    body = wish(at="2026-10-06T10:00:00Z")
    storefront = api.behind.key("returns:write")
    assert storefront.post("/v1/returns/preview", body).json["code"] == "missing_scope"
    assert api.post("/v1/returns/preview", body).status_code == 200
    future = wish(at="2026-10-08T10:00:00Z")
    assert api.post("/v1/returns", future).json["code"] == "instant"
    assert api.post("/v1/returns", body).json["created_at"].startswith("2026-10-06T10:00:00")


@pytest.mark.parametrize(
    "body", [{"lines": [{"line_id": "1", "quantity": 1}]}, {"lines": [{"line_id": "x", "quantity": 1}]}]
)
def test_a_line_that_the_case_does_not_have(api: Api, body: dict):
    api.order()
    case = api.open_case()
    answer = api.post(f"/v1/returns/{case['id']}/receive", body)
    assert (answer.status_code, _code(answer.json)) == (422, "unknown_line")
