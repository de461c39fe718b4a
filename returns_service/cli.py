"""The command `returns-service`. Each command is imported when it is called, so that none waits for another's needs."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from returns_service.config import SettingsError
from returns_service.domain.errors import Refusal
from returns_service.processes import CannotStart

COMMANDS = {
    "serve": ("returns_service.supervisor:serve", "Run everything on this machine."),
    "web": ("returns_service.web:web", "Run the web server."),
    "worker": ("returns_service.worker:worker", "Run a worker that answers the bell."),
    "sweeper": ("returns_service.sweeper:sweeper", "Run the sweeper; of several, one works."),
    "sweep": ("returns_service.sweeper:sweep", "Sweep once, now or as if it were another time."),
    "sandbox": ("returns_service.sandbox.__main__:main", "Run the payment gateway that can misbehave."),
    "prepare": (
        "returns_service.commands.database:prepare",
        "Migrate, and publish policies and the demo shop.",
    ),
    "db": ("returns_service.commands.database:db", "Bring the database up to date."),
    "shop": ("returns_service.commands.people:shop", "Shops."),
    "key": ("returns_service.commands.people:key", "API keys."),
    "staff": ("returns_service.commands.people:staff", "People who sign in."),
    "demo": ("returns_service.commands.demo:demo", "The demo shop."),
    "policy": ("returns_service.commands.policies:policy", "Check, test and explain policies."),
    "settings": ("returns_service.commands.settings:settings", "What may be set, and what is."),
    "lifecycle": ("returns_service.commands.lifecycle:lifecycle", "Print the state machine as a diagram."),
    "refunds": ("returns_service.commands.books:refunds", "Refunds against the gateways' books."),
    "ledger": ("returns_service.commands.books:ledger", "The ledger against the balances."),
    "audit": ("returns_service.commands.books:audit", "The history's chain."),
    "work": ("returns_service.commands.work:work", "Work that waits or was given up."),
}


class Lazily(click.Group):
    """A group that knows its commands' names and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(cls=Lazily, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="returns-service")
def cli() -> None:
    """Returns, exchanges, replacements and refunds beside any shop. Settings are RETURNS_* variables."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line; what stands against a command is said in one line each."""
    try:
        cli(arguments, obj=main)  # `serve` runs its parts through here
    except SettingsError as wrong:
        for line in wrong.problems:
            click.echo(line, err=True)
        sys.exit(2)
    except Refusal as refusal:
        click.echo(refusal.detail, err=True)
        sys.exit(1)
    except CannotStart as why:
        click.echo(str(why), err=True)
        sys.exit(1)
