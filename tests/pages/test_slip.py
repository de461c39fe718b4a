"""The slip: one page, readable by people, scanners and programs, in the customer's language."""

import io
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from returns_service.pages import i18n
from returns_service.pages.slip import slip
from tests.pages.samples import case, context, line

NUMBER = "R-7F3K-92QD"
LOCATION = {"name": "Retourenzentrum", "lines": ["Lagerstraße 12", "20357 Hamburg"]}


def given(language: str = "en", **changed: Any) -> dict[str, Any]:
    return context("send_back", case(**changed), language) | {"location": LOCATION}


def read(pdf: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    return reader, reader.pages[0].extract_text()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Return slip", "Please send it by", "Wednesday 18", "Changed my mind", "How to pack")),
        ("zh-Hans", ("退货单", "最晚寄出时间", "2026年11月18日（周三）", "不想要了", "打包说明")),
        ("zh-Hant", ("退貨單", "最晚寄出時間", "2026年11月18日（週三）", "不想要了", "包裝說明")),
    ],
)
def test_the_text_can_be_read_by_a_program(language: str, words: tuple[str, ...]) -> None:
    reader, text = read(slip(given(language), language))
    assert len(reader.pages) == 1
    for word in (*words, NUMBER, "Linen shirt M", "SHIRT-M", "2 ×", *LOCATION["lines"]):
        assert word in text
    assert reader.metadata is not None and NUMBER in str(reader.metadata.title)


def test_a_slip_says_its_language_and_when_its_return_began() -> None:
    reader, _ = read(slip(given("zh-Hant"), "zh-Hant"))
    assert reader.root_object["/Lang"] == "zh-Hant"
    assert reader.metadata is not None and reader.metadata.author == "Hanse Mode"
    assert reader.metadata.creation_date == datetime(2026, 11, 1, 9, 30, 5, tzinfo=UTC)


def test_more_characters_than_one_font_of_a_document_holds() -> None:
    titles = ["".join(map(chr, range(start, start + 20))) for start in range(0x6000, 0x6000 + 8 * 20, 20)]
    skus = ["".join(map(chr, range(start, start + 20))) for start in range(0x6800, 0x6800 + 8 * 20, 20)]
    lines = [line(title=title, sku="", reason=sku) for title, sku in zip(titles, skus, strict=True)]
    _, text = read(slip(given(lines=lines), "en"))
    assert all(title in text for title in titles) and all(sku in text for sku in skus)


def test_characters_that_no_font_has_do_no_harm() -> None:
    assert "Mug" in read(slip(given(lines=[line(title="\U0001f600 Mug \U0010fffd")]), "en"))[1]


def test_titles_in_any_script_are_drawn() -> None:
    _, text = read(slip(given(lines=[line(title="真丝围巾 / 絲質圍巾 𠮷 / Seidentuch für 5 €")]), "en"))
    assert "真丝围巾 / 絲質圍巾 𠮷 / Seidentuch für 5 €" in text


def test_a_scanner_reads_the_number_twice_and_the_address_of_the_return() -> None:
    read_back = {round(height * 25.4 / 72): scanned(rows) for rows, height in codes(slip(given(), "en"))}
    assert read_back.pop(16) == read_back.pop(24) == ("Code 128", NUMBER)
    assert list(read_back.values()) == [("QR Code", given()["links"]["portal"])]


def scanned(rows: list[str]) -> tuple[str, str]:
    """Kind and text of modules, as a reader sees them on paper: three dots each, and white around them."""
    tall = 3 if len(rows) > 1 else 40
    paper = Image.new("L", (len(rows[0]) * 3 + 60, len(rows) * tall + 60), 255)
    for top, row in enumerate(rows):
        for left, module in enumerate(row):
            shade = 0 if module == "1" else 255
            paper.paste(shade, (left * 3 + 30, top * tall + 30, left * 3 + 33, (top + 1) * tall + 30))
    (found,) = zxingcpp.read_barcodes(paper)
    return str(found.format), found.text


def codes(pdf: bytes) -> list[tuple[list[str], float]]:
    """The rows of modules of everything that is drawn as such, and how tall one is."""
    content = PdfReader(io.BytesIO(pdf)).pages[0].get_contents()
    assert content is not None
    drawn = re.findall(rb"q 0 g [\d.]+ 0 0 (-[\d.]+) [\d.]+ [\d.]+ cm\s([\d re\s]+)f Q", content.get_data())
    return [(rows(text.decode()), -float(height)) for height, text in drawn]


def rows(drawn: str) -> list[str]:
    bars = [tuple(map(int, bar)) for bar in re.findall(r"(\d+) (\d+) (\d+) 1 re", drawn)]
    width = max(left + wide for left, _, wide in bars)
    found = [["0"] * width for _ in range(max(top for _, top, _ in bars) + 1)]
    for left, top, wide in bars:
        found[top][left : left + wide] = "1" * wide
    return ["".join(row) for row in found]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_many_lines_and_long_words_stay_on_one_page(language: str) -> None:
    many = [line(id=str(n), title=f"{n} " + "Donaudampfschifffahrtsgesellschaft 商品" * 9) for n in range(60)]
    changed = given(language, lines=many, deadlines=[])
    changed["location"] = {"name": "W" * 300, "lines": ["long " * 80] * 20}
    reader, text = read(slip(changed, language))
    assert len(reader.pages) == 1
    assert "52" in text, "how many lines are not shown"


def test_a_bare_case_has_a_slip_too() -> None:
    changed = given(lines=[line(title="", reason="", resolution="")], deadlines=[])
    changed |= {"location": None, "links": {}, "shop": {}}
    assert NUMBER in read(slip(changed, "en"))[1]


def test_a_carrier_label_of_the_shop_is_named() -> None:
    label = {"url": "https://x.example/label.pdf", "carrier": "dhl", "tracking_number": "00340"}
    assert "DHL 00340" in read(slip(given(label=label), "en"))[1]


def test_foreign_text_is_only_text() -> None:
    _, text = read(slip(given(lines=[line(title="\u202egpj.exe\x00 <b>x</b>")]), "en"))
    assert "gpj.exe <b>x</b>" in text and "\u202e" not in text


def test_the_same_case_gives_the_same_bytes_quickly() -> None:
    first = slip(given("zh-Hant"), "zh-Hant")
    began = time.perf_counter()
    assert slip(given("zh-Hant"), "zh-Hant") == first
    assert time.perf_counter() - began < 0.1


def test_slips_drawn_side_by_side_are_the_same_as_one_after_the_other() -> None:
    """Each brings characters that no slip had before, which gives the font to all threads anew."""
    signs = [chr(code) for code in range(0x7000, 0x7018)]
    cases = [given("zh-Hant", lines=[line(title=sign * 3)]) for sign in signs]
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda found: slip(found, "zh-Hant"), cases))
    assert [sign * 3 in read(pdf)[1] for sign, pdf in zip(signs, drawn, strict=True)] == [True] * len(signs)
    assert drawn == [slip(found, "zh-Hant") for found in cases]


def test_what_is_brought_to_a_shop_has_no_part_for_a_parcel() -> None:
    reader, text = read(slip(given(return_method="store"), "en"))
    assert "Please bring it by" in text and "Bring it to" in text and "at the counter" in text
    assert "Cut here" not in text and "Lagerstraße" not in text and len(reader.pages) == 1
