"""Why money did not move: the product's words in every language, a gateway's own words beside them for staff alone."""

import pytest

from returns_service.domain import doubts
from returns_service.pages import money_words
from returns_service.pages.i18n import translator
from returns_service.pages.money_words import Why, booked, known, told, why

ENGLISH, SIMPLIFIED, TRADITIONAL = (translator(language).gettext for language in ("en", "zh-Hans", "zh-Hant"))


def test_every_sentence_that_is_written_down_is_told() -> None:
    written = {text for name, text in vars(doubts).items() if name.isupper() and isinstance(text, str)} - {
        doubts.STATUS
    }
    assert written == set(money_words.OWN)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("", Why("", "")),
        ("declined: Account 12 closed", Why("买家的银行拒收退款。", "Account 12 closed")),
        ("lost_or_stolen_card", Why("买家的银行卡已失效。", "")),
        ("some_new_code: Ask your bank.", Why("支付渠道另有说明。", "some_new_code: Ask your bank.")),
        ("status 503", Why("支付渠道发生故障。", "HTTP 503")),
        ("ReadTimeout: timed out", Why("支付渠道未及时响应。", "timed out")),
        (doubts.OTHER_AMOUNT.format(moved="0.01", wanted="51.50", currency="EUR"), Why("支付渠道实际退款 0.01，应退 51.50 EUR。", "")),
        (doubts.NO_GATEWAY.format(name="adyen"), Why("未配置支付渠道“adyen”。", "")),
        ("p1: chargeback_lost, p2: not_captured", Why("p1: 银行已将该笔付款拒付收回。 p2: 该笔付款从未实际扣款。", "")),
        ("replaced: store_credit declined: No.", Why("买家的银行拒收退款。 已改为发放购物金。", "No.")),
        ("replaced: dropped The customer keeps it.", Why("已确认无需退款。", note="The customer keeps it.")),
        ("I asked: the bank says no.", Why("", note="I asked: the bank says no.")),
    ],
)  # fmt: skip
def test_a_reason_is_told_in_the_language_of_its_reader(reason: str, expected: Why) -> None:
    assert why(reason, SIMPLIFIED) == expected


def test_the_gateways_words_are_said_once_and_marked() -> None:
    said = "declined: The customer's bank does not take the refund."
    assert told(said, ENGLISH) == "The customer's bank does not take the refund."
    assert told("declined: no such card", TRADITIONAL) == "買家的銀行拒收退款。金流原文：no such card"


def test_a_customer_reads_only_what_the_product_has_words_for() -> None:
    assert known("Out of stock.", TRADITIONAL) == "此商品缺貨。"
    assert known("The lazy supplier again", TRADITIONAL) == ""
    assert known("declined: The account 123 is closed.", ENGLISH) == ""


def test_a_line_of_a_book_is_told_as_money() -> None:
    assert (
        booked("ok 5500 EUR", lambda value, currency: f"{value} {currency}", SIMPLIFIED)
        == "55.00 EUR · 已付款"
    )
    assert booked("nothing", lambda value, _: value, SIMPLIFIED) == "无"
