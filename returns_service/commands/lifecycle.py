"""The command that draws the lifecycle."""

import click

from returns_service.domain.lifecycle import diagram


@click.command("lifecycle")
def lifecycle() -> None:
    """Print the case's state machine as a Mermaid diagram, made from its table."""
    click.echo(diagram())
