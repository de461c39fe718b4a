"""From what was bought to the body of `PUT /v1/orders/{id}`: prices, taxes, parcels and payments that add up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from returns_service.demo.catalogue import Article, articles, language_of
from returns_service.demo.people import Person
from returns_service.domain import money

Body = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """So many units of one article; `discount` is percent off the line."""

    sku: str
    quantity: int = 1
    discount: int = 0
    final_sale: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Further fields of the order line, as in the contract."""


@dataclass(frozen=True)
class Parcel:
    """Units by position of their item (from 0); days after the order, None while it has not happened."""

    units: Mapping[int, int]
    shipped: float = 1
    delivered: float | None = 3
    promised: float | None = None


@dataclass(frozen=True)
class Basket:
    """One order as its buyer would tell it. `placed` is in days before now."""

    id: str
    person: Person
    placed: float
    items: tuple[Item, ...]
    parcels: tuple[Parcel, ...]
    express: bool = False
    free_shipping: bool = False
    discounts: Mapping[str, int] = field(default_factory=dict)
    """Title -> amount in minor units."""
    surcharges: Mapping[str, int] = field(default_factory=dict)
    pay: tuple[Mapping[str, Any], ...] = ({"method": "card"},)
    """Tenders as in the contract; `captured` of the last is the rest."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Further fields of the order, as in the contract."""


CURRENCIES = {"GB": "GBP", "US": "USD", "CN": "CNY", "TW": "TWD", "JP": "JPY"}
_CARRIERS = {
    "GB": "royal_mail",
    "US": "ups",
    "CN": "sf_express",
    "TW": "black_cat",
    "JP": "yamato",
    "FR": "colissimo",
}
_TAXES: Mapping[str, tuple[str, str]] = {
    "DE": ("19", "7"),
    "FR": ("20", "5.5"),
    "IE": ("23", "0"),
    "ES": ("21", "4"),
    "GB": ("20", "0"),
    "US": ("8.875", "0"),
    "CN": ("13", "9"),
    "TW": ("5", "5"),
    "JP": ("10", "8"),
}
"""Country -> percent, and percent for food and books."""


def body(basket: Basket, *, now: datetime, seed: int, pictures: str | None) -> Body:
    """The snapshot as the storefront would send it now. `pictures` is the address of the folder of pictures."""
    chance = Random(f"{seed} {basket.id}")  # noqa: S311 - believable, not secret
    placed = _moment(now, basket.placed, chance)
    person, currency = basket.person, CURRENCIES.get(basket.person.country, "EUR")
    tax_included = person.country != "US"
    lines = [_line(i, item, basket, currency, chance, pictures) for i, item in enumerate(basket.items)]
    parcels = [_parcel(i, parcel, basket, placed, now, chance) for i, parcel in enumerate(basket.parcels)]
    parcels = [parcel for parcel in parcels if parcel["shipped_at"]]
    shipping = _shipping(basket, currency)
    moments = [placed, *[_read(p[key]) for p in parcels for key in ("shipped_at", "delivered_at") if p[key]]]
    made: Body = {
        "number": basket.id,
        "channel": "online",
        "country": person.country,
        "region": person.region,
        "postal_code": person.postal_code,
        "currency": currency,
        "tax_included": tax_included,
        "placed_at": _instant(placed),
        "updated_at": _instant(min(max(moments) + timedelta(minutes=5), now.replace(microsecond=0))),
        "tags": [],
        "customer": _customer(person, now),
        "lines": lines,
        "discounts": _amounts(basket.discounts, currency),
        "surcharges": [{**row, "refundable": True} for row in _amounts(basket.surcharges, currency)],
        "shipping": shipping,
        "fulfilments": parcels,
        "attributes": {},
    }
    made["payments"] = _payments(basket, _total(made), currency)
    return {**made, **basket.fields}


def _moment(now: datetime, days: float, chance: Random) -> datetime:
    """So many days ago, at a time of day at which people shop."""
    at = (now - timedelta(days=days)).replace(microsecond=0)
    return at - timedelta(minutes=chance.randrange(0, 180), seconds=chance.randrange(60)) if days >= 1 else at


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _customer(person: Person, now: datetime) -> Body:
    known = person.member_days is not None
    since = (now - timedelta(days=person.member_days or 0)).replace(hour=9, minute=0, second=0, microsecond=0)
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "phone": None,
        "locale": person.locale,
        "tier": person.tier,
        "created_at": _instant(since) if known else None,
    }


def _line(i: int, item: Item, basket: Basket, currency: str, chance: Random, pictures: str | None) -> Body:
    article = articles()[item.sku]
    product, price, country = article.product, article.price(currency), basket.person.country
    discount = money.percent(price * item.quantity, str(item.discount))
    language = language_of(basket.person.locale)
    made: Body = {
        "id": str(i + 1),
        "sku": item.sku,
        "title": article.title(language),
        "quantity": item.quantity,
        "unit_price": money.text(price, currency),
        "discount": money.text(discount, currency),
        "tax": money.text(_tax(price * item.quantity - discount, article, country), currency),
        "category": product.category,
        "tags": list(product.tags),
        "final_sale": item.final_sale,
        "digital": product.digital,
        "brand": product.brand,
        "supplier": product.supplier,
        "serial_numbers": _serials(article, item.quantity, chance),
        "image_url": f"{pictures}/{product.picture}.svg" if pictures else None,
        "weight_grams": product.weight,
        "exchange_options": [_option(other, currency, language, chance) for other in article.others()],
        "attributes": {},
    }
    return {**made, **item.fields}


def _tax(cost: int, article: Article, country: str) -> int:
    """Tax in the price, or on top of it where prices are shown without."""
    usual, reduced = _TAXES[country]
    rate = reduced if article.product.category.startswith(("food/", "media/books")) else usual
    if country == "US":
        return money.percent(cost, rate)
    return cost - money.half_up(cost * 100 / (100 + money.decimal_rate(rate)))


def _serials(article: Article, quantity: int, chance: Random) -> list[str]:
    prefix = article.product.serial
    return [f"{prefix}{chance.randrange(16**8):08X}" for _ in range(quantity)] if prefix else []


def _option(other: Article, currency: str, language: str, chance: Random) -> Body:
    return {
        "sku": other.sku,
        "title": other.title(language),
        "price": money.text(other.price(currency), currency),
        "available": max(chance.randrange(-2, 25), 0),
    }


def _shipping(basket: Basket, currency: str) -> Body:
    digital = all(articles()[item.sku].product.digital for item in basket.items)
    standard = 0 if digital else _delivery(490, currency)
    paid = 0 if digital or basket.free_shipping else _delivery(1290, currency) if basket.express else standard
    return {
        "method": "download" if digital else "express" if basket.express else "standard",
        "paid": money.text(paid, currency),
        "standard_rate": money.text(standard, currency),
        "tax": money.text(0, currency),
    }


def _delivery(cents: int, currency: str) -> int:
    rates = {490: {"CNY": 1200, "TWD": 8000, "JPY": 600}, 1290: {"CNY": 3000, "TWD": 20000, "JPY": 1200}}
    return rates[cents].get(currency, cents)


def _parcel(i: int, parcel: Parcel, basket: Basket, placed: datetime, now: datetime, chance: Random) -> Body:
    shipped, delivered, promised = (
        None if days is None else placed + timedelta(days=days, minutes=chance.randrange(0, 240))
        for days in (parcel.shipped, parcel.delivered, parcel.promised)
    )
    return {
        "id": f"f{i + 1}",
        "carrier": _CARRIERS.get(basket.person.country, "dhl"),
        "tracking_number": f"{chance.randrange(10**12):012d}",
        "shipped_at": _instant(shipped) if shipped and shipped <= now else None,
        "delivered_at": _instant(delivered) if delivered and delivered <= now else None,
        "promised_at": _instant(promised) if promised else None,
        "lines": [{"line_id": str(at + 1), "quantity": count} for at, count in parcel.units.items()],
    }


def _amounts(named: Mapping[str, int], currency: str) -> list[Body]:
    return [{"title": title, "amount": money.text(amount, currency)} for title, amount in named.items()]


def _total(made: Body) -> int:
    """What the buyer paid in all."""
    currency = made["currency"]

    def of(row: Mapping[str, Any], key: str) -> int:
        return money.parse(row[key], currency)

    lines: int = sum(
        of(line, "unit_price") * line["quantity"] - of(line, "discount") for line in made["lines"]
    )
    tax = 0 if made["tax_included"] else sum(of(line, "tax") for line in made["lines"])
    off = sum(of(row, "amount") for row in made["discounts"])
    extra = sum(of(row, "amount") for row in made["surcharges"])
    return lines + tax - off + extra + of(made["shipping"], "paid")


def _payments(basket: Basket, total: int, currency: str) -> list[Body]:
    """Every tender takes what it says, the last one the rest."""
    rest, rows = total, list[Body]()
    for i, tender in enumerate(basket.pay):
        captured = min(int(tender["captured"]), rest) if i < len(basket.pay) - 1 else rest
        rest -= captured
        rows.append(_payment(i, tender, captured, basket.id, currency))
    return rows


def _payment(i: int, tender: Mapping[str, Any], captured: int, order_id: str, currency: str) -> Body:
    method = tender["method"]
    by_shop = method in ("gift_card", "invoice", "cash_on_delivery")
    charged_back = captured * int(tender.get("charged_back_percent", 0)) // 100
    return {
        "id": f"p{i + 1}",
        "method": method,
        "gateway": "storefront" if by_shop else "sandbox",
        "reference": f"pay_demo_{order_id}_{i + 1}",
        "captured": money.text(captured, currency),
        "refunded": money.text(int(tender.get("refunded", 0)), currency),
        "charged_back": money.text(charged_back, currency),
        "chargeback": tender.get("chargeback"),
    }
