"""The orders of the demo shop: a curated few in which everything occurs, and any number of believable ones."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from math import ceil
from random import Random
from typing import Any

from returns_service.demo.baskets import CURRENCIES, Basket, Body, Item, Parcel, body
from returns_service.demo.catalogue import articles, localised, products
from returns_service.demo.people import people, pick, somebody
from returns_service.demo.reading import read

DAYS = 400
"""How far back the many orders go."""


def pictures(public_url: str | None) -> str:
    """Where the pictures of the goods are served (returns_service/pages/static/demo)."""
    return f"{public_url or ''}/static/goods/demo"


def curated(now: datetime, *, seed: int = 1, pictures: str | None = None) -> Iterator[tuple[str, Body]]:
    """(id, body) of the hand-made orders."""
    for row in read("orders"):
        yield row["id"], body(_basket(row), now=now, seed=seed, pictures=pictures)


def stream(
    count: int, now: datetime, *, seed: int = 1, pictures: str | None = None
) -> Iterator[tuple[str, Body]]:
    """(id, body) of `count` made-up orders, the oldest first; each is made when it is asked for."""
    for number in range(count):
        chance = Random(f"{seed} order {number}")  # noqa: S311 - believable, not secret
        made = _made_up(chance, 100_001 + number, number / count, most_people=ceil(count * 0.6))
        yield made.id, body(made, now=now, seed=seed, pictures=pictures)


def _basket(row: Mapping[str, Any]) -> Basket:
    items = tuple(Item(**item) for item in row["items"])
    chosen = ("id", "placed", "express", "free_shipping", "discounts", "surcharges", "fields")
    return Basket(
        **{key: row[key] for key in chosen if key in row},
        person=people()[row["who"]],
        items=items,
        parcels=tuple(Parcel(**p) for p in row["parcels"]) if "parcels" in row else _one_parcel(items),
        pay=tuple(row.get("pay", ({"method": "card"},))),
    )


def _one_parcel(
    items: tuple[Item, ...], shipped: float = 1, delivered: float | None = 3
) -> tuple[Parcel, ...]:
    """All tangible goods together, and what is downloaded at once."""
    digital = [articles()[item.sku].product.digital for item in items]
    goods = {at: item.quantity for at, item in enumerate(items) if not digital[at]}
    files = {at: item.quantity for at, item in enumerate(items) if digital[at]}
    parcels = [Parcel(files, shipped=0, delivered=0)] if files else []
    return (*parcels, *([Parcel(goods, shipped, delivered)] if goods else []))


def _made_up(chance: Random, number: int, age: float, *, most_people: int) -> Basket:
    """One believable order; `age` from 0 (the oldest) to 1. The shop grows, so most orders are young."""
    person = somebody(chance, most_people)
    items = _items(chance)
    return Basket(
        id=str(number),
        person=person,
        placed=DAYS * (1 - age) ** 1.3,
        items=items,
        parcels=_parcels(chance, items),
        express=chance.random() < 0.12,
        free_shipping=chance.random() < 0.35,
        discounts=_discounts(chance, items, CURRENCIES.get(person.country, "EUR")),
        pay=_tenders(chance, person.country),
    )


def _items(chance: Random) -> tuple[Item, ...]:
    """One to five different articles, mostly one or two; often in one piece."""
    count = min(1 + int(chance.expovariate(1.1)), 5)
    found = {}
    for _ in range(count):
        product = chance.choices(products(), [product.popularity for product in products()])[0]
        variant = chance.choice(product.variants) if product.variants else None
        sku = f"{product.sku}-{variant.code}" if variant else product.sku
        reduced = 20 if chance.random() < 0.08 else 0
        found[sku] = Item(sku, min(1 + int(chance.expovariate(2.2)), 6), reduced)
    return tuple(found.values())


def _parcels(chance: Random, items: tuple[Item, ...]) -> tuple[Parcel, ...]:
    shipped = 0.3 + chance.expovariate(1.2)
    delivered = None if chance.random() < 0.006 else shipped + 1 + chance.expovariate(0.7)
    whole = _one_parcel(items, shipped, delivered)
    if chance.random() > 0.05 or len(whole[-1].units) < 2:
        return whole
    (first, count), *rest = whole[-1].units.items()
    late = Parcel(dict(rest), shipped + 2, None if delivered is None else delivered + 2)
    return (*whole[:-1], Parcel({first: count}, shipped, delivered), late)


def _discounts(chance: Random, items: tuple[Item, ...], currency: str) -> dict[str, int]:
    worth = sum(
        articles()[item.sku].price(currency) * item.quantity * (100 - item.discount) // 100 for item in items
    )
    amount = localised(500, currency)
    return {"WELCOME": amount} if chance.random() < 0.15 and worth > 4 * amount else {}


def _tenders(chance: Random, country: str) -> tuple[Mapping[str, Any], ...]:
    local = {"CN": {"alipay": 55, "wechat_pay": 45}, "TW": {"card": 70, "line_pay": 30}}
    main = {"method": pick(chance, local.get(country, {"card": 70, "paypal": 22, "invoice": 8}))}
    if chance.random() < 0.004:
        return ({**main, "chargeback": "open", "charged_back_percent": 100},)
    if chance.random() < 0.04:
        voucher = localised(chance.choice((1000, 2000, 5000)), CURRENCIES.get(country, "EUR"))
        return ({"method": "gift_card", "captured": voucher}, main)
    return (main,)
