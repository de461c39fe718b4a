"""`returns-service policy` from the outside: status, standard output, standard error."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from returns_service.commands.policies import policy
from tests.domain.policy.small import ROOT

ORDER: dict[str, Any] = {
    "number": "1001", "country": "DE", "currency": "EUR", "placed_at": "2026-10-01T09:30:00Z",
    "customer": {"email": "ana@example.com"},
    "lines": [
        {"id": "1", "sku": "SHIRT-M", "title": "Linen shirt M", "quantity": 2, "unit_price": "59.90", "discount": "10.00",
         "tax": "17.54", "category": "apparel/shirts"}
    ],
    "discounts": [{"title": "WELCOME", "amount": "5.00"}],
    "surcharges": [{"title": "Platform fee", "amount": "8.00", "refundable": True}],
    "shipping": {"method": "express", "paid": "12.90", "standard_rate": "4.90", "tax": "0.00"},
    "payments": [{"id": "p1", "captured": "125.70"}],
    "fulfilments": [{"id": "f1", "delivered_at": "2026-10-05T14:20:00Z", "lines": [{"line_id": "1", "quantity": 2}]}],
}  # fmt: skip
REQUEST: dict[str, Any] = {
    "order_id": "1001",
    "lines": [{"order_line_id": "1", "quantity": 1, "reason": "changed_mind", "condition": "opened_unused"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "standard", tmp_path / "policies" / "standard")
    shutil.copytree(ROOT / "law", tmp_path / "policies" / "law")
    (tmp_path / "order.json").write_text(json.dumps(ORDER))
    (tmp_path / "request.json").write_text(json.dumps(REQUEST))
    return tmp_path


def run(*words: object) -> Result:
    return CliRunner().invoke(policy, [str(word) for word in words])


def explain(folder: Path, *more: object) -> Result:
    return run(
        "explain", "--policy", folder / "policies" / "standard", "--order", folder / "order.json",
        "--request", folder / "request.json", "--at", "2026-10-10T12:00:00Z", *more,
    )  # fmt: skip


def test_explain_prints_the_preview_answer(folder: Path):
    found = explain(folder, "--json")
    body = json.loads(found.stdout)
    assert found.exit_code == 0
    assert body["quote"]["total"] == "51.50"
    assert body["quote"]["tenders"] == [{"payment_id": "p1", "amount": "51.50"}]
    assert body["lines"][0]["window"]["closes_at"] == "2026-11-04T22:59:59Z"
    assert body["lines"][0]["offers"][0]["amount"] == "51.50"
    assert {"question", "rule", "held", "because"} <= body["lines"][0]["trace"][0].keys()


def test_explain_prints_a_tree_for_people(folder: Path):
    found = explain(folder)
    assert found.exit_code == 0
    assert "until 2026-11-04" in found.stdout
    assert "○ defect-two-years - request.reason is changed_mind, wanted defective" in found.stdout
    assert "total 51.50 EUR" in found.stdout


def test_a_refusal_is_a_decision_too(folder: Path):
    found = explain(folder, "--at", "2027-10-10T12:00:00Z", "--json")
    assert found.exit_code == 0
    assert json.loads(found.stdout)["lines"][0]["refusals"][0]["code"] == "window_expired"


def test_findings_and_evidence_bring_the_final_fault_and_the_outcome(folder: Path):
    found = {
        "lines": [{"line_id": "1", "units": [{"quantity": 1, "grade": "A", "findings": ["intact"]}]}],
        "evidence": [],
    }
    (folder / "findings.json").write_text(json.dumps(found))
    body = json.loads(explain(folder, "--findings", folder / "findings.json", "--json").stdout)
    assert body["lines"][0]["fault"] == {**body["lines"][0]["fault"], "party": "customer", "final": True}
    assert body["lines"][0]["outcome"] == [
        {"quantity": 1, "resolution": "refund", "amount": "51.50", "disposition": "restock"}
    ]
    assert body["quote"]["total"] == "51.50"


def test_the_history_stands_in_for_the_database(folder: Path):
    (folder / "history.json").write_text(json.dumps({"lines": [{"line_id": "1", "held": 2}]}))
    body = json.loads(explain(folder, "--history", folder / "history.json", "--json").stdout)
    assert body["lines"][0]["refusals"][0]["code"] == "units_held"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("order.json", "{", "order.json: The body is not JSON"),
        ("order.json", "[]", "must be an object"),
        ("order.json", '{"number": 1, "number": 2}', "number"),
        ("order.json", json.dumps({**ORDER, "colour": "red"}), "/colour"),
        ("request.json", json.dumps({**REQUEST, "lines": []}), "/lines"),
        (
            "request.json",
            json.dumps({**REQUEST, "lines": [{**REQUEST["lines"][0], "order_line_id": "9"}]}),
            "/lines/0/order_line_id",
        ),
        (
            "request.json",
            json.dumps({**REQUEST, "lines": [{**REQUEST["lines"][0], "reason": "change_mind"}]}),
            "Did you mean 'changed_mind'?",
        ),
        (
            "policies/standard/charges.yaml",
            "freigt: []\n",
            "charges.yaml:1: charges.yaml has no section 'freigt'. Did you mean 'freight'?",
        ),
    ],
)
def test_unusable_input_ends_with_status_two_and_the_place(folder: Path, name: str, content: str, words: str):
    (folder / name).write_text(content)
    found = explain(folder)
    assert found.exit_code == 2
    assert words in found.stderr
    assert found.stdout == ""


def test_files_and_instants_that_are_not_there(folder: Path):
    assert explain(folder, "--history", folder / "no.json").exit_code == 2
    assert explain(folder, "--at", "tomorrow").exit_code == 2
    assert run("check", folder / "nowhere").exit_code == 2


def test_check_is_quiet_about_a_sound_policy(folder: Path):
    found = run("check", folder / "policies" / "standard", "--strict")
    assert found.exit_code == 0, found.stderr
    assert found.stderr == ""


def test_check_tells_file_and_line_of_what_is_wrong(folder: Path):
    path = folder / "policies" / "standard" / "eligibility.yaml"
    path.write_text(path.read_text().replace("line.final_sale: true", "line.finale_sale: true"))
    found = run("check", path.parent)
    assert found.exit_code == 2
    assert "eligibility.yaml:" in found.stderr
    assert "Did you mean 'line.final_sale'?" in found.stderr


def test_check_tells_a_rule_below_a_floor_with_both_lines(folder: Path):
    path = folder / "policies" / "standard" / "eligibility.yaml"
    path.write_text(
        path.read_text().replace(
            "window: {days: 30, from: delivered, fallback: {from: shipped, plus: {days: 14}}}",
            "window: {days: 7, from: delivered}",
        )
    )
    found = run("check", path.parent)
    assert found.exit_code == 1
    assert "'thirty-days' closes before law/eu 9(1) (law/eu.yaml:" in found.stderr
    assert "eligibility.yaml:" in found.stderr


def test_test_tells_the_expectation_that_is_not_met(folder: Path):
    path = folder / "policies" / "standard" / "examples.yaml"
    path.write_text(
        path.read_text()
        .replace('total: "51.50", tenders', 'total: "51.51", tenders')
        .replace('      total: "51.50"\n', '      total: "51.51"\n')
    )
    found = run("test", path.parent)
    assert found.exit_code == 1
    assert "preview-of-the-documentation: total should be '51.51' but is '51.50'" in found.stderr


def test_an_example_that_fails_says_which_fact_failed_which_rule(folder: Path):
    path = folder / "policies" / "standard" / "examples.yaml"
    path.write_text(path.read_text().replace("expect: {eligible: true,", "expect: {eligible: false,", 1))
    found = run("check", folder / "policies" / "standard")
    assert found.exit_code == 1
    assert "Did not hold: " in found.stderr
    assert "wanted" in found.stderr


def test_a_finding_that_the_policy_does_not_know_is_told_with_the_nearest_one(folder: Path):
    path = folder / "findings.json"
    path.write_text(
        '{"lines": [{"line_id": "1", "units": [{"quantity": 1, "grade": "E", "findings": ["intakt"]}]}]}'
    )
    found = explain(folder, "--findings", path)
    assert found.exit_code == 2
    assert "'intact'" in found.stderr
    assert "'E' is no grade of this policy. Known: A, B, C, D." in found.stderr


def test_a_parcel_handed_in_late_is_judged_with_its_lateness(folder: Path):
    charges = folder / "policies" / "standard" / "charges.yaml"
    late = "restocking:\n  - {id: late, when: {return.days_late: {gte: 2}}, percent: 10, say: {en: Late, zh-Hans: 迟, zh-Hant: 遲}}\n"
    charges.write_text(
        charges.read_text().replace("restocking:\n", late, 1)
        if "restocking:\n" in charges.read_text()
        else charges.read_text() + late
    )
    (folder / "order.json").write_text(json.dumps(ORDER | {"country": "US"}))
    path = folder / "findings.json"
    for day, fee in (("24", "0.00"), ("26", "-5.24")):
        body = {"lines": [{"line_id": "1", "units": [{"quantity": 1, "grade": "A", "findings": ["intact"]}]}]}
        path.write_text(json.dumps(body | {"handed_in_at": f"2026-10-{day}T12:00:00Z"}))
        assert json.loads(explain(folder, "--findings", path, "--json").stdout)["quote"]["restocking"] == fee
