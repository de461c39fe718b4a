"""A submitted return becomes a draft again, is changed where it is checked, and keeps its number."""

from sqlmodel import select

from returns_service.store.tables import CaseLine, ReturnCase
from tests.pages.portal.conftest import Customer


def lines(customer: Customer) -> list[tuple[str, int, str, str]]:
    with customer.runtime.db.read() as session:
        found = session.exec(select(CaseLine).order_by(CaseLine.position)).all()
        return [(line.order_line_id, line.quantity, line.reason, line.resolution) for line in found]


def begun(customer: Customer) -> tuple[str, str]:
    """Number and draft of a change that was begun."""
    customer.come_in()
    number = customer.request()
    said = customer.send(f"/portal/demo/returns/{number}/change")
    assert "Change your return" in said and "Back without a change" in said
    return number, customer.path.rsplit("/", 1)[0]


def test_quantity_reason_and_wish_are_changed_and_the_number_stays(customer: Customer) -> None:
    number, draft = begun(customer)
    customer.see(f"{draft}/items")
    customer.send(f"{draft}/items", **{"quantity-0": "2"})
    customer.see(f"{draft}/why/0/keep")
    customer.send(f"{draft}/why/0/keep", reason="too_small", condition="", comment="")
    customer.wish(draft, 0, resolution="exchange", exchange_for="SKU-1-X")
    said = customer.send(f"{draft}/check")
    assert "Your return is changed." in said and "You changed the return" in said and number in said
    assert lines(customer) == [("1", 2, "too_small", "exchange")]


def test_pressed_twice_it_is_changed_once(customer: Customer) -> None:
    number, draft = begun(customer)
    customer.see(f"{draft}/items")
    customer.send(f"{draft}/items", **{"quantity-0": "2"})
    for _ in range(2):
        assert "Your return is changed." in customer.send(f"{draft}/check")
    with customer.runtime.db.read() as session:
        case = session.exec(select(ReturnCase)).one()
        assert case.number == number and case.seq == 4, "requested, approved, changed, approved"


def test_another_tab_was_faster(customer: Customer) -> None:
    number, draft = begun(customer)
    customer.see(f"/portal/demo/returns/{number}")
    customer.send(f"/portal/demo/returns/{number}/message", message="Hello")
    assert "has changed in the meantime" in customer.send(f"{draft}/check")
    assert "You changed the return" not in customer.page


def test_what_is_on_its_way_is_not_changed_any_more(customer: Customer) -> None:
    number, draft = begun(customer)
    customer.see(f"/portal/demo/returns/{number}")
    customer.send(f"/portal/demo/returns/{number}/ship", carrier="", tracking_number="0034")
    assert "Change this return" not in customer.page
    assert "has changed in the meantime" in customer.send(f"{draft}/check")
    assert lines(customer) == [("1", 1, "changed_mind", "refund")]


def test_the_change_is_told_by_mail(customer: Customer) -> None:
    _, draft = begun(customer)
    customer.see(f"{draft}/items")
    customer.send(f"{draft}/items", **{"quantity-0": "2"})
    customer.send(f"{draft}/check")
    told = [mail["Subject"] for mail in customer.mails() if "approved" in mail["Subject"]]
    assert len(told) == 2
