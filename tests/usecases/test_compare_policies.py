"""`policy diff` asks the shop's own cases where there are any."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from returns_service.commands.policies import policy
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.store.db import Database
from returns_service.usecases.open_case import open_case
from tests.domain.policy.small import ROOT
from tests.policies.test_publishing import shorter
from tests.usecases.desk import Desk

__all__ = ["shorter"]
Diff = Callable[..., dict]


@pytest.fixture
def diff(shorter: Path) -> Diff:
    def run(url: str, *words: str) -> dict:
        asked = ["diff", str(ROOT / "standard"), str(shorter), "--json", "--most", "20", *words]
        found = CliRunner().invoke(policy, asked, env={"RETURNS_DATABASE_URL": url})
        assert found.exit_code == 0, found.stderr
        return json.loads(found.stdout)

    return run


def test_it_asks_the_cases_of_the_shop(shop_db: Database, tmp_path: Path, diff: Diff):
    desk = Desk(shop_db, tmp_path / "desk")
    desk.clock.turn(days=24)  # after the twentieth day, before the thirtieth; law gives fourteen
    with shop_db.begin() as session:
        wish = ReturnRequest((RequestLine("1", 1, "changed_mind"),))
        case = open_case(session, "1001", wish, actor=desk.actor, now=desk.clock())
    found = diff(shop_db.url)
    assert (found["asked"], found["cases"]) == ("stored", 1)
    [change] = found["changes"]
    assert (change["kind"], change["what"], change["examples"]) == (
        "refused",
        "granted -> window_expired",
        [case.row.number],
    )
    assert diff(shop_db.url, "--made-up")["asked"] == "generated"


def test_without_cases_or_without_a_database_it_asks_made_up_ones(
    shop_db: Database, tmp_path: Path, diff: Diff
):
    assert diff(shop_db.url)["asked"] == "generated"
    assert diff(f"sqlite:///{tmp_path / 'nothing.db'}")["asked"] == "generated"
    assert not (tmp_path / "nothing.db").exists()
