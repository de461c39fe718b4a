"""The goods of the demo shop."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from returns_service import pages
from returns_service.demo import pictures
from returns_service.demo.catalogue import articles, language_of, localised, products
from returns_service.demo.people import people

PICTURES = Path(pages.__file__).parent / "static" / "demo"


def test_there_is_something_of_every_kind() -> None:
    kinds = {product.category.split("/")[0] for product in products()}
    assert kinds >= {"apparel", "shoes", "electronics", "cosmetics", "food", "furniture", "digital"}
    natures = {tag for product in products() for tag in product.tags}
    assert natures >= {
        "personalised",
        "perishable",
        "hygiene",
        "digital_content",
        "gift_card",
        "sealed_media",
        "large",
    }
    assert len(products()) >= 25


def test_every_article_has_a_sku_of_its_own_and_a_title_in_every_language() -> None:
    assert len(articles()) == sum(len(product.variants) or 1 for product in products())
    for article in articles().values():
        assert article.title("zh-Hans").encode("gb18030")
        assert len({article.title(language) for language in ("en", "zh-Hans")}) == 2


def test_titles_are_written_in_the_script_of_their_language() -> None:
    for article in articles().values():
        article.title("zh-Hant").replace("×", "x").encode("big5")
        article.title("zh-Hans").replace("×", "x").encode("gb2312")


def test_every_product_has_a_picture_that_is_well_formed() -> None:
    for product in products():
        drawing = pictures.svg(product.picture)
        assert drawing is not None
        ElementTree.fromstring(drawing)
    assert pictures.svg("nothing") is None


@pytest.mark.parametrize(
    ("currency", "expected"),
    [("EUR", 5990), ("USD", 6895), ("GBP", 5195), ("CNY", 46700), ("TWD", 209000), ("JPY", 9480)],
)
def test_prices_look_as_shops_write_them(currency: str, expected: int) -> None:
    assert localised(5990, currency) == expected


def test_customers_read_the_language_of_their_locale() -> None:
    spoken = {language_of(person.locale) for person in people().values()}
    assert spoken == {"en", "zh-Hans", "zh-Hant"}
    assert [language_of(x) for x in ("zh-HK", "zh-Hant-TW", "zh", "zh-Hans-CN", "ja-JP", None)] == [
        *("zh-Hant", "zh-Hant", "zh-Hans", "zh-Hans", "en", "en")
    ]


def test_the_pictures_that_are_served_are_the_ones_that_are_drawn() -> None:
    served = {file.stem: file.read_text() for file in PICTURES.glob("*.svg")}
    assert served == {name: pictures.svg(name) for name in pictures.names()}
