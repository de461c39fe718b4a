"""Request bodies: JSON in UTF-8 without duplicate keys, or a refusal that says what is wrong."""

import json
from typing import Any, NoReturn

from flask import request

from returns_service.api.refusals import Malformed, TooLarge, UnsupportedType
from returns_service.domain.errors import Fault, InvalidMany

DEEPEST = 32


def json_body(*, required: bool = True) -> Any:
    """The JSON value of the request. Without a body: {} where none is required."""
    raw = request.get_data(cache=True)
    if request.max_content_length is not None and len(raw) >= request.max_content_length:
        # a chunked body comes cut off at the limit
        raise TooLarge(detail="The body is larger than is taken here.")
    if not raw and not required:
        return {}
    if request.mimetype != "application/json":
        raise UnsupportedType(detail="Send the body as application/json.")
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedType(detail="JSON is UTF-8; send no other charset.")
    return parse(raw)


def parse(raw: bytes) -> Any:
    """The value of JSON text. Raises Malformed."""
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_constant)
    except UnicodeDecodeError:
        raise Malformed(detail="The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise Malformed(
            detail=f"The body is not JSON: {error.msg} at line {error.lineno} column {error.colno}."
        ) from None
    except (RecursionError, ValueError):
        raise Malformed(detail="The body nests too deeply or holds a number that is too long.") from None


def query(allowed: frozenset[str]) -> dict[str, str]:
    """The query parameters. An unknown one or one given twice is refused."""
    wrong = []
    for name, values in request.args.lists():
        if name not in allowed:
            near = f"Known here: {', '.join(sorted(allowed))}." if allowed else "None is known here."
            wrong.append(Fault(f"?{name}", "unknown_parameter", f"This query parameter is not known. {near}"))
        elif len(values) > 1:
            wrong.append(Fault(f"?{name}", "duplicate", "This query parameter is given twice."))
    if wrong:
        raise InvalidMany(wrong, "The query cannot be accepted.")
    return request.args.to_dict()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    names = [key for key, _ in pairs]
    twice = next(name for name in names if names.count(name) > 1)
    raise Malformed("duplicate_key", f"The key {twice!r} occurs twice in one object.")


def _constant(name: str) -> NoReturn:
    raise Malformed(detail=f"{name} is not JSON.")
