"""Every message in every language about every kind of case; nothing foreign can break out of its place."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from returns_service.domain.notices import Notice
from returns_service.pages import i18n
from returns_service.pages.messages import Rendered, render
from tests.pages.chinese import simplified_in, traditional_in
from tests.pages.samples import CASES, LINKS, case, context, line, refund, replacement

NUMBER = "R-7F3K-92QD"
HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}</script>\u202egpj.exe\r\nBcc: x@y.example\x00"


class Page(HTMLParser):
    """The tags, links and visible text of an HTML part."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize("notice", list(Notice))
def test_every_message_about_every_case(notice: Notice, kind: str, language: str) -> None:
    said = render(notice, context(notice, CASES[kind], language), language)
    page = Page(said.html)
    assert said.subject.startswith(f"{NUMBER}: ") and len(said.subject) > len(NUMBER) + 4
    assert NUMBER in said.text and said.text.strip()
    assert "script" not in page.tags
    assert page.tags.count("a") <= 1, "one action each"
    assert said.text.count("https://") == page.tags.count("a"), "the same action in both forms"
    assert set(page.links) <= set(LINKS.values())
    assert not re.search(
        r"\bNone\b|\bUndefined\b|\{\{|%\(|no.?reply", said.text + said.subject, re.IGNORECASE
    )
    assert "\n\n\n" not in said.text
    shown = letters("".join(page.words))
    for row in said.text.splitlines():
        assert letters(row) in shown, f"only in the text part: {row}"


def letters(text: str) -> str:
    """What is read: no punctuation, no addresses (they are behind the button)."""
    return re.sub(r"\W", "", re.sub(r"https://\S+", "", text))


@pytest.mark.parametrize("notice", list(Notice))
def test_chinese_messages_keep_to_their_script(notice: Notice) -> None:
    for kind, found in CASES.items():
        if kind == "partly arrived":
            continue  # its article has a simplified title: the shop's own words are shown as they are
        assert simplified_in(render(notice, context(notice, found, "zh-Hant"), "zh-Hant").text) == set()
        assert traditional_in(render(notice, context(notice, found, "zh-Hans"), "zh-Hans").text) == set()


class TestForeignText:
    @pytest.fixture(params=list(Notice))
    def said(self, request: pytest.FixtureRequest) -> Rendered:
        hostile = case(
            lines=[
                line(
                    title=HOSTILE,
                    reason=HOSTILE,
                    received_quantity=1,
                    inspections=[{"quantity": 1, "findings": [HOSTILE]}],
                )
            ],
            refunds=[refund(method=HOSTILE, code=HOSTILE), refund(method="store_credit", code=HOSTILE)],
            replacements=[replacement(carrier=HOSTILE, tracking_number=HOSTILE)],
            fault={"party": "carrier", "message": HOSTILE, "final": True},
            outcome_reason=HOSTILE,
        )
        given = context(
            request.param,
            hostile,
            "en",
            message=HOSTILE,
            body=HOSTILE,
            reason=HOSTILE,
            answer=HOSTILE,
            carrier=HOSTILE,
        )
        given["shop"] = {
            "name": HOSTILE,
            "colour": "red;background:url(//x)",
            "logo_url": "javascript:alert(1)",
            "support_email": HOSTILE,
            "time_zone": "Europe/Berlin",
        }
        given["order"] = {"number": HOSTILE, "customer": {"name": HOSTILE}, "lines": []}
        given["links"] = {"portal": "javascript:alert(1)", "console": 'https://x.example/"onload="x'}
        return render(request.param, given, "en")

    def test_is_shown_as_text(self, said: Rendered) -> None:
        page = Page(said.html)
        assert "img" not in page.tags and "script" not in page.tags
        assert "onerror=alert(1)" not in re.sub(r"&lt;.*?&gt;", "", said.html)
        assert "49" not in said.text.replace("{{7*7}}", "")
        assert "url(//x)" not in said.html
        assert page.links == []

    def test_cannot_make_a_header(self, said: Rendered) -> None:
        assert not re.search(r"[\r\n\x00-\x1f]", said.subject)

    def test_cannot_turn_the_reading_direction(self, said: Rendered) -> None:
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00]", said.subject + said.text + said.html)


def test_a_shop_shows_its_own_face() -> None:
    given = context(Notice.RECEIVED, CASES["waiting"], "en")
    assert "#7a1f3d" in render(Notice.RECEIVED, given, "en").html
    given["shop"] = given["shop"] | {"logo_url": "https://cdn.example/logo.png", "colour": "#ffe600"}
    html = render(Notice.RECEIVED, given, "en").html
    assert 'src="https://cdn.example/logo.png"' in html
    assert "color: #111111" in html, "dark ink on a light colour"


def text(notice: str, kind: str, language: str = "en", **data: Any) -> str:
    said = render(notice, context(notice, CASES[kind], language, **data), language)
    return said.subject + "\n" + said.text


def test_the_receipt_tells_the_second() -> None:
    assert "1 Nov 2026 10:30:05 (Central European Standard Time)" in text(Notice.RECEIVED, "waiting")
    assert "2026年11月1日 10:30:05（中欧标准时间）收到" in text(Notice.SEND_BACK, "approved", "zh-Hans")


def test_what_comes_as_credit_is_told_apart_from_what_goes_back_to_the_payment() -> None:
    tenders = [{"payment_id": "p1", "amount": "40.00"}, {"payment_id": None, "amount": "11.50"}]
    mixed = case(quote={**case()["quote"], "tenders": tenders})
    said = render(Notice.SEND_BACK, context(Notice.SEND_BACK, mixed, "en"), "en")
    assert "€40.00 goes back to your payment, €11.50 comes as store credit." in said.text
    assert "comes as store credit" not in text(Notice.SEND_BACK, "approved")


@pytest.mark.parametrize("notice", [Notice.SEND_BACK, Notice.REMINDER])
def test_goods_that_are_brought_to_a_shop_need_no_parcel(notice: Notice) -> None:
    said = render(notice, context(notice, case(return_method="store"), "en"), "en")
    assert "bring" in said.subject and "Please bring it by" in said.text
    assert "send" not in said.text.replace("No parcel is needed.", "") and "into the parcel" not in said.text


def test_the_approval_says_until_when_and_how_much() -> None:
    said = text(Notice.SEND_BACK, "approved")
    assert "please send it by Wednesday 18 November 2026" in said
    assert "Return shipping: -€4.90" in said and "You get back: €51.50" in said
    assert render(Notice.SEND_BACK, context(Notice.SEND_BACK, CASES["approved"], "en"), "en").attachments == (
        "slip",
    )


def test_the_refusal_says_why_and_what_else() -> None:
    assert "> The soles are worn." in text(Notice.REFUSED, "refused")
    assert "- The 30 days are over." in text(Notice.REFUSED, "refused", message=None)
    assert "- Sell it." in text(Notice.REFUSED, "refused")


def test_the_inspection_tells_findings_and_what_is_missing() -> None:
    said = text(Notice.INSPECTED, "inspected")
    assert "1 × Linen shirt M (Intact, box damaged)" in said
    assert "1 × Linen shirt M (did not arrive)" in said
    assert "Responsible for the return: Carrier" in said


def test_the_refund_says_how_much_where_and_when() -> None:
    said = text(Notice.REFUNDED, "two tenders")
    assert f"{NUMBER}: We have refunded €51.50" in said
    assert "Amount: €40.00\nGoes to: the card you paid with\nArrives: usually 5 to 10 working days" in said
    assert "Amount: €11.50\nGoes to: the gift card you paid with\nArrives: at once" in said
    assert "A further €1.00" in text(Notice.REFUNDED, "under way")
    assert "Already refunded: €40.00." in text(Notice.REFUND_FAILED, "stuck")


def test_store_credit_comes_with_its_code() -> None:
    assert "€51.50: SC-4F7K-2MPQ" in text(Notice.STORE_CREDIT_ISSUED, "credit")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("replacement", "Your replacement is on its way"),
        ("repair", "Your repaired item"),
        ("sent back", "We are sending your items back to you"),
    ],
)
def test_goods_that_go_out_are_called_what_they_are(kind: str, words: str) -> None:
    said = text(Notice.REPLACEMENT_SHIPPED, kind)
    assert words in said and "DHL" in said and "00340" in said


@pytest.mark.parametrize("notice", [Notice.SEND_BACK, Notice.REMINDER])
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_who_gets_goods_in_advance_is_told_what_keeping_both_costs(notice: Notice, language: str) -> None:
    said = render(notice, context(notice, CASES["in advance"], language), language).text
    assert "40.00" in said
    assert "40.00" not in render(notice, context(notice, CASES["replacement"], language), language).text


def test_why_money_did_not_move_is_told_in_words_and_to_staff_alone() -> None:
    reason = {"reason": "declined: Account 12 closed"}
    said = render(
        Notice.STAFF_ALERT, context(Notice.STAFF_ALERT, CASES["stuck"], "zh-Hans", **reason), "zh-Hans"
    )
    assert "买家的银行拒收退款。支付渠道原文：Account 12 closed" in said.text
    assert "Account 12" not in text(Notice.REFUND_FAILED, "stuck", **reason)
    assert "Account 12" not in text(Notice.CHOICE_NEEDED, "replacement", **reason)
    assert "It is out of stock." in text(Notice.CHOICE_NEEDED, "replacement", reason="Out of stock.")
