"""What the demo shop sells: its goods, their variants and prices, in three languages and six currencies."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from returns_service.demo.reading import read
from returns_service.domain import money

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
Texts = tuple[str, str, str]
"""In the order of LANGUAGES."""


@dataclass(frozen=True)
class Variant:
    """A size, colour or capacity; `extra` euro cents are added to the price of the product."""

    code: str
    label: Texts
    extra: int = 0


@dataclass(frozen=True)
class Product:
    """One article with its variants; without any, its own SKU is sold. `price` in euro cents, tax included."""

    sku: str
    category: str
    price: int
    title: Texts
    picture: str
    variants: tuple[Variant, ...] = ()
    tags: tuple[str, ...] = ()
    weight: int = 300
    """Grams."""
    brand: str = "Nordlicht"
    supplier: str = "s-1"
    digital: bool = False
    serial: str | None = None
    popularity: int = 10


@dataclass(frozen=True)
class Article:
    """What one order line is about: a product in one variant."""

    product: Product
    variant: Variant | None

    @property
    def sku(self) -> str:
        return f"{self.product.sku}-{self.variant.code}" if self.variant else self.product.sku

    def title(self, language: str) -> str:
        at = LANGUAGES.index(language)
        label = f" {self.variant.label[at]}" if self.variant else ""
        return self.product.title[at] + label

    def price(self, currency: str) -> int:
        """Of one unit, in minor units of a currency, as a shop would round it."""
        return localised(self.product.price + (self.variant.extra if self.variant else 0), currency)

    def others(self) -> tuple["Article", ...]:
        """The other variants: what a customer may exchange this one for."""
        return tuple(Article(self.product, v) for v in self.product.variants if v != self.variant)


_RATES = {"USD": 115, "GBP": 86, "CNY": 780, "TWD": 3500, "JPY": 160}
"""Minor units for one hundred euro cents."""


def localised(cents: int, currency: str) -> int:
    """A price in euro cents as a price tag in another currency."""
    if currency == "EUR":
        return cents
    amount = cents * _RATES[currency] // 100
    if currency == "JPY":
        return max(amount // 100 * 100 - 20, 80)
    if currency in ("CNY", "TWD"):
        step = 100 if currency == "CNY" else 1000
        return max(amount // step * step, step)
    return max(amount // 100 * 100 + 95, 95)


def _product(row: Mapping[str, Any], variants: Mapping[str, tuple[Variant, ...]]) -> Product:
    return Product(
        **{
            **row,
            "price": money.parse(row["price"], "EUR"),
            "title": tuple(row["title"]),
            "tags": tuple(row.get("tags", ())),
            "variants": variants[row["variants"]] if "variants" in row else (),
        }
    )


def _variant(row: Mapping[str, Any]) -> Variant:
    label = tuple(row.get("label", [row["code"]] * len(LANGUAGES)))
    return Variant(row["code"], label, money.parse(row.get("extra", "0.00"), "EUR"))


@cache
def products() -> tuple[Product, ...]:
    """Everything that is on sale."""
    data = read("catalogue")
    variants = {name: tuple(_variant(row) for row in rows) for name, rows in data["variants"].items()}
    return tuple(_product(row, variants) for row in data["products"])


@cache
def articles() -> Mapping[str, Article]:
    """SKU -> what is sold under it."""
    found = (Article(product, variant) for product in products() for variant in product.variants or (None,))
    return MappingProxyType({article.sku: article for article in found})


def language_of(locale: str | None) -> str:
    """The language of the demo shop's titles for a customer's locale: English when it is another."""
    wanted = (locale or "").lower()
    if wanted.startswith(("zh-hant", "zh-tw", "zh-hk", "zh-mo")):
        return "zh-Hant"
    return "zh-Hans" if wanted.startswith("zh") else "en"
