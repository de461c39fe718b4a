"""Sign-in with the company's account, by a real browser: there and back, the role of our own table, and no for others."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from returns_service.usecases.create_shop import create_shop
from tests.browser.conftest import Open, Site
from tests.browser.office import trust
from tests.browser.test_screens import check, fits
from tests.ground.company import Company


@pytest.fixture
def company(site: Site) -> Iterator[Company]:
    made = Company()
    trust(site, made)
    yield made
    made.close()


def _enter(page: Page, company: Company, email: str) -> Page:
    company.person |= {"sub": email, "email": email}
    page.goto("/console/figures")
    page.click("text=Sign in with Nordlicht")
    return page


def test_the_company_says_who_and_our_table_says_what_they_may(
    site: Site, browse: Open, company: Company
) -> None:
    page = _enter(browse(), company, "marta@nordlicht.example")
    page.wait_for_url("**/console/figures")  # where they wanted to go
    expect(page.locator("nav >> text=Operations")).to_be_visible()
    expect(page.locator("nav >> text=People")).to_have_count(0)
    assert page.goto("/console/people").status == 403  # type: ignore[union-attr]
    page = _enter(browse(), company, "astrid@nordlicht.example")
    page.wait_for_url("**/console/figures")
    expect(page.locator("nav >> text=People")).to_be_visible()


def test_who_is_none_of_ours_and_whom_nobody_answers_come_in_by_password_alone(
    site: Site, browse: Open, company: Company
) -> None:
    page = browse()
    company.down = True
    _enter(page, company, "marta@nordlicht.example")
    expect(page.locator("[role=alert]")).to_contain_text("or sign in with your password")
    check(page, "company")
    fits(page, "company")
    page.fill("#email", "marta@nordlicht.example")
    page.fill("#password", "demo-manager")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-console=ready]")
    company.down = False
    page = _enter(browse(), company, "stranger@example.com")
    expect(page.locator("[role=alert]")).to_contain_text("Nobody of this shop's staff")
    _enter(page, company, "ben@nordlicht.example")
    expect(page.locator("[role=alert]")).to_contain_text("Your role works at the bench")
    with site.runtime.db.begin() as session:
        create_shop(session, "second", name="Second shop", now=site.runtime.now())
    page.goto("/console/sign-in/company")
    check(page, "which shop")
    fits(page, "which shop")
