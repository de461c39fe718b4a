"""No text is missing in a language, none is left over, each keeps to its script and its placeholders."""

import re

import pytest
from babel.messages.catalog import Message

from returns_service.pages import catalogues, i18n
from tests.pages.chinese import simplified_in, traditional_in

MAINLAND_WORDS = (
    "快递",
    "邮箱",
    "邮件",
    "信息",
    "視頻",
    "短信",
    "支持",
    "鏈接",
    "用戶",
    "默認",
    "賬",
    "回復",
    "郵件",
    "工作日",
    "信息",
)


def messages(language: str) -> list[Message]:
    return [m for file in i18n.catalogue_files(language) for m in i18n.read(file) if m.id]


def strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string]


def test_every_text_is_translated_and_none_is_stale() -> None:
    gaps = list(catalogues.missing())
    assert not gaps, "run `python -m returns_service.pages.catalogues` and translate:\n" + "\n".join(gaps)


def test_traditional_texts_hold_no_simplified_character() -> None:
    for message in messages("zh-Hant"):
        for text in strings(message):
            assert simplified_in(text) == set(), text
            assert not [word for word in MAINLAND_WORDS if word in text], text


def test_simplified_texts_hold_no_traditional_character() -> None:
    for message in messages("zh-Hans"):
        for text in strings(message):
            assert traditional_in(text) == set(), text


@pytest.mark.parametrize("language", i18n.LANGUAGES[1:])
def test_translations_keep_their_placeholders(language: str) -> None:
    for message in messages(language):
        wanted = set(re.findall(r"%\(\w+\)[sd]", "".join(message.id)))
        for text in strings(message):
            assert set(re.findall(r"%\(\w+\)[sd]", text)) <= wanted, text
            if "%(" in message.id and not isinstance(message.id, (tuple, list)):
                assert set(re.findall(r"%\(\w+\)[sd]", text)) == wanted, text


def test_the_two_scripts_are_told_apart() -> None:
    assert simplified_in("退货换货与后") == set("货换与后")
    assert simplified_in("退貨換貨與後，鑑賞期") == set()
    assert traditional_in("退貨換貨") == set("貨換")
    assert traditional_in("退货换货，七天无理由") == set()
