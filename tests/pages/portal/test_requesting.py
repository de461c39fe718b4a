"""From the items to the return: every question, every way back, nothing twice, nobody else's."""

import io

import pytest
from PIL import Image
from sqlmodel import select

from returns_service.store.tables import ReturnCase
from tests.pages.portal.conftest import Customer


def cases(customer: Customer) -> list[ReturnCase]:
    with customer.runtime.db.read() as session:
        return list(session.exec(select(ReturnCase)))


def test_every_item_says_until_when_and_how_much(customer: Customer) -> None:
    said = customer.come_in()
    assert "Shirt 1" in said and "Return by" in said and "back" in said
    assert "How many? (up to 2)" in said and "Send this back" in said


def test_a_return_without_a_script(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose(**{"quantity-0": "2"})
    assert "What is the matter?" in customer.see(f"{draft}/why/0")
    customer.see(f"{draft}/why/0/keep")
    said = customer.send(f"{draft}/why/0/keep", reason="changed_mind", condition="unopened", comment="")
    assert "What would you like?" in said and "Refund" in said and "€" in said
    said = customer.send(f"{draft}/wish/0", resolution="refund")
    assert "Check your return" in said and "Request return – get €" in said
    said = customer.send(f"{draft}/check")
    assert "Your return is requested." in said and "Return slip (PDF)" in said
    (case,) = cases(customer)
    assert case.state == "approved" and case.email == "ana@example.com"
    assert any("approved" in mail["Subject"] for mail in customer.mails())


def test_pressed_twice_it_is_one_return(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/keep")
    customer.send(f"{draft}/why/0/keep", reason="changed_mind", condition="", comment="")
    customer.send(f"{draft}/wish/0", resolution="refund")
    customer.send(f"{draft}/check")
    first = customer.path
    customer.send(f"{draft}/check")
    assert customer.path == first and len(cases(customer)) == 1


def test_several_items_are_asked_for_one_after_the_other(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose(**{"quantity-0": "1", "quantity-1": "1"})
    assert "Item 1 of 2" in customer.page
    customer.see(f"{draft}/why/0/keep")
    customer.send(f"{draft}/why/0/keep", reason="changed_mind", condition="", comment="")
    customer.send(f"{draft}/wish/0", resolution="refund")
    assert "Item 2 of 2" in customer.page
    customer.see(f"{draft}/why/1/keep")
    customer.send(f"{draft}/why/1/keep", reason="too_small", condition="", comment="")
    said = customer.send(f"{draft}/wish/1", resolution="exchange", exchange_for="SKU-2-X")
    assert "Another shirt" in said and "Check your return" in said


@pytest.mark.parametrize("quantity", ["0", "3", "-1", "x", ""])
def test_impossible_quantities_are_told(customer: Customer, quantity: str) -> None:
    customer.come_in()
    said = customer.send("/portal/demo/items", 422, **{"quantity-0": quantity})
    assert "There is something to put right" in said


def test_a_reason_and_a_wish_are_needed(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/keep")
    assert "Choose the reason" in customer.send(
        f"{draft}/why/0/keep", 422, reason="nonsense", condition="", comment="kept"
    )
    assert "kept" in customer.page
    customer.send(f"{draft}/why/0/keep", reason="changed_mind", condition="", comment="")
    assert "Choose what you would like" in customer.send(f"{draft}/wish/0", 422, resolution="gold")
    assert "to have instead" in customer.send(
        f"{draft}/wish/0", 422, resolution="exchange", exchange_for="SKU-9"
    )


def picture() -> io.BytesIO:
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), "#7a1f3d").save(drawn, "JPEG")
    drawn.seek(0)
    return drawn


def test_a_fault_needs_a_photo_and_a_person_may_be_asked(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/broken")
    fields = {"reason": "damaged_in_transit", "condition": "damaged", "comment": "crushed"}
    said = customer.send(f"{draft}/why/0/broken", 422, **fields)
    assert "We need a photo" in said and "crushed" in said
    customer.send(f"{draft}/why/0/broken", **fields, **{"photos-file": (picture(), "../../x.php")})
    assert "What would you like?" in customer.page
    customer.see(f"{draft}/why/0/broken")
    assert "/portal/demo/photos/" in customer.page
    shown = customer.page.split('src="/portal/demo/photos/')[1].split('"')[0]
    assert customer.browser.get(f"/portal/demo/photos/{shown}").mimetype == "image/jpeg"


def test_what_is_no_photo_is_refused_in_words(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/broken")
    fields = {"reason": "defective", "condition": "", "comment": "kept"}
    bad = {"photos-file": (io.BytesIO(b"<?php system($_GET[0]); ?>"), "x.jpg")}
    said = customer.send(f"{draft}/why/0/broken", 422, **fields, **bad)
    assert "not a photo that we can read" in said and "kept" in said


def test_what_cannot_be_returned_is_a_page_with_a_way_on(customer: Customer) -> None:
    customer.clock.turn(days=80)
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/keep")
    said = customer.send(f"{draft}/why/0/keep", reason="changed_mind", condition="", comment="")
    assert "This cannot be returned that way" in said and "Let a person decide" in said
    said = customer.send(f"{draft}/no/0")
    assert "A person will look at this first" in said
    customer.send(f"{draft}/check")
    (case,) = cases(customer)
    assert case.state == "requested" and case.review == "manual"


def test_units_that_another_return_holds_are_said_to_be(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose(**{"quantity-1": "1"})
    customer.see(f"{draft}/why/0/keep")
    customer.send(f"{draft}/why/0/keep", reason="changed_mind", condition="", comment="")
    customer.send(f"{draft}/wish/0", resolution="refund")
    second = _second_draft(customer)
    customer.see(f"{draft}/check")
    customer.send(f"{draft}/check")
    customer.see(f"{second}/check")
    said = customer.send(f"{second}/check", 409)
    assert "Another return already holds one of these items" in said
    assert len(cases(customer)) == 1


def _second_draft(customer: Customer) -> str:
    """As in a second tab."""
    customer.see("/portal/demo/items")
    draft = customer.choose(**{"quantity-1": "1"})
    customer.see(f"{draft}/why/0/keep")
    customer.send(f"{draft}/why/0/keep", reason="changed_mind", condition="", comment="")
    customer.send(f"{draft}/wish/0", resolution="refund")
    return draft


def test_nobody_sees_anothers_draft(customer: Customer, stranger: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    stranger.come_in("2002", "ben@example.com")
    stranger.see(f"{draft}/why/0", 404)
    stranger.see("/portal/demo/new/..%2f..%2fsecret/why/0", 404)


def test_a_post_from_another_site_does_nothing(customer: Customer) -> None:
    customer.come_in()
    answer = customer.browser.post(
        "/portal/demo/items", data={"quantity-0": "1"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
