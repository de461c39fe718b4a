"""Cursor pages: `{items, next, has_more}`, stable while rows are added; cursors are signed and bound to their filters."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from itsdangerous import BadSignature, URLSafeSerializer
from marshmallow import fields

from returns_service.api.call import Call
from returns_service.api.schemas.base import Body, Checked, wrong
from returns_service.api.schemas.fields import Line
from returns_service.domain.errors import Fault, InvalidMany

LIMIT, MOST = 50, 200
Position = tuple[datetime, UUID]


class PageSize(Checked, fields.Integer):
    """A query parameter: digits of a number from 1 to 200."""

    def __init__(self) -> None:
        bounds = {"minimum": 1, "maximum": MOST, "description": "How many items at most."}
        super().__init__(load_default=LIMIT, metadata=bounds)

    def check(self, value: Any) -> int:
        if (
            not isinstance(value, str)
            or not value.isascii()
            or not value.isdigit()
            or len(value) > 9
            or not 1 <= int(value) <= MOST
        ):
            raise wrong("out_of_range", f"The limit is a number from 1 to {MOST}.")
        return int(value)


class PageQuery(Body):
    """Parameters of every list."""

    limit = PageSize()
    cursor = Line(
        500, shortest=1, load_default=None, metadata={"description": "`next` of the previous page."}
    )


def position(call: Call) -> Position | None:
    """Where the page begins. Raises InvalidMany for a cursor that is altered or of another list."""
    if call.query["cursor"] is None:
        return None
    try:
        at, row_id, filters = _signer(call).loads(call.query["cursor"])
    except (BadSignature, ValueError):
        raise _refused("This cursor is not one of ours, or was altered.") from None
    if filters != _filters(call):
        raise _refused("This cursor belongs to a list with other filters.")
    return datetime.fromisoformat(at), UUID(row_id)


def page(
    call: Call, items: Sequence[Mapping[str, Any]], place: Callable[[Mapping[str, Any]], Position]
) -> dict[str, Any]:
    """A page from one item more than was asked for; the extra item only tells that there is more."""
    limit = call.query["limit"]
    shown, has_more = list(items[:limit]), len(items) > limit
    return {
        "items": shown,
        "next": _cursor(call, place(shown[-1])) if has_more else None,
        "has_more": has_more,
    }


def _cursor(call: Call, at: Position) -> str:
    signed: str = _signer(call).dumps([at[0].isoformat(), str(at[1]), _filters(call)])
    return signed


def _signer(call: Call) -> URLSafeSerializer:
    secret = call.runtime.settings.secret_key
    return URLSafeSerializer(
        secret, salt="cursor", signer_kwargs={"key_derivation": "hmac", "digest_method": sha256}
    )


def _filters(call: Call) -> str:
    chosen = {name: value for name, value in call.query.items() if name not in ("cursor", "limit")}
    asked = orjson.dumps([str(call.actor.shop_id), chosen], option=orjson.OPT_SORT_KEYS, default=str)
    return sha256(asked).hexdigest()[:16]


def _refused(detail: str) -> InvalidMany:
    return InvalidMany([Fault("?cursor", "cursor", detail)], detail)
