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


def loads(value: str | bytes) -> Any:
    return orjson.loads(value)
