"""Which language a reader gets."""

import pytest

from returns_service.domain.languages import negotiate


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("zh-TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("zh_Hans_CN", "zh-Hans"),
        ("en-GB", "en"),
        ("ja-JP", "en"),
        (None, "en"),
    ],
)
def test_a_locale_gets_the_language_that_serves_it(wanted: str | None, language: str) -> None:
    assert negotiate(wanted) == language


def test_only_languages_on_offer_are_given() -> None:
    assert negotiate("zh-TW", ["en", "zh-Hans"]) == "en"
