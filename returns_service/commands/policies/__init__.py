"""`returns-service policy ...`: check, explain and test policies without a database."""

from pathlib import Path
from typing import Any

import click

from returns_service.commands.policies import bodies, comparing, examples, folder, publishing, simulating
from returns_service.commands.policies.tree import tree
from returns_service.domain.request import History
from returns_service.wiring import clock

_PATH = click.Path(path_type=Path)


@click.group
def policy() -> None:
    """Check, test, explain and publish the terms of a shop."""


for _command in (
    publishing.schema,
    publishing.reference,
    publishing.export,
    comparing.diff,
    simulating.simulate,
):
    policy.add_command(_command)


@policy.command
@click.argument("folders", nargs=-1, required=True, type=_PATH)
@click.option("--strict", is_flag=True, help="Rules that no example reaches count as wrong.")
def check(folders: tuple[Path, ...], strict: bool) -> None:
    """Words, lines, languages, reachability, floors of law, examples. Status 0 when all is well."""
    worst = 0
    for path in folders:
        worst = max(worst, _checked(path, strict))
    raise SystemExit(worst)


def _checked(path: Path, strict: bool) -> int:
    found = folder.policy(path)
    report = examples.run(found, folder.files(path).get(examples.FILE))
    missed = examples.unreached(found, report) if report.ran else ()
    for problem in (*found.warnings, *report.failed, *missed):
        click.echo(f"{path}/{problem}", err=True)
    rules = sum(len(asked.rules) for asked in found.questions.values())
    click.echo(
        f"{path}: {found.name}, {rules} rules, {len(found.laws)} floors, {report.ran} examples, "
        f"{len(found.warnings) + len(report.failed)} problems, {len(missed)} rules without an example."
    )
    return 1 if found.warnings or report.failed or (strict and missed) else 0


@policy.command
@click.argument("folders", nargs=-1, required=True, type=_PATH)
def test(folders: tuple[Path, ...]) -> None:
    """Run the examples of policies. Status 0 when all hold."""
    failed = 0
    for path in folders:
        report = examples.run(folder.policy(path), folder.files(path).get(examples.FILE))
        for problem in report.failed:
            click.echo(f"{path}/{problem}", err=True)
        failed += len(report.failed)
        click.echo(f"{path}: {report.ran} examples, {len(report.failed)} expectations not met.")
    raise SystemExit(1 if failed else 0)


@policy.command
@click.option("--policy", "path", type=_PATH, required=True, help="Folder of the policy.")
@click.option("--order", "order_path", type=_PATH, required=True, help="An order as for PUT /v1/orders/{id}.")
@click.option(
    "--request", "request_path", type=_PATH, required=True, help="A request as for POST /v1/returns/preview."
)
@click.option(
    "--findings",
    "findings_path",
    type=_PATH,
    help="The body of an inspection, with `evidence` if there is any.",
)
@click.option("--history", "history_path", type=_PATH, help="What the database would know of the past.")
@click.option("--at", "at", help="The instant of the request; now when left out.")
@click.option("--json", "plain", is_flag=True, help="The preview answer for programs.")
def explain(  # noqa: PLR0913 - one argument for each option
    path: Path,
    order_path: Path,
    request_path: Path,
    findings_path: Path | None,
    history_path: Path | None,
    at: str | None,
    plain: bool,
) -> None:
    """What a policy says to an order and a request, rule by rule. Status 0 when a decision was made."""
    found = folder.policy(path)
    request = folder.json_file(request_path)
    asked = _asked(order_path, request_path, request, (findings_path, history_path), at)
    answer = folder.understood(request_path, lambda: bodies.answer(found, asked))
    body = bodies.body(*answer)
    titles = {line.id: line.title for line in asked.order.lines}
    click.echo(folder.as_json(body) if plain else "\n".join(tree(body, titles)))


def _asked(
    order_path: Path, request_path: Path, request: Any, more: tuple[Path | None, Path | None], at: str | None
) -> bodies.Asked:
    if not isinstance(request, dict):
        folder.unusable(f"{request_path}: the request must be an object.")
    order_json = folder.json_file(order_path)
    if not isinstance(order_json, dict):
        folder.unusable(f"{order_path}: the order must be an object.")
    order = folder.understood(order_path, lambda: bodies.order_of(order_json, request))
    wanted = folder.understood(request_path, lambda: bodies.request_of(request))
    findings, history = more
    said = at or request.get("at")
    return bodies.Asked(
        order,
        wanted,
        folder.instant(said) if said else clock(),
        _with(history, lambda body: bodies.history_of(body, order)) if history else History(),
        _with(findings, bodies.findings_of) if findings else None,
    )


def _with(path: Path, read: Any) -> Any:
    found = folder.json_file(path)
    return folder.understood(path, lambda: read(found))


__all__ = ["policy"]
