"""JSON columns: written and read by orjson; ids, instants and amounts become strings."""

from decimal import Decimal
from typing import Any

import orjson


def _other(value: object) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no place in a JSON column")


def dumps(value: object) -> str:
    return orjson.dumps(value, default=_other, option=orjson.OPT_NON_STR_KEYS).decode()


def canonical(value: object) -> bytes:
    """The same text for the same value, whatever order a database keeps the members of an object in."""
    return orjson.dumps(value, default=_other, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS)


loads = orjson.loads
