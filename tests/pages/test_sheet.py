"""Text on a printed page: where its lines break and what happens to what does not fit."""

import pytest

from returns_service.pages.sheet import Sheet

CHINESE = "请妥善包，附。好（配）件 Retoure，OK"


@pytest.fixture
def sheet() -> Sheet:
    return Sheet("", "zh-Hans")


def test_chinese_breaks_between_characters_but_no_line_begins_with_a_full_stop(sheet: Sheet) -> None:
    room = sheet.width("请妥善", 10) + 0.1
    assert sheet.lines(CHINESE, 10, room) == ("请妥善", "包，", "附。好", "（配）", "件", "Retoure，", "OK")


def test_words_stay_whole(sheet: Sheet) -> None:
    words = "Pack the items well, in their original packaging."
    lines = sheet.lines(words, 10, 30)
    assert " ".join(lines) == words and len(lines) > 2
    assert all(sheet.width(line, 10) <= 30 for line in lines)


def test_what_does_not_fit_ends_in_an_ellipsis(sheet: Sheet) -> None:
    long = "Donaudampfschifffahrt " * 9
    cut = sheet.fit(long, 10, 50)
    assert cut.endswith("...") and long.startswith(cut[:-3])
    assert 45 < sheet.width(cut, 10) <= 50
    assert sheet.fit("short", 10, 50) == "short" and sheet.fit("", 10, 50) == ""
