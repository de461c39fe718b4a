"""Commands about books: refunds against the gateways', the ledger against the balances, the history's chain."""

import sys

import click
from rich.console import Console
from rich.table import Table

from returns_service.commands.opening import opened
from returns_service.domain.reconcile import KINDS
from returns_service.jobs.reconcile import reconcile as compare_books
from returns_service.usecases.verify_history import verify_history
from returns_service.usecases.verify_ledger import verify_ledger


@click.group
def refunds() -> None:
    """Refunds against the gateways' books."""


@refunds.command("reconcile")
def refunds_reconcile() -> None:
    """List every difference between our books and the gateways'. Exit status 1 when there is one."""
    found = compare_books(opened())
    for gateway, difference in found.differences:
        click.echo(f"{gateway} {difference.payment} {difference.reference or ''}: {KINDS[difference.kind]}")
        click.echo(
            f"    ours: {difference.ours}; theirs: {difference.theirs}; key {difference.key or 'none'}"
        )
    if found.silent:
        click.echo(f"{len(found.silent)} payments could not be asked for: {', '.join(found.silent[:5])} ...")
    click.echo(f"{found.checked} payments checked, {len(found.differences)} differences.")
    sys.exit(1 if found.differences or found.silent else 0)


@click.group
def ledger() -> None:
    """The ledger of what is owed, reserved, paid and recovered."""


@ledger.command("verify")
def ledger_verify() -> None:
    """Recompute every balance from its entries. Exit status 1 when one disagrees."""
    with opened().db.read() as session:
        audit = verify_ledger(session)
    table = Table("refunds", "payments", "finished cases", "store credits", "problems")
    table.add_row(*map(str, (audit.refunds, audit.tenders, audit.cases, audit.credits, len(audit.problems))))
    Console().print(table)
    for problem in audit.problems:
        click.echo(problem)
    sys.exit(1 if audit.problems else 0)


@click.group
def audit() -> None:
    """The history's chain."""


@audit.command("verify")
def audit_verify() -> None:
    """Walk the chain of every case's history. Exit status 1 when a fact was changed, removed or inserted."""
    with opened().db.read() as session:
        checked, problems = verify_history(session)
    for problem in problems:
        click.echo(problem)
    click.echo(f"{checked} cases checked, {len(problems)} problems.")
    sys.exit(1 if problems else 0)
