"""The slip: one page, readable by people, scanners and programs, in the customer's language."""

import io
import re
import time
from typing import Any

import pytest
import segno
from barcode.codex import Code128
from pypdf import PdfReader

from returns_service.pages import i18n
from returns_service.pages.slip import slip
from tests.pages.samples import case, context, line

NUMBER = "R-7F3K-92QD"
LOCATION = {"name": "Retourenzentrum", "lines": ["Lagerstraße 12", "20357 Hamburg"]}


def given(language: str = "en", **changed: Any) -> dict[str, Any]:
    return context("send_back", case(**changed), language) | {"location": LOCATION}


def read(pdf: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(pdf))
    return reader, reader.pages[0].extract_text()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Return slip", "Please send it by", "Wednesday 18", "Changed my mind", "How to pack")),
        ("zh-Hans", ("退货单", "请于此日前寄出", "2026年11月18日（周三）", "不想要了", "打包说明")),
        ("zh-Hant", ("退貨單", "請於此日前寄出", "2026年11月18日（週三）", "不想要了", "包裝說明")),
    ],
)
def test_the_text_can_be_read_by_a_program(language: str, words: tuple[str, ...]) -> None:
    reader, text = read(slip(given(language), language))
    assert len(reader.pages) == 1
    for word in (*words, NUMBER, "Linen shirt M", "SHIRT-M", "2 ×", *LOCATION["lines"]):
        assert word in text
    assert reader.metadata is not None and NUMBER in str(reader.metadata.title)


def test_titles_in_any_script_are_drawn() -> None:
    _, text = read(slip(given(lines=[line(title="真丝围巾 / 絲質圍巾 / Seidentuch für 5 €")]), "en"))
    assert "真丝围巾 / 絲質圍巾 / Seidentuch für 5 €" in text


def test_the_number_is_a_barcode_twice() -> None:
    drawn = rectangles(slip(given(), "en"))
    bars = re.findall("1+", Code128(NUMBER).build()[0])
    for height in (16, 24):
        widths = [width for width, tall in drawn if tall == pytest.approx(height * 72 / 25.4, abs=0.1)]
        assert len(widths) == len(bars)
        module = min(widths)
        assert [round(width / module) for width in widths] == [len(bar) for bar in bars]


def test_the_address_of_the_return_is_a_qr_code() -> None:
    code = segno.make_qr(given()["links"]["portal"], error="m")
    bars = sum(len(re.findall("1+", "".join(map(str, map(int, row))))) for row in code.matrix_iter(border=0))
    assert len([1 for _, tall in rectangles(slip(given(), "en")) if tall < 4]) == bars


def rectangles(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of every filled rectangle."""
    content = PdfReader(io.BytesIO(pdf)).pages[0].get_contents()
    assert content is not None
    found = re.findall(rb"[\d.-]+ [\d.-]+ ([\d.-]+) ([\d.-]+) re f", content.get_data())
    return [(abs(float(width)), abs(float(tall))) for width, tall in found]


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
    assert time.perf_counter() - began < 0.6
