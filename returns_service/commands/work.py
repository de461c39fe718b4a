"""Commands about work that waits or was given up."""

from uuid import UUID

import click

from returns_service.commands.opening import opened
from returns_service.store import work as store


@click.group
def work() -> None:
    """Work that waits or was given up."""


@work.command("list")
def work_list() -> None:
    """How much waits, and what was given up and why."""
    runtime = opened()
    with runtime.db.read() as session:
        counts, given_up = store.backlog(session, now=runtime.now()), store.dead(session)
    click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
    for row in given_up:
        click.echo(f"{row.id}  {row.topic}  {row.key}  {row.attempts} attempts  {row.last_error}")


@work.command("again")
@click.argument("row_id", type=click.UUID)
def work_again(row_id: UUID) -> None:
    """Give a row that was given up another life."""
    runtime = opened()
    with runtime.db.begin() as session:
        rows = [row for row in store.dead(session, limit=10_000) if row.id == row_id]
        revived = sum(store.revive(session, row.shop_id, row.id, now=runtime.now()) for row in rows)
        session.info["rang"] = True
    click.echo("It is tried again." if revived else "There is no such dead row.")
