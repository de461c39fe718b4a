"""What may be asked back, and the ledger of a case down to the gateway's own record."""

from typing import Any

import pytest

from tests.api.client import Api


def case_by_carrier(api: Api) -> dict[str, Any]:
    """A parcel that the carrier lost on its way back: refunded, and to be recovered."""
    api.order()
    case = api.open_case(line={"reason": "defective", "photos": []}, request_review=True)
    at = f"/v1/returns/{case['id']}"
    case = api.post(f"{at}/approve", match=case["version"]).json if case["state"] == "requested" else case
    api.post(f"{at}/ship", {"carrier": "dhl", "tracking_number": "1"})
    return dict(api.post(f"{at}/lost", {"reason": "no scan"}).json)


def test_what_a_carrier_lost_may_be_asked_back_in_parts(api: Api):
    case = case_by_carrier(api)
    (found,) = api.get("/v1/recoveries").json["items"]
    (claim,) = found["claims"]
    assert (found["return_id"], claim["open"]) == (case["id"], claim["claimed"])
    party, half = claim["party"], f"{float(claim['open']) / 2:.2f}"
    said = {"party": party, "outcome": "recovered", "amount": half, "note": "Claim 1"}
    assert api.post(f"/v1/returns/{case['id']}/recovered", said, key="r1").status_code == 200
    refused = api.post(f"/v1/returns/{case['id']}/recovered", {**said, "amount": claim["open"]}, key="r2")
    assert (refused.status_code, refused.json["code"]) == (409, "above_claim")
    rest = f"{float(claim['open']) - float(half):.2f}"
    let_go = {"party": party, "outcome": "forgone", "amount": rest, "note": "not worth it"}
    assert api.post(f"/v1/returns/{case['id']}/recovered", let_go, key="r3").status_code == 200
    assert api.get("/v1/recoveries").json["items"] == []
    assert api.get("/v1/recoveries?party=customer&state=all").json["items"] == []
    (closed,) = api.get(f"/v1/recoveries?state=all&party={party}").json["items"]
    assert closed["claims"][0]["open"] == "0.00"
    types = [event["type"] for event in api.get(f"/v1/returns/{case['id']}/events").json["items"]]
    assert types.count("money.recovered") == 2


def test_the_ledger_leads_to_the_payment_and_the_gateways_key(api: Api):
    case = case_by_carrier(api)
    book = api.get(f"/v1/returns/{case['id']}/ledger").json
    reserved = next(entry for entry in book["entries"] if entry["kind"] == "reserved")
    assert (reserved["payment_reference"], reserved["gateway"]) == ("pay_1", "storefront")
    assert reserved["refund_id"] == case["refunds"][0]["id"]
    sums = {entry["kind"]: entry["amount"] for entry in book["sums"]}
    assert sums["owed"] == case["quote"]["total"]
    assert book["claims"][0]["party"] in ("carrier", "supplier", "customer")


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1,00", "1.234"])
def test_an_amount_that_is_none(api: Api, amount: str):
    case = case_by_carrier(api)
    said = {"party": "carrier", "outcome": "recovered", "amount": amount}
    assert api.post(f"/v1/returns/{case['id']}/recovered", said, key="r").status_code == 422
