"""Commands that turn policies into other documents, and compare them: schema, reference, export, diff."""

import json
from pathlib import Path

import click

from returns_service.commands.policies import folder
from returns_service.domain import money
from returns_service.domain.policy.compare import Group, compare
from returns_service.domain.policy.merchant_policy import merchant_return_policies
from returns_service.domain.policy.reference import filled, tables
from returns_service.domain.policy.schema import schema as grammar_schema
from returns_service.domain.policy.terms_page import terms_page

_PATH = click.Path(path_type=Path)


@click.command
def schema() -> None:
    """The JSON Schema of policy files, for editors; committed as policies/schema.json."""
    click.echo(json.dumps(grammar_schema(), indent=1, ensure_ascii=False))


@click.command
@click.argument("document", type=_PATH)
@click.option("--policy", "path", type=_PATH, required=True, help="Folder whose words and codes are listed.")
@click.option("--write", is_flag=True, help="Write the document instead of printing it.")
def reference(document: Path, path: Path, write: bool) -> None:
    """Fill the generated tables of a document such as policies/README.md."""
    text = filled(document.read_text(encoding="utf-8"), tables(folder.policy(path)))
    if write:
        document.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


@click.command
@click.argument("path", metavar="FOLDER", type=_PATH)
@click.option("--format", "shape", type=click.Choice(["schema.org", "text"]), required=True)
@click.option("--language", default="en", show_default=True, help="Language of the text.")
@click.option("--country", default="US", show_default=True, help="Whose customers the text is for.")
def export(path: Path, shape: str, language: str, country: str) -> None:
    """The terms for others: schema.org MerchantReturnPolicy, or a page in Markdown that a shop can publish."""
    found = folder.policy(path)
    if shape == "schema.org":
        click.echo(folder.as_json(merchant_return_policies(found)))
    elif language not in found.languages:
        folder.unusable(f"{path} does not speak {language!r}; it speaks {', '.join(found.languages)}.")
    else:
        click.echo(terms_page(found, language, country), nl=False)


@click.command
@click.argument("before", type=_PATH)
@click.argument("after", type=_PATH)
@click.option("--json", "plain", is_flag=True, help="For programs.")
def diff(before: Path, after: Path, plain: bool) -> None:
    """What changes for whom from one policy to another, by asking both the same cases."""
    count, groups = compare(folder.policy(before), folder.policy(after))
    if plain:
        click.echo(folder.as_json({"cases": count, "changes": [_body(group) for group in groups]}))
        return
    changed = sum(group.count for group in groups)
    click.echo(
        f"{count} cases asked, {changed} answers differ."
        if groups
        else f"{count} cases asked, no answer differs."
    )
    for group in groups:
        click.echo("\n".join(_lines(group)))


def _body(group: Group) -> dict[str, object]:
    return {
        "kind": group.kind,
        "what": group.what,
        "cases": group.count,
        "difference": _amount(group),
        "currency": group.currency,
        "reasons": list(group.reasons),
        "examples": group.cases,
    }


def _amount(group: Group) -> str:
    return money.text(group.difference, group.currency)


def _lines(group: Group) -> list[str]:
    moved = f", {_amount(group)} {group.currency} in all" if group.difference else ""
    return [
        f"{group.kind}: {group.what} ({group.count} cases{moved})",
        f"  reasons: {', '.join(group.reasons)}",
        f"  for example: {'; '.join(group.cases)}",
    ]
