"""What a campaign does with its plan and its file; the runs themselves are `scripts/faults`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.faults import campaign
from tests.faults.scenarios import ALL, SCENARIOS

WANTED = {*range(1, 21), *range(22, 32), *range(36, 47)}
RESULT = {
    "scenario": "F01", "database": "sqlite", "seed": 1, "violations": {}, "returns": 20, "calls": 100, "client_errors": 5,
    "mails": 60, "mails_twice": 0, "seconds": 5.0, "recovery": 1.5, "words": "",
}  # fmt: skip


def test_every_scenario_that_is_asked_for_is_there_on_both_databases() -> None:
    numbers = {int(number[1:]) for number in SCENARIOS if number[1:].isdecimal()}
    assert numbers >= WANTED
    assert all(one.fits(kind) for one in ALL for kind in ("sqlite", "postgresql"))
    assert len(SCENARIOS) == len(ALL)


def test_the_short_form_breaks_each_part_once_on_both_databases() -> None:
    plan = campaign._short(1)
    assert {kind for _, kind, _ in plan} == {"sqlite", "postgresql"}
    assert {name for name, _, _ in plan} >= {"F01", "F14", "F23", "F29", "F36", "F44", "steps"}


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[campaign.Plan]:
    """The plans that would be carried out."""
    seen: list[campaign.Plan] = []
    monkeypatch.setattr(campaign, "_carry_out", lambda plan, *_: (seen.append(plan), [])[1])
    return seen


def invoke(*arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(campaign.main, arguments)
    assert result.exit_code == status, result.output
    return result.output


def test_what_was_done_is_not_done_again(tmp_path: Path, played: list[campaign.Plan]) -> None:
    results = tmp_path / "faults.jsonl"
    results.write_text(
        json.dumps(RESULT) + '\n{"scenario": "F02", "databa'
    )  # cut off in the middle of a line
    invoke("--scenario", "F01", "--scenario", "F02", "--runs", "1", "--results", str(results))
    assert played == [[("F01", "postgresql", 1), ("F02", "sqlite", 1), ("F02", "postgresql", 1)]]


def test_a_run_with_a_violation_is_repeated_and_the_report_says_so(
    tmp_path: Path, played: list[campaign.Plan]
) -> None:
    results, broken = tmp_path / "faults.jsonl", {**RESULT, "violations": {"I1": ["moved twice"]}}
    results.write_text(json.dumps(broken) + "\n")
    one_run = ("--scenario", "F01", "--database", "sqlite", "--runs", "1", "--results", str(results))
    invoke(*one_run, status=1)
    results.write_text(f"{json.dumps(broken)}\n{json.dumps(RESULT)}\n")
    assert "1 runs (1 on SQLite, 0 on PostgreSQL) with 20 returns, 0 runs with a violation; 1 were" in invoke(
        *one_run
    )
    assert played == [[("F01", "sqlite", 1)], []]


def test_the_report_says_runs_violations_and_recovery(tmp_path: Path) -> None:
    results = tmp_path / "faults.jsonl"
    broken = {**RESULT, "seed": 2, "recovery": 7.5, "violations": {"I1": ["refund 1 moved twice"]}}
    results.write_text("\n".join(map(json.dumps, (RESULT, broken))))
    said = invoke("--report", "--results", str(results), status=1)
    assert "2 runs (2 on SQLite, 0 on PostgreSQL) with 40 returns, 1 runs with a violation" in said
    assert "F01 sqlite seed 2: I1 refund 1 moved twice" in said
    assert "1 x I1" in said
    assert "7.5 s" in said
