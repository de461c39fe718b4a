"""The command that says what may be set, what is set, and what is set in vain."""

import os
import re

import click

from returns_service.config import PREFIX, Settings, load, strangers

_PASSWORD = re.compile(r"(?<=:)[^:/@]+(?=@)")


@click.command
def settings() -> None:
    """Every RETURNS_* variable with what it is for and its value; defaults after a #, secrets not shown."""
    found = load()
    for name, field in Settings.model_fields.items():
        variable = PREFIX + name.upper()
        mark = "" if os.environ.get(variable) else "# "
        click.echo(f"# {field.description}\n{mark}{variable}={_shown(name, getattr(found, name))}\n")
    for line in strangers(os.environ):
        click.echo(line, err=True)


def _shown(name: str, value: object) -> str:
    if value in (None, ""):
        return ""
    if name.endswith(("_key", "_secret")):
        return "***"
    return str(value).lower() if isinstance(value, bool) else _PASSWORD.sub("***", str(value))
