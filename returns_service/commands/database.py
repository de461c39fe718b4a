"""Commands that bring a database up to date."""

import click

from returns_service.commands.demo import load_demo, watched
from returns_service.config import load
from returns_service.jobs.policies import Folders
from returns_service.store import migrations, shops
from returns_service.usecases.create_shop import create_shop
from returns_service.usecases.runtime import Runtime
from returns_service.wiring import build

FIRST_SHOP = "demo"


@click.group
def db() -> None:
    """Bring the database up to date."""


@db.command
def upgrade() -> None:
    """Migrate to the newest schema; several may do so at the same time."""
    migrations.upgrade(load().database_url)
    click.echo("The database is up to date.", err=True)


@click.command
def prepare() -> None:
    """What must be true before the first request: schema, a shop, its policy, the demo when it is wanted."""
    settings = load()
    migrations.upgrade(settings.database_url)
    if settings.demo:
        with watched() as told:
            load_demo(settings, progress=told)
    runtime = build(settings)
    _first_shop(runtime)
    Folders().publish(runtime)


def _first_shop(runtime: Runtime) -> None:
    with runtime.db.begin() as session:
        if not shops.everyone(session):
            create_shop(session, FIRST_SHOP, name="Demo shop", now=runtime.now())
