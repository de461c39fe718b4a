"""Commands that create shops, API keys and people."""

import sys

import click

from returns_service.commands.opening import opened
from returns_service.domain.actor import Actor
from returns_service.domain.scopes import SCOPES
from returns_service.jobs.policies import Folders
from returns_service.store import shops
from returns_service.usecases.create_key import create_key
from returns_service.usecases.create_shop import create_shop
from returns_service.usecases.create_staff import ROLES, create_staff
from returns_service.usecases.gateways import OWN, keep_secrets

SHOP = click.option("--shop", default="demo", show_default=True, help="The shop's short name.")


@click.group
def shop() -> None:
    """Shops."""


@shop.command("create")
@click.argument("slug")
@click.option("--name", help="As customers know it; the short name without it.")
@click.option("--policy", default="standard", show_default=True, help="A folder in policies/.")
@click.option("--time-zone", default="Europe/Berlin", show_default=True)
def shop_create(slug: str, name: str | None, policy: str, time_zone: str) -> None:
    """Create a shop and publish its policy."""
    runtime = opened()
    with runtime.db.begin() as session:
        create_shop(session, slug, name=name or slug, policy=policy, time_zone=time_zone, now=runtime.now())
    Folders().publish(runtime)
    click.echo(slug)


@shop.command("gateway")
@SHOP
@click.argument("name", type=click.Choice(sorted(OWN)))
def shop_gateway(shop: str, name: str) -> None:
    """Keep the shop's secrets of a payment gateway; they are asked for, or read line by line from standard input."""
    runtime = opened()
    if sys.stdin.isatty():
        secrets = {part: click.prompt(part, hide_input=True) for part in OWN[name]}
    else:
        secrets = {part: sys.stdin.readline().strip() for part in OWN[name]}
    with runtime.db.begin() as session:
        actor = Actor.of("system", shops.by_slug(session, shop).id, "command line")
        kept = keep_secrets(session, name, secrets, vault=runtime.vault, actor=actor)
    click.echo(f"{name} sends its events of the shop {shop} to {kept['webhook_path']}")


@click.group
def key() -> None:
    """API keys."""


@key.command("create")
@SHOP
@click.option("--scopes", required=True, help=f"Separated by commas: {', '.join(SCOPES)}.")
@click.option("--name", default="command line", show_default=True)
def key_create(shop: str, scopes: str, name: str) -> None:
    """Create a key. It is printed alone on the last line, once."""
    runtime = opened()
    with runtime.db.begin() as session:
        wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
        found = shops.by_slug(session, shop)
        _, secret = create_key(session, found.id, name=name, scopes=wanted, now=runtime.now())
    click.echo(f"A key of the shop {shop} with {', '.join(wanted)}; it is shown only here:", err=True)
    click.echo(secret)


@click.group
def staff() -> None:
    """People who sign in."""


@staff.command("create")
@SHOP
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def staff_create(shop: str, email: str, name: str, role: str, password_stdin: bool) -> None:
    """Create a person; the password is printed alone on the last line, once."""
    runtime = opened()
    given = sys.stdin.readline().rstrip("\n") if password_stdin else None
    with runtime.db.begin() as session:
        found = shops.by_slug(session, shop)
        row, password = create_staff(
            session, found.id, email=email, name=name, role=role, password=given, now=runtime.now()
        )
    click.echo(f"{row.name} signs in with {row.email} and:", err=True)
    click.echo(password)
