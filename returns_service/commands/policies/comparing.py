"""`policy diff`: what changes for whom from one policy to another, by asking both the same cases."""

from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from returns_service.commands.policies import folder
from returns_service.config import load
from returns_service.domain.errors import Refusal
from returns_service.domain.policy import Policy
from returns_service.domain.policy.compare import Group, compare, generated
from returns_service.store import shops
from returns_service.store.db import Database
from returns_service.usecases.compare_policies import compare_for_shop, group_body

_PATH = click.Path(path_type=Path)
Compared = tuple[str, int, list[Group]]


@click.command
@click.argument("before", type=_PATH)
@click.argument("after", type=_PATH)
@click.option("--shop", default="demo", show_default=True, help="Whose cases both are asked.")
@click.option("--most", default=5000, show_default=True, help="At most so many cases, the newest first.")
@click.option("--made-up", is_flag=True, help="Ask made-up cases although there are stored ones.")
@click.option("--json", "plain", is_flag=True, help="For programs.")
def diff(before: Path, after: Path, shop: str, most: int, made_up: bool, plain: bool) -> None:
    """What changes for whom from one policy to another: both are asked the shop's cases, made-up ones if it has none."""
    pair = folder.policy(before), folder.policy(after)
    asked, count, groups = (None if made_up else _stored(*pair, shop, most)) or _generated(*pair, most)
    if plain:
        click.echo(
            folder.as_json(
                {"asked": asked, "cases": count, "changes": [group_body(group) for group in groups]}
            )
        )
        return
    said = {"stored": f"cases of the shop {shop}", "generated": "made-up cases"}[asked]
    changed = sum(group.count for group in groups)
    click.echo(f"{count} {said} asked, {f'{changed} answers differ' if groups else 'no answer differs'}.")
    for group in groups:
        click.echo("\n".join(_lines(group)))


def _generated(before: Policy, after: Policy, most: int) -> Compared:
    return "generated", *compare(before, after, generated(before, after, most=most))


def _stored(before: Policy, after: Policy, shop: str, most: int) -> Compared | None:
    """None where there is no database, no such shop, or no case."""
    url = load().database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return None
    db = Database(url)
    try:
        with db.read() as session:
            found = compare_for_shop(session, shops.by_slug(session, shop).id, before, after, most=most)
    except (SQLAlchemyError, Refusal):
        return None
    finally:
        db.close()
    return found if found[0] == "stored" else None


def _lines(group: Group) -> list[str]:
    body = group_body(group)
    moved = f", {body['difference']} {group.currency} in all" if group.difference else ""
    return [
        f"{group.kind}: {group.what} ({group.count} cases{moved})",
        f"  reasons: {', '.join(group.reasons)}",
        f"  for example: {'; '.join(group.cases)}",
    ]
