"""The main job through the API alone."""

from tests.api.client import Api, Behind, wish


def test_a_return_travels_from_the_first_question_to_the_money(api: Api):
    assert api.order()["fulfilment_state"] == "delivered"
    returnable = api.get("/v1/orders/1001/returnable").json
    assert returnable["lines"][0]["returnable_quantity"] == 2
    preview = api.post("/v1/returns/preview", wish()).json
    assert preview["eligible"], preview["lines"][0]["refusals"]
    case = api.open_case()
    if case["state"] == "requested":
        case = api.post(f"/v1/returns/{case['id']}/approve", match=case["version"]).json
    at = f"/v1/returns/{case['id']}"
    assert (
        api.post(f"{at}/ship", {"carrier": "dhl", "tracking_number": "0034"}).json["state"] == "shipped_back"
    )
    line = case["lines"][0]["id"]
    case = api.post(f"{at}/receive", {"lines": [{"line_id": line, "quantity": 1}]}).json
    assert case["state"] == "received"
    units = [{"quantity": 1, "grade": "A", "findings": ["intact"], "disposition": "restock"}]
    case = api.post(f"{at}/inspect", {"lines": [{"line_id": line, "units": units}]}).json
    if case["state"] == "inspected":
        case = api.post(f"{at}/settle", match=case["version"]).json
    assert case["state"] == "settling", case
    for refund in case["refunds"]:
        case = api.post(
            f"/v1/refunds/{refund['id']}/confirm", {"reference": f"re-{refund['payment_id']}"}
        ).json
    assert case["state"] == "refunded"
    assert case["quote"]["total"] == preview["quote"]["total"]
    events = api.get(f"{at}/events").json["items"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["type"] == "return.requested"
    assert events[-1]["type"] == "return.refunded"


def test_what_a_program_sees_is_what_the_journey_did(behind: Behind):
    assert behind.key("returns:read").get("/v1/events").json == {"items": [], "next": None, "has_more": False}
