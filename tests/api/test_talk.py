"""Conversation, objections, ratings, unknown parcels."""

import pytest

from tests.api.client import Api, Behind


@pytest.fixture
def at(api: Api) -> str:
    api.order()
    return f"/v1/returns/{api.open_case()['id']}"


def _rejected(api: Api) -> str:
    api.order()
    case = api.open_case(request_review=True)
    at = f"/v1/returns/{case['id']}"
    api.post(f"{at}/reject", {"code": "other", "message": "No."}, match=case["version"])
    return at


def test_a_message_counts_and_is_an_event(api: Api, at: str):
    answer = api.post(f"{at}/messages", {"message": "Where do I send it? <b>\n请问"})
    assert answer.status_code == 201
    case = api.get(at)
    assert (case.json["messages"], case.headers["ETag"]) == (1, answer.headers["ETag"])
    assert api.get(f"{at}/messages").json["items"] == [answer.json]
    assert api.get(f"{at}/events").json["items"][-1]["type"] == "message.posted"


def test_an_internal_note_is_not_an_event_for_the_customer(api: Api, at: str):
    before = api.get(at).json
    api.post(f"{at}/messages", {"message": "Careful.", "internal": True})
    after = api.get(at).json
    assert (after["messages"], after["version"]) == (before["messages"], before["version"])


@pytest.mark.parametrize("message", ["", "   ", "a\x00b", "x" * 5001, 5, None])
def test_a_message_says_something(api: Api, at: str, message: object):
    assert api.post(f"{at}/messages", {"message": message}).status_code == 422
    assert (
        api.post(f"{at}/messages", {"message": "Look", "photos": ["nonsense"]}).json["code"]
        == "unknown_photo"
    )


def test_an_objection_is_against_a_decision_and_is_answered_once(api: Api):
    at = _rejected(api)
    text = {"text": "It was broken when it came.", "wish": "My money."}
    first = api.post(f"{at}/objections", text)
    assert (first.status_code, first.json["state"]) == (201, "open")
    assert api.post(f"{at}/objections", text).json["code"] == "objection_open"
    answer = f"{at}/objections/{first.json['id']}/answer"
    granted = api.post(answer, {"granted": True, "answer": "You are right."})
    assert (granted.status_code, granted.json["state"]) == (200, "granted")
    again = api.post(answer, {"granted": False, "answer": "No."})
    assert (again.status_code, again.json["code"]) == (409, "illegal_move")
    assert api.get(f"{at}/objections").json["items"][0]["answer"] == "You are right."
    types = [event["type"] for event in api.get(f"{at}/events").json["items"]]
    assert types[-2:] == ["objection.raised", "objection.answered"]


def test_nothing_is_decided_yet(api: Api, at: str):
    assert api.post(f"{at}/objections", {"text": "No!"}).json["code"] == "not_decided"


@pytest.mark.parametrize(("kind", "score"), [("csat", 0), ("csat", 6), ("ces", 8), ("nps", 11), ("nps", -1)])
def test_a_score_is_on_its_scale(api: Api, at: str, kind: str, score: int):
    assert api.post(f"{at}/ratings", {"kind": kind, "score": score}).status_code == 422


def test_a_question_is_answered_once(api: Api, at: str):
    assert api.post(f"{at}/ratings", {"kind": "nps", "score": 0}).status_code == 201
    assert api.post(f"{at}/ratings", {"kind": "csat", "score": 5}).status_code == 201
    assert api.post(f"{at}/ratings", {"kind": "csat", "score": 1}).json["code"] == "already_rated"
    assert len(api.get(f"{at}/ratings").json["items"]) == 2


def test_a_parcel_without_a_case_is_kept_apart(api: Api):
    answer = api.post(
        "/v1/parcels", {"tracking_number": "0034", "lines": [{"sku": "SHIRT-M", "quantity": 2}]}
    )
    assert (answer.status_code, answer.json["state"]) == (201, "open")
    assert api.post("/v1/parcels", {}).json["code"] == "empty"


def test_a_slip_is_a_pdf(api: Api, at: str):
    answer = api.get(f"{at}/slip.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_the_storefront_attaches_its_label(api: Api, at: str):
    label = {"url": "https://carrier.example/1.pdf", "carrier": "dhl", "tracking_number": "0034"}
    assert api.post(f"{at}/label", label).json["label"]["url"] == label["url"]
    assert api.post(f"{at}/label", {"url": "javascript:alert(1)"}).status_code == 422


def test_who_says_it(behind: Behind):
    admin, storefront = behind.key("admin"), behind.key("returns:write")
    admin.order()
    at = f"/v1/returns/{admin.open_case()['id']}/messages"
    said = {"message": "Hello"}
    assert admin.post(at, said).json["author"]["kind"] == "staff"
    assert admin.post(at, said | {"author": "customer"}).json["author"]["kind"] == "customer"
    ana = storefront.post(at, said, headers={"Returns-Actor": "Ana"}).json
    assert ana["author"] == {"kind": "customer", "name": "Ana"}
    assert storefront.post(at, said | {"author": "staff"}).json["code"] == "missing_scope"
