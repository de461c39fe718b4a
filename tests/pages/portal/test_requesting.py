"""From the items to the return: every question, every way back, nothing twice, nobody else's."""

import io
import re

import pytest
from PIL import Image
from sqlmodel import select

from returns_service.domain.actor import Actor
from returns_service.store.tables import ReturnCase
from returns_service.usecases.bench import parcel
from returns_service.usecases.case_page import case_page
from tests.pages.portal.conftest import Customer


def cases(customer: Customer) -> list[ReturnCase]:
    with customer.runtime.db.read() as session:
        return list(session.exec(select(ReturnCase)))


def test_every_item_says_until_when_and_how_much(customer: Customer) -> None:
    said = customer.come_in()
    assert "Shirt 1" in said and "Return by" in said and "up to €40.00 back" in said, "in a shop it is free"
    assert "How many? (up to 2)" in said and "Send this back" in said


def test_a_return_without_a_script(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose(**{"quantity-0": "2"})
    assert "What is the matter?" in customer.see(f"{draft}/why/0")
    customer.see(f"{draft}/why/0/keep")
    said = customer.send(f"{draft}/why/0/keep", reason="changed_mind", condition="unopened", comment="")
    assert "What would you like?" in said and "Refund" in said and "€" in said
    said = customer.wish(draft)
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
    customer.wish(draft)
    customer.send(f"{draft}/check")
    first = customer.path
    customer.send(f"{draft}/check")
    assert customer.path == first and len(cases(customer)) == 1
    customer.see(f"{draft}/check")
    assert customer.path == first, "the way back does not lead to what is sent"


def test_several_items_are_asked_for_one_after_the_other(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose(**{"quantity-0": "1", "quantity-1": "1"})
    assert "Item 1 of 2" in customer.page
    customer.see(f"{draft}/why/0/keep")
    customer.send(f"{draft}/why/0/keep", reason="changed_mind", condition="", comment="")
    customer.wish(draft)
    assert "Item 2 of 2" in customer.page
    customer.see(f"{draft}/why/1/keep")
    customer.send(f"{draft}/why/1/keep", reason="too_small", condition="", comment="")
    assert "only once for the whole return" in customer.page
    said = customer.wish(draft, 1, resolution="exchange", exchange_for="SKU-2-X")
    assert "Another shirt" in said and "Check your return" in said
    assert "Exchange: <bdi>Another shirt" in customer.send(f"{draft}/check")


def test_what_comes_as_credit_is_told_before_and_after_it_is_sent(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose(**{"quantity-0": "1", "quantity-1": "1"})
    for n, wanted in enumerate(("refund", "store_credit")):
        customer.see(f"{draft}/why/{n}/keep")
        customer.send(f"{draft}/why/{n}/keep", reason="changed_mind", condition="", comment="")
        said = customer.wish(draft, n, resolution=wanted)
    assert "goes back to your payment" in said and "comes as store credit" in said
    assert "comes as store credit" in customer.send(f"{draft}/check")


@pytest.mark.parametrize("quantity", ["0", "3", "-1", "x", ""])
def test_impossible_quantities_are_told(customer: Customer, quantity: str) -> None:
    customer.come_in()
    said = customer.send("/portal/demo/items", 422, **{"quantity-0": quantity})
    assert "There is something to put right" in said


def test_only_reasons_for_this_item_are_offered_and_taken(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    said = customer.see(f"{draft}/why/0/keep")
    assert "Too small" in said and "It does not fit what I have" not in said
    said = customer.send(f"{draft}/why/0/keep", 422, reason="incompatible", condition="", comment="")
    assert "Choose the reason that fits best." in said


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
    assert "We need a photo" in said and "crushed" in said and 'name="shown-photo"' not in said
    customer.send(f"{draft}/why/0/broken", **fields, **{"photos-file": (picture(), "../../x.php")})
    assert "What would you like?" in customer.page
    customer.see(f"{draft}/why/0/broken")
    assert "/portal/demo/photos/" in customer.page
    shown = customer.page.split('src="/portal/demo/photos/')[1].split('"')[0]
    assert customer.browser.get(f"/portal/demo/photos/{shown}").mimetype == "image/jpeg"


def test_photos_as_large_as_a_camera_makes_them_come_without_a_script(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/broken")
    large = io.BytesIO()
    Image.effect_noise((1500, 1300), 90).convert("RGB").save(large, "PNG")
    assert large.tell() > 2_000_000
    large.seek(0)
    fields = {"reason": "damaged_in_transit", "condition": "", "comment": ""}
    customer.send(f"{draft}/why/0/broken", **fields, **{"photos-file": (large, "IMG_0001.PNG")})
    assert "What would you like?" in customer.page


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
    customer.wish(draft)
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
    customer.wish(draft)
    return draft


def test_nobody_sees_anothers_draft(customer: Customer, stranger: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    stranger.come_in("2002", "ben@example.com")
    assert "What you had entered is no longer there." in stranger.see(f"{draft}/why/0")
    stranger.see("/portal/demo/new/..%2f..%2fsecret/why/0", 404)
    stranger.see("/portal/demo/new/secret/check")
    assert stranger.path == "/portal/demo/items"


def test_a_post_from_another_site_does_nothing(customer: Customer) -> None:
    customer.come_in()
    answer = customer.browser.post(
        "/portal/demo/items", data={"quantity-0": "1"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_everything_can_be_chosen_at_once(customer: Customer) -> None:
    customer.come_in()
    said = customer.see("/portal/demo/items?all=1")
    assert 'value="2"' in said and "checked" in said


def test_other_items_keep_what_was_answered_about_the_rest(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose(**{"quantity-0": "2"})
    customer.see(f"{draft}/why/0/keep")
    customer.send(f"{draft}/why/0/keep", reason="too_small", condition="", comment="A size up, please")
    customer.wish(draft)
    customer.see(f"{draft}/items")
    customer.send(f"{draft}/items", **{"quantity-0": "1", "quantity-1": "1"})
    assert customer.path.endswith("/why/1"), "only the new item is asked about"
    customer.see(f"{draft}/why/1/keep")
    customer.send(f"{draft}/why/1/keep", reason="too_small", condition="", comment="")
    said = customer.wish(draft, 1)
    assert "Check your return" in said and "A size up, please" in said and "1 × <bdi>Shirt 1" in said


def upload(customer: Customer, path: str, status: int = 200) -> str:
    token = customer.page.split('data-token="')[1].split('"')[0]
    answer = customer.browser.post(
        path, data={"photo": (picture(), "x.jpg")}, headers={"X-CSRF-Token": token}
    )
    assert answer.status_code == status, answer.text
    return str(answer.json["id"]) if answer.json else ""


def test_photos_stay_with_the_draft_until_they_are_taken_out(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/broken")
    one, two = (upload(customer, f"{draft}/photos/0") for _ in range(2))
    assert one in customer.see(f"{draft}/why/0/broken") and two in customer.page, "as after a reload"
    customer.send(f"{draft}/why/0/broken", photos=[one, two], remove=one, comment="kept")
    assert one not in customer.page and two in customer.page and "kept" in customer.page
    assert customer.browser.get(f"/portal/demo/photos/{one}").status_code == 404
    token = {"X-CSRF-Token": customer.page.split('data-token="')[1].split('"')[0]}
    assert customer.browser.post(f"{draft}/photos/0/{two}/remove", headers=token).status_code == 204
    assert two not in customer.see(f"{draft}/why/0/broken")


def test_what_a_photo_shows_is_said_wherever_it_is_seen(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/broken")
    one, two = (upload(customer, f"{draft}/photos/0") for _ in range(2))
    said = {"reason": "damaged_in_transit", "comment": "crushed", f"alt-{one}": 'The "seam" is open'}
    customer.send(f"{draft}/why/0/broken", photos=[one, two], **said)
    assert 'The "seam" is open' in customer.see(f"{draft}/why/0/broken")
    customer.wish(draft)
    customer.send(f"{draft}/check")
    alt = re.findall(rf'photos/(?:{one}|{two})" alt="([^"]*)"', customer.page)
    assert alt == ["The &#34;seam&#34; is open", "Photo 2 of Shirt 1, uploaded on 7 Oct 2026"]
    with customer.runtime.db.read() as session:
        (case,) = session.exec(select(ReturnCase))
        staff = Actor.of("staff", case.shop_id)
        seen = case_page(session, case.id, actor=staff, language="en")["told"]
        bench = parcel(session, case.id, actor=staff, language="en")["told"]
    assert seen[one]["alt"] == bench[one]["alt"] == 'The "seam" is open' and seen[two]["alt"] == ""


def test_a_form_of_yesterday_gives_back_what_was_written(customer: Customer) -> None:
    customer.come_in()
    number = customer.request()
    customer.browser.delete_cookie("returns_portal", path="/portal")
    said = customer.send(f"/portal/demo/returns/{number}/message", 401, message="A long letter")
    assert "You were signed out" in said and "A long letter" in said and "Sign in again" in said
