"""Every role sees and does what the table of roles says, and nothing else."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from returns_service.pages.console.reports import cell
from returns_service.store.tables import Receipt
from returns_service.usecases.runtime import Runtime
from tests.pages.staff.conftest import Worker

New = Callable[[], Worker]

PAGES = {
    "/console/queues/all": {"reviewer", "manager", "administrator"},
    "/console/policies": {"reviewer", "manager", "administrator"},
    "/console/replies": {"reviewer", "manager", "administrator"},
    "/console/figures": {"manager", "administrator"},
    "/console/figures/reasons.csv": {"manager", "administrator"},
    "/console/operations": {"manager", "administrator"},
    "/console/operations/messages": {"manager", "administrator"},
    "/console/people": {"administrator"},
    "/console/keys": {"administrator"},
    "/console/shop": {"administrator"},
}


@pytest.mark.parametrize("role", ["reviewer", "manager", "administrator"])
def test_pages_by_role(worker: New, role: str) -> None:
    someone = worker().at_console(role)
    for path, allowed in PAGES.items():
        assert someone.see(path).status_code == (200 if role in allowed else 403), path


def test_a_worker_of_the_bench_has_no_business_in_the_console(worker: New) -> None:
    someone = worker()
    someone.see("/console/sign-in")
    answer = someone.send("/console/sign-in", email="warehouse@example.com", password="correct horse battery")
    assert answer.status_code == 403


def test_a_reviewer_creates_no_people_and_no_keys(worker: New) -> None:
    someone = worker().at_console("reviewer")
    person = {"name": "Eve", "email": "eve@example.com", "role": "administrator"}
    assert someone.send("/console/people", **person).status_code == 403
    assert someone.send("/console/keys", name="x", scopes="admin").status_code == 403


def test_hostile_words_of_a_customer_are_only_words(worker: New, number: str) -> None:
    someone = worker().at_console("reviewer")
    someone.see(f"/console/cases/{number}")
    assert "<script>alert(1)</script>" not in someone.page
    assert "<script>alert(1)</script>" in someone.words


def test_a_stale_decision_is_412_and_says_what_happened(worker: New, number: str) -> None:
    one, other = worker().at_console("reviewer"), worker().at_console("manager")
    one.see(f"/console/cases/{number}")
    version = one.page.split('name="version" value="')[1].split('"')[0]
    other.see(f"/console/cases/{number}")
    assert other.send(f"/console/cases/{number}/ask", version=version, ask_message="Why?").status_code == 303
    answer = one.send(f"/console/cases/{number}/message", version=version, message="Hello")
    assert answer.status_code == 303  # a message is not judged on a version
    answer = one.send(f"/console/cases/{number}/reject", version=version, reject_message="No, sorry.")
    assert answer.status_code == 412
    assert "The customer was asked a question" in one.words


def test_a_new_person_gets_a_password_that_is_shown_once(worker: New) -> None:
    someone = worker().at_console("administrator")
    someone.see("/console/people")
    answer = someone.send("/console/people", name="Eve", email="eve@example.com", role="reviewer")
    secret = answer.text.split("data-copy>")[1].split("<")[0]
    eve = worker()
    eve.see("/console/sign-in")
    assert eve.send("/console/sign-in", email="eve@example.com", password=secret).status_code == 303
    assert secret not in someone.see("/console/people").text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+49 30", "'+49 30"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("-4.90", "-4.90"),
        ("-x", "'-x"),
        ("a\0b", "ab"),
        (12, 12),
    ],
)
def test_no_cell_becomes_a_formula(value: object, shown: object) -> None:
    assert cell(value) == shown


def test_what_a_device_sends_twice_is_done_once(worker: New, number: str) -> None:
    boss = worker().at_console("manager")
    boss.see(f"/console/cases/{number}")
    version = boss.page.split('name="version" value="')[1].split('"')[0]
    assert boss.send(f"/console/cases/{number}/approve", version=version).status_code == 303
    someone = worker().at_bench()
    someone.see(f"/warehouse/parcels/{number}")
    line = someone.page.split('data-line="')[1].split('"')[0]
    fields = {f"count-{line}": "1", f"seen-{line}": "0", "client_id": "0190aaaa-1111"}
    for _ in range(3):
        assert someone.send(f"/warehouse/parcels/{number}/count", **fields).status_code == 303
    someone.see(f"/warehouse/parcels/{number}")
    assert 'data-phase="inspect"' in someone.page
    fields["client_id"] = "0190aaaa-2222"
    assert someone.send(f"/warehouse/parcels/{number}/count", **fields).status_code == 409
    assert "Already counted by Warehouse" in someone.words


def test_what_was_typed_on_a_stale_page_is_shown_even_where_its_form_is_gone(
    worker: New, number: str
) -> None:
    one, other = worker().at_console("reviewer"), worker().at_console("manager")
    one.see(f"/console/cases/{number}")
    version = one.page.split('name="version" value="')[1].split('"')[0]
    other.see(f"/console/cases/{number}")
    other.send(f"/console/cases/{number}/approve", version=version, note="Looks fine.")
    answer = one.send(f"/console/cases/{number}/reject", version=version, reject_message="Sorry, too late.")
    assert answer.status_code == 412
    assert "Sorry, too late." in one.words
    assert "Manager" in one.words
    assert "Looks fine." in one.words


def test_a_wrong_article_in_the_place_of_another_is_written_down(
    worker: New, number: str, ours: Runtime
) -> None:
    boss = worker().at_console("manager")
    boss.see(f"/console/cases/{number}")
    version = boss.page.split('name="version" value="')[1].split('"')[0]
    boss.send(f"/console/cases/{number}/approve", version=version)
    someone = worker().at_bench()
    someone.see(f"/warehouse/parcels/{number}")
    line = someone.page.split('data-line="')[1].split('"')[0]
    swapped = {"extra-sku": "BRICK", "extra-quantity": "1", "extra-note": "a brick", "extra-instead": "SKU-1"}
    fields = {f"count-{line}": "0", f"seen-{line}": "0", **swapped}
    assert someone.send(f"/warehouse/parcels/{number}/count", **fields).status_code == 303
    with ours.db.read() as session:
        (receipt,) = session.exec(select(Receipt)).all()
    assert receipt.lines == []
    assert receipt.unexpected == [{"sku": "BRICK", "quantity": 1, "note": "instead of SKU-1; a brick"}]


def test_a_reply_template_is_filled_in_for_the_case(worker: New, number: str) -> None:
    someone = worker().at_console("reviewer")
    someone.see("/console/replies")
    texts = {
        "reply-name": ["Thanks", "Empty"],
        "reply-text": ["Dear {name}, {number} {total} {x} - {me}", ""],
    }
    assert someone.send("/console/replies", **texts).status_code == 303
    someone.see(f"/console/cases/{number}")
    assert f"Dear Ana Keller, {number} " in someone.page
    assert "{x} - Reviewer" in someone.page
    assert "Empty" not in someone.page
