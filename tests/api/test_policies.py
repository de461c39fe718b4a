"""Policies over the API: compare, try on the past, publish; and why a case came out as it did."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from returns_service.jobs import relay
from returns_service.jobs import simulations as jobs
from returns_service.store import simulations as store
from returns_service.store.tables import Shop
from returns_service.usecases import run_simulation
from returns_service.usecases.draft_policy import TWO_PEOPLE
from tests.api.client import Api, Behind
from tests.domain.policy.small import ROOT

V = "/v1/policies/standard"


@pytest.fixture
def dearer() -> dict[str, str]:
    """The way back costs one euro more."""
    text = (ROOT / "standard" / "charges.yaml").read_text()
    assert 'EUR: "4.90"' in text
    return {"charges.yaml": text.replace('EUR: "4.90"', 'EUR: "5.90"')}


@pytest.fixture
def cases(api: Api) -> Callable[[int], None]:
    def open_cases(many: int) -> None:
        for number in range(many):
            api.order(f"o-{number}")
            api.open_case(f"o-{number}")

    return open_cases


def publish(api: Api, files: dict, match: object = 1, **more: object):
    return api.post(f"{V}/versions", {"files": files} | more, match=match, headers={"Returns-Actor": "Mia"})


# --- publishing ----------------------------------------------------------------------------------------------------


def test_a_change_is_published_and_holds_for_orders_from_its_date(api: Api, behind: Behind, dearer: dict):
    api.order("before")
    answer = publish(api, dearer, note="The carrier asks for more.")
    assert (answer.status_code, answer.json["version"], answer.headers["ETag"]) == (201, 2, '"2"')
    assert (answer.json["published_by"], answer.json["note"]) == ("Mia", "The carrier asks for more.")
    assert answer.headers["Location"] == f"{V}/versions/2"
    assert 'EUR: "5.90"' in api.get(f"{V}/versions/2").json["files"]["charges.yaml"]
    now = behind.clock()
    later = api.order("after", placed_at=(now + timedelta(minutes=1)).isoformat())
    assert (later["policy"]["version"], api.get("/v1/orders/before").json["policy"]["version"]) == (2, 1)


def test_a_date_to_come_leaves_the_orders_before_it_alone(api: Api, behind: Behind, dearer: dict):
    begins = behind.clock() + timedelta(days=10)
    assert publish(api, dearer, effective_from=begins.isoformat()).json["effective_from"] == begins.strftime(
        "%Y-%m-%dT%H:%M:%S.000Z"
    )
    assert api.get("/v1/policies").json["items"][0]["version"] == 1
    order = api.order("x", placed_at=(behind.clock() + timedelta(days=11)).isoformat())
    assert order["policy"]["version"] == 2


def test_the_date_written_in_the_policy_counts_but_never_reaches_back(api: Api, behind: Behind):
    text = (ROOT / "standard" / "policy.yaml").read_text()
    day = (behind.clock() + timedelta(days=3)).date()
    found = publish(api, {"policy.yaml": f"{text}\neffective_from: {day}\n"})
    assert found.json["effective_from"].startswith(str(day - timedelta(days=1)))  # midnight in Berlin
    back = publish(api, {"policy.yaml": f"{text}\neffective_from: 2020-01-01\n"}, match=2)
    assert back.json["effective_from"] == back.json["created_at"]


def test_the_same_text_again_is_no_new_version(api: Api, dearer: dict):
    publish(api, dearer)
    assert publish(api, dearer, match=2).status_code == 200
    assert len(api.get(f"{V}/versions").json["items"]) == 2


def test_a_stale_change_is_refused_and_one_without_a_version_too(api: Api, dearer: dict):
    publish(api, dearer)
    assert publish(api, dearer, match=1).status_code == 412
    assert publish(api, dearer, match=None).status_code == 428
    assert api.post("/v1/policies/nobody/versions", {"files": dearer}, match=1).status_code == 404


def test_a_wrong_change_says_file_line_and_the_nearest_right_name_and_changes_nothing(api: Api):
    text = (ROOT / "standard" / "charges.yaml").read_text().replace("fault.party", "fault.partie", 1)
    answer = publish(api, {"charges.yaml": text})
    assert answer.status_code == 422
    [fault] = [fault for fault in answer.json["errors"] if "fault.partie" in fault["detail"]]
    assert fault["pointer"] == "/files/charges.yaml"
    assert fault["code"] == "policy_text"
    assert fault["detail"].startswith("Line ")
    assert "'fault.party'" in fault["detail"]
    assert len(api.get(f"{V}/versions").json["items"]) == 1


def test_a_file_may_be_taken_away_but_not_given_any_name(api: Api):
    answer = publish(api, {"examples.yaml": None})
    assert "examples.yaml" not in api.get(f"{V}/versions/{answer.json['version']}").json["files"]
    assert publish(api, {"../x.yaml": "a"}, match=2).json["errors"][0]["code"] == "policy_file"


def test_where_the_shop_wants_two_people_one_key_alone_publishes_nothing(
    api: Api, behind: Behind, dearer: dict
):
    with behind.runtime.db.begin() as session:
        shop = session.get(Shop, behind.shops["demo"])
        shop.settings = {**shop.settings, TWO_PEOPLE: True}
        session.add(shop)
    answer = publish(api, dearer)
    assert (answer.status_code, answer.json["code"]) == (403, "second_person")
    assert len(api.get(f"{V}/versions").json["items"]) == 1


# --- comparing -----------------------------------------------------------------------------------------------------


def test_two_versions_are_compared_by_asking_the_shops_cases(api: Api, cases: Callable, dearer: dict):
    cases(2)
    publish(api, dearer)
    found = api.get(f"{V}/diff", query_string={"old": 1, "new": 2}).json
    assert (found["asked"], found["cases"], found["old"], found["new"]) == ("stored", 2, 1, 2)
    [change] = found["changes"]
    assert (change["kind"], change["what"], change["cases"], change["difference"]) == (
        "money",
        "less",
        2,
        "-2.00",
    )
    assert change["reasons"] == ["changed_mind"]
    assert [file["name"] for file in found["files"]] == ["charges.yaml"]
    assert api.get(f"{V}/diff").json["new"] == 2
    assert api.get(f"{V}/diff", query_string={"old": 1, "new": 9}).status_code == 404


def test_a_shop_without_cases_is_told_by_made_up_ones(api: Api, dearer: dict):
    publish(api, dearer)
    found = api.get(f"{V}/diff").json
    assert found["asked"] == "generated"
    assert found["cases"] >= 200
    assert {change["kind"] for change in found["changes"]} == {"money"}


# --- trying on the past --------------------------------------------------------------------------------------------


def simulate(api: Api, **body: object) -> str:
    answer = api.post(f"{V}/simulate", body)
    assert answer.status_code == 202, answer.json
    assert answer.json["state"] == "waiting"
    assert answer.headers["Location"] == answer.json["links"]["self"]
    return answer.json["links"]["self"]


def test_a_trial_runs_in_the_background_and_tells_how_far_it_is(
    api: Api, behind: Behind, cases: Callable, dearer: dict
):
    cases(3)
    at = simulate(api, files=dearer)
    assert (api.get(at).json["done"], api.get(at).json["cases"]) == (0, 3)
    relay.drain(behind.runtime)
    found = api.get(at).json
    assert (found["state"], found["done"], found["cases"], found["changed"]) == ("done", 3, 3, 3)
    [effect] = found["effects"]
    assert (effect["kind"], effect["difference"], effect["currency"]) == ("money", "-3.00", "EUR")
    assert len(effect["numbers"]) == 3
    assert [one["id"] for one in api.get(f"{V}/simulations").json["items"]] == [found["id"]]


def test_a_worker_that_dies_leaves_a_trial_that_another_one_finishes(
    api: Api, behind: Behind, cases: Callable, dearer: dict, monkeypatch: pytest.MonkeyPatch
):
    cases(5)
    at = simulate(api, files=dearer)
    monkeypatch.setattr(run_simulation, "AT_ONCE", 2)
    monkeypatch.setattr(jobs, "SECONDS", 0.0)  # one slice, then others have their turn
    now = behind.clock()
    with behind.runtime.db.begin() as session:
        claimed = relay.store.claim(session, limit=50, holder="dead", now=now, until=now + relay.LEASE)
    [mine] = [work for work in claimed if work.topic == "simulate"]
    with pytest.raises(jobs.TryLater):
        jobs.try_on_past(behind.runtime, mine)
    assert (api.get(at).json["state"], api.get(at).json["done"]) == ("running", 2)
    behind.clock.turn(seconds=120)
    relay.drain(behind.runtime)
    found = api.get(at).json
    assert (found["state"], found["done"], found["changed"]) == ("done", 5, 5)
    assert found["effects"][0]["difference"] == "-5.00"


def test_two_workers_on_one_trial_count_no_case_twice(
    api: Api, behind: Behind, cases: Callable, dearer: dict
):
    cases(3)
    simulate(api, files=dearer)
    with behind.runtime.db.read() as session:
        [row] = store.newest(session, behind.shops["demo"], "standard", limit=1)
        found = run_simulation.ask_next(session, row, run_simulation.candidate_of(row))
    for expected in (True, False):
        with behind.runtime.db.begin() as session:
            assert run_simulation.keep_progress(session, row, found, now=behind.clock()) is expected


def test_a_text_that_is_no_policy_is_not_tried(api: Api):
    answer = api.post(f"{V}/simulate", {"files": {"policy.yaml": "name: standard\n"}})
    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.json["errors"]} == {"policy_text"}
    assert api.get(f"{V}/simulations").json["items"] == []


def test_a_trial_belongs_to_its_shop(api: Api, behind: Behind, dearer: dict):
    at = simulate(api, files=dearer)
    behind.shop("other")
    assert behind.key("policies", shop="other").get(at).status_code == 404


# --- traces --------------------------------------------------------------------------------------------------------


def test_staff_reads_why_a_case_came_out_as_it_did(api: Api, behind: Behind):
    api.order()
    case = api.open_case()
    found = behind.key("staff").get(f"/v1/returns/{case['id']}/trace").json
    assert found["policy"] == case["policy"]
    [line] = found["lines"]
    assert {"question": "window", "rule": "thirty-days", "held": True, "because": None} in line["decision"]
    failed = next(step for step in line["decision"] if not step["held"])
    assert {"fact", "wanted", "was"} <= failed["because"].keys()
    assert any(step["question"] == "fault" and step["held"] for step in line["settlement"])
    assert behind.key("returns:read").get(f"/v1/returns/{case['id']}/trace").status_code == 403
