"""`policy simulate`: what a policy would have changed in the shop's own past."""

from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from returns_service.commands.opening import opened
from returns_service.commands.policies import folder
from returns_service.domain.policy import Policy
from returns_service.store import shops
from returns_service.usecases.simulate_policy import Simulation, simulate_policy

_WORDS = {
    "granted": "refused then, granted now",
    "refused": "granted then, refused now",
    "money": "another amount",
    "window": "another end",
    "fault": "another party at fault",
    "offers": "other offers",
    "review": "another way of review",
    "words": "words that only one of them knows",
}


@click.command
@click.argument("path", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--shop", default="demo", show_default=True, help="The shop's short name.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Cases requested from this day on."
)
@click.option("--json", "plain", is_flag=True, help="For programs.")
def simulate(path: Path, shop: str, since: datetime, plain: bool) -> None:
    """What the policy of a folder would have changed for the shop's cases since a day."""
    found = _run(folder.policy(path), shop, since.replace(tzinfo=UTC))
    if plain:
        click.echo(folder.as_json(_body(found)))
    else:
        _show(found)


def _run(candidate: Policy, shop: str, since: datetime) -> Simulation:
    runtime = opened()
    with runtime.db.read() as session, Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Deciding anew", total=None)
        return simulate_policy(
            session,
            shops.by_slug(session, shop).id,
            candidate,
            since=since,
            told=lambda done, count: progress.update(task, completed=done, total=count),
        )


def _body(found: Simulation) -> dict[str, object]:
    effects = [effect.body() for effect in found.largest()]
    return {"cases": found.cases, "changed": found.changed, "effects": effects}


def _show(found: Simulation) -> None:
    table = Table(
        "what", "cases", "money", "for example", title=f"{found.changed} of {found.cases} cases change"
    )
    for effect in found.largest():
        body = effect.body()
        amount = f"{body['difference']} {effect.currency}" if effect.difference else ""
        table.add_row(_WORDS[effect.kind], str(effect.count), amount, ", ".join(effect.numbers))
    Console().print(table)
