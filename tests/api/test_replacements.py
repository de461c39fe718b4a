"""Goods that go out, as a storefront programs against them: in advance, held, charged, sent, failed."""

from typing import Any

from tests.api.client import Api


def in_advance(api: Api) -> tuple[str, dict[str, Any]]:
    """A replacement that staff send before the return is in; the case's address and the goods."""
    api.order()
    case = api.open_case(line={"reason": "defective", "resolution": "replacement"}, request_review=True)
    at = f"/v1/returns/{case['id']}"
    if case["state"] == "requested":
        case = api.post(f"{at}/approve", match=case["version"]).json
    answer = api.post(f"{at}/advance", match=case["version"])
    assert answer.status_code == 200, answer.json
    (goods,) = answer.json["replacements"]
    return at, goods


def test_goods_in_advance_are_offered_to_the_storefront_with_what_they_are_worth(api: Api):
    at, goods = in_advance(api)
    assert (goods["state"], goods["security"], goods["secured"]) == ("requested", "obligation", "20.00")
    told = [
        event for event in api.get("/v1/events").json["items"] if event["type"] == "replacement.requested"
    ]
    assert told[0]["data"]["replacement_id"] == goods["id"]
    shipped = api.post(f"/v1/replacements/{goods['id']}/ship", {"carrier": "dhl", "tracking_number": "9"})
    assert (shipped.status_code, shipped.json["replacements"][0]["state"]) == (200, "shipped")
    assert shipped.json["state"] == "approved"
    sums = {entry["kind"]: entry["amount"] for entry in api.get(f"{at}/ledger").json["sums"]}
    assert sums["secured"] == "20.00"


def test_what_was_not_agreed_is_neither_held_nor_charged_nor_paid(api: Api):
    _, goods = in_advance(api)
    at = f"/v1/replacements/{goods['id']}"
    held = api.post(f"{at}/secured", {"reference": "hold_1"})
    assert (held.status_code, held.json["code"]) == (409, "nothing_to_hold")
    paid = api.post(f"{at}/paid", {"amount": "0.00", "reference": "pay_1"})
    assert (paid.status_code, paid.json["code"]) == (409, "nothing_due")
    above = api.post(f"{at}/charged", {"amount": "20.01", "reference": "ch_1"})
    assert (above.status_code, above.json["errors"][0]["code"]) == (422, "amount")
    for unknown in (
        {"amount": "20.00"},
        {"amount": "20,00", "reference": "x"},
        {"amount": 20, "reference": "x"},
    ):
        assert api.post(f"{at}/charged", unknown).status_code == 422


def test_a_charge_is_noted_once_and_is_a_payment_of_the_order(api: Api):
    at, goods = in_advance(api)
    api.post(f"/v1/replacements/{goods['id']}/ship", {})
    said = {"amount": "20.00", "reference": "ch_1", "gateway": "storefront"}
    for key in ("a", "b"):
        assert api.post(f"/v1/replacements/{goods['id']}/charged", said, key=key).status_code == 200
    entries = [entry for entry in api.get(f"{at}/ledger").json["entries"] if entry["kind"] == "recovered"]
    assert [(entry["amount"], entry["payment_reference"]) for entry in entries] == [("20.00", "ch_1")]


def test_goods_that_cannot_go_out_in_advance_wait_for_the_return(api: Api):
    at, goods = in_advance(api)
    failed = api.post(f"/v1/replacements/{goods['id']}/fail", {"reason": "none left"})
    assert failed.json["replacements"][0]["state"] == "cancelled"
    again = api.post(f"/v1/replacements/{goods['id']}/fail", {"reason": "none left"}, key="again")
    assert again.status_code == 200
    late = api.post(f"/v1/replacements/{goods['id']}/ship", {})
    assert (late.status_code, late.json["code"]) == (409, "illegal_move")
    assert api.get(at).json["state"] == "approved"
