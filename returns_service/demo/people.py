"""Who buys in the demo shop: the people of the curated orders, and as many more as are wanted."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from types import MappingProxyType
from typing import Any

from returns_service.demo.reading import read


@dataclass(frozen=True)
class Person:
    """A customer; `member_days` is how long ago the account was opened, None for a guest."""

    name: str
    email: str
    locale: str
    country: str
    id: str | None = None
    region: str | None = None
    postal_code: str | None = None
    tier: str = "standard"
    member_days: int | None = None


@cache
def people() -> Mapping[str, Person]:
    """The customers of the curated orders by their short names."""
    return MappingProxyType({name: Person(**row) for name, row in read("people").items()})


def somebody(chance: Random, most: int) -> Person:
    """One of at most `most` customers; a number is always the same person, and some buy more often than others."""
    number = int(most * chance.random() ** 1.6)
    who, crowd = Random(f"person {number}"), _crowd()  # noqa: S311 - believable, not secret
    country = pick(who, {name: market["weight"] for name, market in crowd["markets"].items()})
    market = crowd["markets"][country]
    return Person(
        name=_name(who, country),
        email=f"customer.{number}@example.com",
        locale=market["locale"],
        country=country,
        id=f"u-{number}",
        region=who.choice(market["regions"]) if "regions" in market else None,
        tier=pick(who, crowd["tiers"]),
        member_days=who.randrange(400, 1800),
    )


def pick(chance: Random, weights: Mapping[str, int]) -> str:
    """One word, by its weight."""
    return chance.choices(list(weights), list(weights.values()))[0]


@cache
def _crowd() -> Any:
    return read("crowd")


def _name(who: Random, country: str) -> str:
    script = country if country in _crowd()["given"] else "latin"
    given, family = who.choice(_crowd()["given"][script]), who.choice(_crowd()["families"][script])
    return f"{given} {family}" if script == "latin" else f"{family}{given}"
