"""Reading the demo shop's own data files."""

from importlib.resources import files
from typing import Any

import yaml


def read(name: str) -> Any:
    """The content of data/<name>.yaml."""
    text = files("returns_service.demo").joinpath(f"data/{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)
