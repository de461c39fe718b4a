"""A policy tried on the past: what would have been different, and by how much."""

from datetime import timedelta
from pathlib import Path

import pytest

from returns_service.domain.policy import Policy, load
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.store.db import Database
from returns_service.usecases.open_case import open_case
from returns_service.usecases.simulate_policy import Simulation, simulate_policy
from tests.domain.policy.small import ROOT, texts
from tests.usecases.desk import START, Desk


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    found = Desk(shop_db, tmp_path)
    for reason in ("changed_mind", "defective"):
        wish = ReturnRequest((RequestLine("1", 1, reason),))
        with shop_db.begin() as session:
            open_case(session, "1001", wish, actor=found.actor, now=found.clock())
    return found


def changed(file: str, before: str, after: str) -> Policy:
    files = texts(ROOT / "standard")
    assert before in files[file]
    return load({**files, file: files[file].replace(before, after)}, laws=texts(ROOT / "law"))


def simulated(desk: Desk, candidate: Policy, since=START - timedelta(days=1)) -> Simulation:
    with desk.db.read() as session:
        return simulate_policy(session, desk.shop.id, candidate, since=since)


def test_the_same_terms_change_nothing(desk: Desk):
    found = simulated(desk, load(texts(ROOT / "standard"), laws=texts(ROOT / "law")))
    assert (found.cases, found.changed, found.effects) == (2, 0, {})


def test_dearer_freight_takes_its_difference(desk: Desk):
    found = simulated(desk, changed("charges.yaml", 'EUR: "4.90"', 'EUR: "5.90"'))
    assert (found.cases, found.changed) == (2, 1)
    [effect] = found.effects.values()
    assert (effect.kind, effect.count, effect.difference, effect.currency) == ("money", 1, -100, "EUR")
    assert effect.numbers[0].startswith("R-")


def test_an_exclusion_that_law_allows_refuses_and_the_others_are_still_paid(desk: Desk):
    shorter = changed(
        "eligibility.yaml",
        "window: {years: 2, from: delivered, pause",
        "window: {hours: 1, from: delivered, pause",
    )
    found = simulated(desk, shorter)
    assert {effect.kind for effect in found.effects.values()} <= {"offers", "window", "money"}
    assert found.changed == 1


def test_only_cases_since_the_day_are_asked(desk: Desk):
    assert simulated(desk, changed("charges.yaml", "4.90", "5.90"), START + timedelta(days=1)).cases == 0


def test_progress_is_told_to_the_end(desk: Desk):
    told: list[tuple[int, int]] = []
    with desk.db.read() as session:
        candidate = load(texts(ROOT / "standard"), laws=texts(ROOT / "law"))
        simulate_policy(session, desk.shop.id, candidate, since=START, told=lambda *at: told.append(at))
    assert told == [(2, 2)]
