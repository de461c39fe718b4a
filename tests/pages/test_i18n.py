"""Which language a reader gets, and how it writes money and days."""

from datetime import UTC, datetime

import pytest

from returns_service.pages import i18n


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh_Hant_TW", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh_CN.UTF-8", "zh-Hans"),
        ("de,zh;q=0.5", "zh-Hans"),
        ("de-DE,de", "en"),
        ("en;q=0,zh-TW;q=0.1", "zh-Hant"),
        ("en;q=0.5,zh-TW", "zh-Hant"),
        ("", "en"),
        (None, "en"),
        (";;q=x,,", "en"),
    ],
)
def test_the_language_for_a_wish(wanted: str | None, language: str) -> None:
    assert i18n.negotiate(wanted) == language


def test_a_shop_may_offer_fewer() -> None:
    assert i18n.negotiate("zh-TW", ["en", "zh-Hans"]) == "en"


@pytest.mark.parametrize(
    ("amount", "currency", "en", "hans", "hant"),
    [
        ("1051.50", "EUR", "€1,051.50", "€1,051.50", "€1,051.50"),
        ("-4.90", "EUR", "-€4.90", "-€4.90", "-€4.90"),
        ("19.90", "CNY", "CN¥19.90", "¥19.90", "CN¥19.90"),
        ("1000.00", "TWD", "NT$1,000", "NT$1,000", "NT$1,000"),
        ("-10.50", "TWD", "-NT$10.50", "-NT$10.50", "-NT$10.50"),
        ("1200", "JPY", "¥1,200", "JP¥1,200", "¥1,200"),
        ("1.250", "KWD", "KWD\xa01.250", "KWD\xa01.250", "KWD\xa01.250"),
        ("9.99", "USD", "$9.99", "US$9.99", "US$9.99"),
    ],
)
def test_money(amount: str, currency: str, en: str, hans: str, hant: str) -> None:
    assert [i18n.format_amount(amount, currency, language) for language in i18n.LANGUAGES] == [en, hans, hant]


def test_days_and_instants() -> None:
    late = "2026-11-18T23:30:05Z"
    assert i18n.format_date("2026-11-18", "en") == "Wednesday 18 November 2026"
    assert i18n.format_date("2026-11-18", "zh-Hans") == "2026年11月18日（周三）"
    assert i18n.format_date("2026-11-18", "zh-Hant") == "2026年11月18日（週三）"
    assert i18n.format_date(late, "en", zone="Europe/Berlin", short=True) == "19 Nov 2026"
    assert i18n.format_instant(late, "Asia/Taipei", "zh-Hant", seconds=True) == "2026年11月19日 07:30:05"
    assert i18n.zone_name(late, "Asia/Taipei", "zh-Hant") == "台北標準時間"
    assert i18n.format_ago(late, datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "zh-Hans") == "3天前"


def test_percentages_and_numbers() -> None:
    assert i18n.format_percent("12.50", "en") == "12.5%"
    assert i18n.format_number(12345, "zh-Hant") == "12,345"
