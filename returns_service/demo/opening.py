"""Opening the demo shop: its name and colour, its return locations, the people who work there, its keys."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session
from werkzeug.security import generate_password_hash

from returns_service.demo.reading import read
from returns_service.domain.errors import NotFound
from returns_service.store import shops
from returns_service.store.tables import Shop
from returns_service.usecases.create_key import create_key
from returns_service.usecases.create_shop import create_shop
from returns_service.usecases.create_staff import create_staff

SLUG = "demo"


def open_shop(session: Session, *, now: datetime) -> Shop:
    """The shop with its looks, made when it is not there."""
    data = read("shop")
    try:
        shop = shops.by_slug(session, SLUG)
    except NotFound:
        shop = create_shop(session, SLUG, name=data["name"], now=now)
    shop.name, shop.brand, shop.locations = data["name"], data["brand"], data["locations"]
    shop.settings = {**shop.settings, **data["settings"]}
    session.add(shop)
    return shop


def hire(session: Session, shop: Shop, *, now: datetime) -> str:
    """The people and the API keys; answers how to sign in, in lines that people read. The keys are told only here."""
    said = ["People: at /console an e-mail address and a password, at /warehouse a badge and a PIN:"]
    for person in read("shop")["staff"]:
        _employ(session, shop, person, now)
        bench = f", badge {person['badge']}, PIN {person['pin']}" if "badge" in person else ""
        said.append(f"  {person['role']:<14} {person['email']}, {person['password']}{bench}")
    said.append("API keys:")
    for name, scopes in read("shop")["keys"].items():
        _, secret = create_key(session, shop.id, name=f"demo {name}", scopes=scopes, now=now)
        said.append(f"  {name:<14} {secret}")
    said.append(
        "Customers: at /portal/demo the number and the address of an order, such as 2001 and ana@example.com;\n"
        "  the code comes by mail, to /dev/mailbox."
    )
    return "\n".join(said) + "\n"


def _employ(session: Session, shop: Shop, person: Mapping[str, Any], now: datetime) -> None:
    words = {key: person[key] for key in ("email", "name", "role", "password")}
    row, _ = create_staff(session, shop.id, **words, now=now)
    if "badge" in person:
        row.badge, row.pin_hash = person["badge"], generate_password_hash(person["pin"])
    if "language" in person:
        row.preferences = {"language": person["language"]}
    session.add(row)
