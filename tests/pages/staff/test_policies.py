"""A policy is changed in the console: tried on the past, refused when it is wrong, published once."""

import html
import re
from collections.abc import Callable

from sqlmodel import select

from returns_service.jobs import relay
from returns_service.jobs.simulations import try_on_past
from returns_service.store.tables import SimulationRow
from returns_service.usecases.runtime import Runtime
from tests.pages.staff.conftest import Worker

New = Callable[[], Worker]
PAGE = "/console/policies/standard/change"


def _files(someone: Worker) -> dict[str, str]:
    found = re.findall(r'name="(file:[^"]+)"[^>]*>\n(.*?)</textarea>', someone.see(PAGE).text, re.DOTALL)
    return {name: html.unescape(text) for name, text in found}


def test_a_change_is_tried_and_then_published(worker: New) -> None:
    someone = worker().at_console("manager")
    files = _files(someone)
    files["file:policy.yaml"] += "\n# looked at again\n"
    answer = someone.send(PAGE, base="1", deed="try", **files)
    assert answer.status_code == 200
    assert "of 1 returns would have ended otherwise" in someone.words
    assert "# looked at again" in someone.page
    answer = someone.send(PAGE, base="1", deed="publish", note="So said the lawyer", **files)
    assert answer.headers["Location"] == "/console/policies/standard/2"
    told = someone.see("/console/policies/standard/2").text
    assert "Manager" in told
    assert "So said the lawyer" in told
    assert someone.send(PAGE, base="1", deed="publish", **files).status_code == 412


def test_an_older_version_can_be_gone_back_to(worker: New) -> None:
    someone = worker().at_console("manager")
    before = _files(someone)
    after = {**before, "file:policy.yaml": before["file:policy.yaml"] + "\n# a mistake\n"}
    someone.send(PAGE, base="1", deed="publish", **after)
    assert "?again=1" in someone.see("/console/policies/standard/1").text
    assert "?again=" not in someone.see("/console/policies/standard/2").text
    someone.see(f"{PAGE}?again=1")
    assert "# a mistake" not in someone.page
    assert 'name="base" value="2"' in someone.page
    someone.send(PAGE, base="2", deed="publish", **before)
    assert "# a mistake" not in someone.see("/console/policies/standard/3").text


def test_a_wrong_change_says_where_and_keeps_what_was_written(worker: New) -> None:
    someone = worker().at_console("manager")
    files = _files(someone)
    files["file:policy.yaml"] += "\nnonsense: true\n"
    answer = someone.send(PAGE, base="1", deed="publish", **files)
    assert answer.status_code == 422
    assert "policy.yaml:" in someone.words
    assert "nonsense: true" in someone.page


def test_a_change_is_tried_on_every_return_by_a_job_that_the_page_follows(worker: New, ours: Runtime) -> None:
    someone = worker().at_console("manager")
    files = _files(someone)
    files["file:eligibility.yaml"] = files["file:eligibility.yaml"].replace("days: 30", "days: 1")
    page = someone.send(PAGE, base="1", deed="simulate", **files).headers["Location"]
    assert 'data-trial="on"' in someone.see(page).text
    assert '<progress max="1" value="0"' in someone.page
    assert 'http-equiv="refresh"' in someone.page
    assert "It waits for its turn" in someone.words
    relay.drain(ours, {"simulate": try_on_past, "event": lambda _runtime, _work: None})
    assert 'data-trial="over"' in someone.see(page).text
    assert 'http-equiv="refresh"' not in someone.page
    assert re.search(r"(None|1) of 1 returns? would have ended otherwise", someone.words)
    someone.see(f"{PAGE}?trial={page.rsplit('/', 1)[1]}")
    assert "days: 1," in someone.page or "days: 1}" in someone.page
    assert worker().at_console("reviewer").see(page).status_code == 403


def test_a_trial_without_returns_or_with_words_of_another_release_says_so(worker: New, ours: Runtime) -> None:
    someone = worker().at_console("manager")
    page = someone.send(PAGE, base="1", deed="simulate", **_files(someone)).headers["Location"]
    with ours.db.begin() as session:
        row = session.exec(select(SimulationRow)).one()
        row.state, row.cases = "done", 0
        session.add(row)
    assert "No return to try it on" in someone.see(page).text
    with ours.db.begin() as session:
        row = session.exec(select(SimulationRow)).one()
        row.state, row.problem = "failed", "policy.yaml:3: There is no key 'old' here."
        session.add(row)
    assert "The trial stopped" in someone.see(page).text
    assert "policy.yaml:3" in someone.words


def test_a_wrong_change_is_not_tried_on_anything(worker: New) -> None:
    someone = worker().at_console("manager")
    files = {**_files(someone), "file:policy.yaml": "nonsense: true\n"}
    answer = someone.send(PAGE, base="1", deed="simulate", **files)
    assert answer.status_code == 422
    assert "policy.yaml:" in someone.words


def test_a_reviewer_changes_no_policy(worker: New) -> None:
    assert worker().at_console("reviewer").see(PAGE).status_code == 403


def test_where_two_people_are_wanted_one_proposes_and_another_publishes(worker: New) -> None:
    _settings(worker(), policy_two_people="1")
    one, other = worker().at_console("manager"), worker().at_console("administrator")
    files = _files(one)
    files["file:policy.yaml"] += "\n# looked at again\n"
    answer = one.send(PAGE, base="1", deed="publish", note="Why not", **files)
    assert answer.headers["Location"] == "/console/policies/standard/proposal"
    assert "Somebody else must look at it" in one.see(answer.headers["Location"]).text
    assert "Why not" in one.page
    seen = one.page.split('name="seen" value="')[1].split('"')[0]
    assert one.send("/console/policies/standard/proposal", deed="publish", seen=seen).status_code == 409
    assert "waits for a second person" in other.see("/console/policies").text
    other.see("/console/policies/standard/proposal")
    assert "# looked at again" in other.page
    stale = other.send("/console/policies/standard/proposal", deed="publish", seen="2026-01-01T00:00:00Z")
    assert stale.status_code == 412
    answer = other.send("/console/policies/standard/proposal", deed="publish", seen=seen)
    assert answer.headers["Location"] == "/console/policies/standard/2"
    assert "Manager · Administrator" in other.see("/console/policies/standard/2").text
    assert "Why not" in other.page
    assert "waits for a second person" not in other.see("/console/policies").text


def test_a_wrong_change_is_not_even_proposed(worker: New) -> None:
    _settings(worker(), policy_two_people="1")
    someone = worker().at_console("manager")
    files = _files(someone)
    files["file:policy.yaml"] += "\nnonsense: true\n"
    assert someone.send(PAGE, base="1", deed="publish", **files).status_code == 422


def _settings(someone: Worker, **switches: str) -> None:
    someone.at_console("administrator").see("/console/shop")
    fields = {"name": "Demo", "time_zone": "Europe/Berlin", "languages": "en", "colour": "#14503c"}
    assert someone.send("/console/shop", **fields, **switches).status_code == 303
