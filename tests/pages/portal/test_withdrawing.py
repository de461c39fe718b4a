"""The statutory withdrawal: two steps, no reason, a receipt to the second, the same answer for everybody."""

from sqlmodel import select

from returns_service.store.tables import CaseLine, ReturnCase
from tests.pages.portal.conftest import Customer

SAID = {"name": "Ana Keller", "number": "1001", "email": "ana@example.com"}


def withdraw(customer: Customer, **changed: str) -> str:
    customer.see("/portal/demo/withdraw")
    said = customer.send("/portal/demo/withdraw", **(SAID | changed))
    assert "I withdraw from the contract about this order" in said
    return customer.send("/portal/demo/withdraw/confirm", **(SAID | changed))


def test_the_whole_order_is_withdrawn_from_and_the_second_is_told(customer: Customer) -> None:
    said = withdraw(customer)
    assert "We have received your withdrawal" in said and "7 Oct 2026 14:00:00" in said
    with customer.runtime.db.read() as session:
        (case,) = session.exec(select(ReturnCase)).all()
        lines = session.exec(select(CaseLine)).all()
    assert {line.reason for line in lines} == {"withdrawal"} and sum(line.quantity for line in lines) == 3
    (mail,) = customer.mails()
    assert case.number in mail["Subject"] and "14:00:00" in mail.get_body(("plain",)).get_content()


def test_a_statement_that_fits_no_order_is_received_too(customer: Customer) -> None:
    right = withdraw(customer).split("<main")[1]
    wrong = withdraw(customer, number="9999").split("<main")[1]
    assert right.replace("1001", "9999") == wrong
    told = {mail["To"]: mail for mail in customer.mails() if "9999" in mail["Subject"]}
    assert set(told) == {"ana@example.com", "help@demo.example"}
    assert "14:00:00" in told["ana@example.com"].get_body(("plain",)).get_content()


def test_what_is_missing_is_said(customer: Customer) -> None:
    customer.see("/portal/demo/withdraw")
    said = customer.send("/portal/demo/withdraw", 422, name="", number="", email="x")
    assert "Enter your name." in said and "looks like name@example.com" in said


def test_pressed_twice_it_is_received_once_and_what_was_typed_can_be_changed(customer: Customer) -> None:
    customer.see("/portal/demo/withdraw")
    customer.send("/portal/demo/withdraw", **SAID)
    once = customer.page.split('name="once" value="')[1].split('"')[0]
    assert 'value="Ana Keller"' in customer.see("/portal/demo/withdraw?again=1")
    for _ in range(2):
        customer.browser.delete_cookie("returns_withdrawal", path="/portal")  # as of two clicks at once
        said = customer.send("/portal/demo/withdraw/confirm", **SAID, once=once)
        assert "We have received your withdrawal" in said and "7 Oct 2026 14:00:00" in said
    assert len(customer.mails()) == 1


def test_back_and_a_reload_lead_to_what_was_received(customer: Customer) -> None:
    customer.see("/portal/demo/withdraw/confirm")
    assert customer.path == "/portal/demo/withdraw"
    withdraw(customer)
    for step in ("confirm", "received"):
        assert "7 Oct 2026 14:00:00" in customer.see(f"/portal/demo/withdraw/{step}")
    assert 'value="Ana Keller"' not in customer.see("/portal/demo/withdraw")
