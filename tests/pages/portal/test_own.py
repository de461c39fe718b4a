"""One's own data: to take away and to have erased."""

from tests.pages.portal.conftest import Customer


def test_data_are_erased_and_the_order_is_not_found_any_more(customer: Customer, stranger: Customer) -> None:
    customer.come_in()
    assert "Download as JSON" in customer.see("/portal/demo/data")
    assert "Tick the box if you are sure." in customer.send("/portal/demo/data/erase", 422)
    said = customer.send("/portal/demo/data/erase", sure="1")
    assert "We erase your data" in said and "you are signed out" in said
    assert "you are signed out" in customer.see(customer.path)  # after a reload, too
    assert "Your personal data is erased" in [mail["Subject"] for mail in customer.mails()][-1]
    sent = len(stranger.mails())
    stranger.see("/portal/demo")
    stranger.send("/portal/demo", number="1001", email="ana@example.com")
    assert len(stranger.mails()) == sent


def test_a_visit_that_was_open_elsewhere_ends_with_the_erasure(customer: Customer) -> None:
    customer.come_in()
    other = customer.browser.get_cookie("returns_portal", path="/portal")
    assert other is not None
    customer.see("/portal/demo/data")
    customer.send("/portal/demo/data/erase", sure="1")
    customer.mails()
    customer.browser.set_cookie("returns_portal", other.value, path="/portal")
    assert "Return or exchange" in customer.see("/portal/demo/items")


def test_while_a_return_is_open_it_waits_and_says_so(customer: Customer) -> None:
    customer.come_in()
    number = customer.request()
    customer.see("/portal/demo/data")
    assert "is still open" in customer.send("/portal/demo/data/erase", sure="1")
    customer.mails()
    assert "You have asked for it." in customer.see("/portal/demo/data")
    assert number in customer.see(f"/portal/demo/returns/{number}")
