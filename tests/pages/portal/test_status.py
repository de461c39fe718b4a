"""Following a return: what happened, what comes next, and what the customer can still do."""

from sqlmodel import select

from returns_service.domain.actor import Actor
from returns_service.store import cases, shops
from returns_service.store.tables import Rating
from returns_service.usecases.ask import ask
from returns_service.usecases.find_order import find_return
from tests.pages.portal.conftest import Customer
from tests.pages.portal.test_requesting import picture

HOSTILE = "<img src=x onerror=alert(1)>\u202e{{7*7}}"


def test_strangers_with_the_number_see_the_state_alone(customer: Customer, stranger: Customer) -> None:
    customer.come_in()
    number = customer.request()
    said = stranger.see(f"/portal/demo/returns/{number}")
    assert "Reviewed" in said and "Shirt" not in said and "€" not in said and "ana@" not in said
    for path in ("slip.pdf", "calendar.ics", "qr.svg", "version.json"):
        assert "Return or exchange" in stranger.see(f"/portal/demo/returns/{number}/{path}")
    stranger.come_in("2002", "ben@example.com")
    assert "Shirt" not in stranger.see(f"/portal/demo/returns/{number}")
    stranger.see(f"/portal/demo/returns/{number}/slip.pdf", 404)
    stranger.see("/portal/demo/items")
    stranger.send(f"/portal/demo/returns/{number}/cancel", 404)


def test_the_number_is_read_as_it_is_said(customer: Customer) -> None:
    customer.come_in()
    number = customer.request()
    assert number in customer.see(f"/portal/demo/returns/{number.replace('-', '').lower()}")
    customer.see("/portal/demo/returns/R-2222-2222", 404)


def test_slip_calendar_and_code_can_be_taken_along(customer: Customer) -> None:
    customer.come_in()
    number = customer.request()
    get = customer.browser.get
    assert get(f"/portal/demo/returns/{number}/slip.pdf").data.startswith(b"%PDF")
    calendar = get(f"/portal/demo/returns/{number}/calendar.ics").text
    assert f"SUMMARY:Send return {number}" in calendar and "DTSTART;VALUE=DATE:2026" in calendar
    assert "<svg" in get(f"/portal/demo/returns/{number}/qr.svg").text


def test_a_return_can_be_shipped_and_talked_about(customer: Customer) -> None:
    customer.come_in()
    number = customer.request()
    said = customer.send(f"/portal/demo/returns/{number}/message", message=HOSTILE)
    assert "Thank you. We have it." in said
    assert (
        "<img src=x" not in customer.page
        and "&lt;img src=x" in customer.page
        and "\u202e" not in customer.page
    )
    said = customer.send(f"/portal/demo/returns/{number}/ship", carrier="DHL", tracking_number="0034")
    assert "On its way back" in said
    assert "Write what you want to say." in customer.send(
        f"/portal/demo/returns/{number}/message", 422, message=" "
    )


def test_a_return_can_be_cancelled_once(customer: Customer) -> None:
    customer.come_in()
    number = customer.request()
    version = customer.page.split('name="version" value="')[1].split('"')[0]
    assert "Your return is cancelled." in customer.send(
        f"/portal/demo/returns/{number}/cancel", version=version
    )
    assert "I object to the decision" not in customer.page
    assert "Cancel this return" not in customer.page


def test_a_stale_page_is_told_and_changes_nothing(customer: Customer) -> None:
    customer.come_in()
    number = customer.request()
    customer.send(f"/portal/demo/returns/{number}/message", message="Hello")
    said = customer.send(f"/portal/demo/returns/{number}/cancel", 412, version="1")
    assert "has changed in the meantime" in said and "Cancel this return" in said


def test_a_question_of_the_shop_is_answered(customer: Customer) -> None:
    customer.clock.turn(days=80)
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/keep")
    customer.send(f"{draft}/why/0/keep", reason="changed_mind", condition="", comment="")
    customer.send(f"{draft}/no/0")
    customer.send(f"{draft}/check")
    number = customer.path.rsplit("/", 1)[-1]
    runtime = customer.runtime
    with runtime.db.begin() as session:
        shop = shops.by_slug(session, "demo")
        found = find_return(session, shop.id, number)
        assert found is not None
        ask(
            session,
            found.id,
            expected=None,
            actor=Actor.of("staff", shop.id),
            now=runtime.now(),
            message="Which size?",
        )
    said = customer.see(f"/portal/demo/returns/{number}")
    assert "Our question to you" in said and "Which size?" in said
    said = customer.send(f"/portal/demo/returns/{number}/answer", message="M")
    assert "You answered" in said


def test_a_refusal_can_be_objected_to(customer: Customer) -> None:
    customer.come_in()
    number = customer.request()
    customer.called_off(number)
    assert "I object to the decision" in customer.see(f"/portal/demo/returns/{number}")
    said = customer.send(f"/portal/demo/returns/{number}/objection", message="That was a mistake")
    assert "That was a mistake" in said and "We are looking at it" in said
    assert "not possible any more" in customer.send(
        f"/portal/demo/returns/{number}/objection", 409, message="again"
    )


def test_customers_take_away_what_is_kept_about_them_and_nobody_elses(
    customer: Customer, stranger: Customer
) -> None:
    customer.come_in()
    number = customer.request()
    customer.mails()
    kept = customer.browser.get("/portal/demo/data.json").json
    assert kept is not None and kept["order"]["customer"]["email"] == "ana@example.com"
    assert [entry["number"] for entry in kept["returns"]] == [number]
    assert kept["returns"][0]["mails"] and kept["returns"][0]["events"]
    assert all(line["decision"]["trace"] == [] for line in kept["returns"][0]["lines"])
    stranger.come_in("2002", "ben@example.com")
    assert number not in stranger.browser.get("/portal/demo/data.json").text


def test_photos_can_be_added_and_nobody_else_sees_them(customer: Customer, stranger: Customer) -> None:
    customer.come_in()
    number = customer.request()
    said = customer.send(f"/portal/demo/returns/{number}/photos", 422)
    assert "Choose a photo first." in said
    photo = {"photos-file": (picture(), "seam.jpg"), "alt": "The open seam"}
    assert "Thank you. We have it." in customer.send(f"/portal/demo/returns/{number}/photos", **photo)
    address = customer.page.split('src="/portal/demo/photos/')[1].split('"')[0]
    assert customer.browser.get(f"/portal/demo/photos/{address}").mimetype == "image/jpeg"
    stranger.come_in("2002", "ben@example.com")
    assert stranger.browser.get(f"/portal/demo/photos/{address}").status_code == 404


def test_a_good_end_is_rated_once(customer: Customer) -> None:
    customer.come_in()
    number = customer.request()
    runtime = customer.runtime
    with runtime.db.begin() as session:
        shop = shops.by_slug(session, "demo")
        found = find_return(session, shop.id, number)
        assert found is not None
        case = cases.load(session, found.id, Actor.of("system", shop.id))
        case.row.state = "refunded"
        session.add(case.row)
    assert "How was it?" in customer.see(f"/portal/demo/returns/{number}")
    said = customer.send(f"/portal/demo/returns/{number}/rating", 422, comment="kept")
    assert "kept" in said and "Choose an answer first." in said
    customer.send(f"/portal/demo/returns/{number}/rating", 422, score="9", comment="kept")
    said = customer.send(f"/portal/demo/returns/{number}/rating", score="5", ease="6", comment="Quick")
    assert "Thank you for your rating." in said and "How was it?" not in said
    with runtime.db.read() as session:
        given = session.exec(select(Rating.kind, Rating.score, Rating.comment).order_by(Rating.kind)).all()
    assert given == [("ces", 6, ""), ("csat", 5, "Quick")]


def test_right_after_the_request_it_is_asked_how_easy_it_was(customer: Customer) -> None:
    customer.come_in()
    number = customer.request()
    assert "How easy was it" in customer.page and "How satisfied" not in customer.page
    said = customer.send(f"/portal/demo/returns/{number}/rating", ease="7", comment="")
    assert "Thank you for your rating." in said and "How easy was it" not in said
