"""A person's decision names the version it was based on."""

import pytest

from tests.api.client import Api

REQUIRED = {
    "approve": {}, "reject": {"code": "other", "message": "No."}, "ask": {"message": "Why?"}, "answer": {"message": "So."},
    "cancel": {}, "override": {"reason": "Kind."}, "settle": {}, "advance": {},
}  # fmt: skip
OPTIONAL = {"ship": {}, "evidence": {"type": "carrier_scan"}}


@pytest.fixture
def case(api: Api) -> dict:
    api.order()
    return api.open_case()


def test_every_answer_with_a_case_says_its_version(api: Api, case: dict):
    answer = api.get(f"/v1/returns/{case['id']}")
    assert answer.headers["ETag"] == f'"{answer.json["version"]}"'


@pytest.mark.parametrize("move", list(REQUIRED))
def test_a_decision_without_a_version(api: Api, case: dict, move: str):
    answer = api.post(f"/v1/returns/{case['id']}/{move}", REQUIRED[move])
    assert (answer.status_code, answer.json["code"]) == (428, "if_match_required")


@pytest.mark.parametrize("move", [*REQUIRED, *OPTIONAL])
def test_a_stale_version_is_told_before_the_move_is_judged(api: Api, case: dict, move: str):
    body = {**REQUIRED, **OPTIONAL}[move]
    answer = api.post(f"/v1/returns/{case['id']}/{move}", body, match=case["version"] + 1)
    assert (answer.status_code, answer.json["code"]) == (412, "stale_version")
    assert answer.json["version"] == case["version"]


@pytest.mark.parametrize("tag", ['W/"1"', "1", '"x"', '"1", "2"'])
def test_a_tag_that_is_not_a_version_matches_nothing(api: Api, case: dict, tag: str):
    answer = api.post(f"/v1/returns/{case['id']}/cancel", headers={"If-Match": tag})
    assert answer.status_code == 412


def test_any_version_is_no_version(api: Api, case: dict):
    assert api.post(f"/v1/returns/{case['id']}/cancel", headers={"If-Match": "*"}).status_code == 400


def test_a_message_raises_the_version_and_is_never_refused_for_it(api: Api, case: dict):
    at = f"/v1/returns/{case['id']}"
    api.post(f"{at}/messages", {"message": "Hello"}, match=99)
    assert api.get(at).json["version"] == case["version"] + 1
    assert api.post(f"{at}/cancel", match=case["version"]).status_code == 412


def test_a_move_that_is_already_done_records_nothing(api: Api, case: dict):
    at = f"/v1/returns/{case['id']}"
    done = api.post(f"{at}/cancel", match=case["version"]).json
    again = api.post(f"{at}/cancel", match=done["version"])
    assert (again.status_code, again.json["version"]) == (200, done["version"])
