"""The command that says what may be set, what is set, and what is set in vain."""

import os
from typing import Any

import click

from returns_service.config import PREFIX, Settings, load, strangers


@click.command
def settings() -> None:
    """Every RETURNS_* variable with what it is for and its value; defaults after a #, secrets not shown."""
    found = load()
    for name, field in Settings.model_fields.items():
        variable = PREFIX + name.upper()
        mark = "" if os.environ.get(variable) else "# "
        click.echo(
            f"# {field.description}\n{mark}{variable}={_shown(getattr(found, name), secret=not field.repr)}\n"
        )
    for line in strangers(os.environ):
        click.echo(line, err=True)


def _shown(value: Any, *, secret: bool) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return _veiled(str(value)) if secret else str(value)


def _veiled(text: str) -> str:
    """Of an address only where it leads: neither who signs in there nor what stands behind; of all else nothing."""
    scheme, found, rest = text.partition("://")
    if not found:
        return "***"
    who, _, place = rest.rpartition("@")
    return f"{scheme}://{'***@' if who else ''}{place.partition('?')[0]}"
