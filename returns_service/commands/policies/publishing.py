"""Commands that turn policies into other documents: schema, reference, export."""

import json
from pathlib import Path

import click

from returns_service.commands.policies import folder
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
