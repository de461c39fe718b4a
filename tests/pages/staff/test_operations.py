"""What keeps the service going is seen and mended in the console: webhooks, books, keys, figures."""

from collections.abc import Callable

from sqlmodel import select

from returns_service.domain.actor import Actor
from returns_service.domain.policy.grammar import QUESTIONS
from returns_service.domain.policy.rules import question
from returns_service.jobs.relay import drain
from returns_service.pages.console import words
from returns_service.pages.console.reports import owed_and_paid
from returns_service.store.tables import Check, OutboxRow, ReturnCase, Shop
from returns_service.usecases.add_evidence import add_evidence
from returns_service.usecases.runtime import Runtime
from tests.ground.runtime import NOON
from tests.pages.staff.conftest import Worker

New = Callable[[], Worker]
HOOKS = "/console/operations/webhooks"


def test_an_address_is_added_disabled_and_enabled(worker: New) -> None:
    boss = worker().at_console("administrator")
    boss.see(HOOKS)
    answer = boss.send(HOOKS, url="https://shop.example.com/hooks", events="return.refunded refund.*")
    assert "whsec_" in answer.text
    assert "whsec_" not in boss.see(HOOKS).text
    one = boss.page.split(f'action="{HOOKS}/')[1].split("/")[0]
    assert boss.send(f"{HOOKS}/{one}/disable").status_code == 303
    manager = worker().at_console("manager")
    manager.see(HOOKS)
    assert manager.send(f"{HOOKS}/{one}/remove").status_code == 403
    assert manager.send(f"{HOOKS}/{one}/enable").status_code == 303
    assert "whsec_" in boss.send(f"{HOOKS}/{one}/rotate").text
    assert boss.send(f"{HOOKS}/{one}/remove").status_code == 303
    assert "No address listens yet" in boss.see(HOOKS).text


def test_an_address_inside_our_own_network_is_refused(worker: New) -> None:
    boss = worker().at_console("administrator")
    boss.see(HOOKS)
    for url in ("http://127.0.0.1:6379/", "http://169.254.169.254/", "nonsense"):
        assert boss.send(HOOKS, url=url, events="").status_code == 422


def test_the_books_are_compared_on_demand_and_differences_shown(worker: New, ours: Runtime) -> None:
    someone = worker().at_console("manager")
    assert "not yet on this machine" in someone.see("/console/operations").text
    assert someone.send("/console/operations/reconcile").status_code == 303
    with ours.db.begin() as session:
        assert session.exec(select(OutboxRow).where(OutboxRow.topic == "reconcile")).one()
        shop = session.exec(select(Shop)).one()
        found = [{"gateway": "stripe", "payment": "pi_1", "kind": "missing_here", "ours": "nothing"}]
        session.add(Check(shop_id=shop.id, name="reconcile", at=NOON, looked_at=3, found=found))
    assert "The gateway moved money that we know nothing of" in someone.see("/console/operations").text
    drain(ours)  # nothing that moves money is on this order: what was found before stays
    assert "pi_1" in someone.see("/console/operations").text


def test_a_key_is_rotated_with_an_overlap(worker: New) -> None:
    boss = worker().at_console("administrator")
    boss.see("/console/keys")
    boss.send("/console/keys", name="the till", scopes="returns:read")
    one = boss.page.split('action="/console/keys/')[1].split("/")[0]
    assert "rk_" in boss.send(f"/console/keys/{one}/rotate").text
    assert boss.see("/console/keys").text.count("the till") == 2


def test_a_customer_is_found_by_name_even_mistyped(worker: New, number: str) -> None:
    someone = worker().at_console("reviewer")
    assert number in someone.see("/console/queues/all?q=keller").text
    assert number in someone.see("/console/queues/all?q=Ana+KELLER").text
    answer = someone.see("/console/queues/all?q=Kelelr").text
    assert number not in answer
    assert "q=ana%20keller" in answer


def test_the_rate_of_an_article_counts_what_was_sold(worker: New) -> None:
    someone = worker().at_console("manager")
    rows = someone.see("/console/figures/articles.csv?days=30").text.splitlines()
    assert rows[1].startswith("SKU-1,Shirt 1,2,1,0.5,")
    pairs = someone.see("/console/figures/reason_articles.csv?days=30").text.splitlines()
    assert pairs[1:] == ["SKU-1,Shirt 1,changed_mind,1"]
    faults = someone.see("/console/figures/faults.csv?days=30").text.splitlines()
    assert faults[1:] == ["customer,1,0"]  # nobody has inspected it yet


def test_money_is_summed_by_currency_and_by_who_moves_it_on() -> None:
    states = (("succeeded", "10.00"), ("pending", "2.00"), ("failed", "0.50"), ("manual", "1.00"))
    rows = [{"currency": "EUR", "state": state, "amount": amount} for state, amount in states]
    (euro,) = owed_and_paid(rows)
    assert {kind: str(euro[kind]) for kind in ("paid", "under_way", "stuck", "owed")} == {
        "paid": "10.00",
        "under_way": "2.00",
        "stuck": "1.50",
        "owed": "3.50",
    }


def test_a_number_that_is_no_return_is_looked_for_everywhere(worker: New, number: str) -> None:
    someone = worker().at_console("reviewer")
    assert someone.see(f"/console/search?q={number}").location == f"/console/cases/{number}"
    other = next(n for n in ("R-7F3K-92QD", "R-2K7F-93QX", "R-AN43-544C") if n != number)
    assert someone.see(f"/console/search?q={other}").location == f"/console/queues/all?q={other}"
    assert "serial and tracking number" in someone.see(f"/console/queues/all?q={other}").text


def test_evidence_and_programs_are_told_in_words(worker: New, ours: Runtime, number: str) -> None:
    with ours.db.begin() as session:
        case = session.exec(select(ReturnCase)).one()
        carrier = Actor.of("carrier", case.shop_id)
        scan = {"event": "CUSTOMS", "leg": "return", "at": NOON.isoformat()}
        add_evidence(
            session, case.id, expected=None, actor=carrier, now=NOON, type_="carrier_scan", data=scan
        )
    someone = worker().at_console("reviewer")
    someone.see(f"/console/cases/{number}", **{"Accept-Language": "zh-TW"})
    said = " ".join(someone.words.split())
    assert "掃描節點： 清關中 · 物流： 退回途中" in said
    assert "· 物流公司" in said  # who added it
    assert "CUSTOMS" not in said


def test_a_return_is_taken_on_by_the_button_whatever_was_chosen_beside_it(worker: New, number: str) -> None:
    someone = worker().at_console("reviewer")
    someone.see(f"/console/cases/{number}")
    someone.send(f"/console/cases/{number}/assign", assignee="", mine="1")
    assert number in someone.see("/console/queues/mine").text
    assert someone.see("/console/queues/mine?page=2").location == "/console/queues/mine"
    someone.send(f"/console/cases/{number}/assign", assignee="")
    assert number not in someone.see("/console/queues/mine").text


def test_every_question_of_a_policy_is_asked_in_words() -> None:
    asked = {question(spec.key, (), None, {}).short for spec in QUESTIONS} | {"law"}
    assert asked == set(words.QUESTIONS)


def test_workers_are_seen_and_missed(worker: New, ours: Runtime) -> None:
    someone = worker().at_console("manager")
    assert "here 1" in someone.see("/console/operations").text
    ours.bell.sounds = False  # type: ignore[attr-defined]
    assert "none listens" in someone.see("/console/operations").text
