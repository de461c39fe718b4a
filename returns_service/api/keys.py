"""Keys of the shop: shown once, rotated with an overlap, revoked at once."""

from datetime import timedelta
from uuid import UUID

from flask import Response, current_app
from sqlmodel import Session

from returns_service.api.answers import answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, body, idempotent, scope
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import moves
from returns_service.usecases.create_key import create_key
from returns_service.usecases.list_keys import list_keys
from returns_service.usecases.revoke_key import revoke_key
from returns_service.usecases.rotate_key import rotate_key
from returns_service.usecases.show_parts import key_body

blp = Resource("keys", "Keys of the shop. The key itself is in the answer that creates it, and nowhere else.")


@blp.get("/keys")
@scope("admin")
@answers(shapes.page_of(shapes.Key))
def list_shop_keys(session: Session, call: Call) -> Response:
    """The keys, without their secrets, newest first."""
    rows = list_keys(session, actor=call.actor)
    return answer({"items": [key_body(row) for row in rows], "next": None, "has_more": False})


@blp.post("/keys")
@scope("admin")
@body(
    moves.CreateKeyBody,
    example={"name": "Storefront", "scopes": ["orders:write", "returns:read", "returns:write"]},
)
@answers(shapes.NewKey, 201)
@idempotent(hides="key")
def create_shop_key(session: Session, call: Call) -> Response:
    """Create a key. A repeat shows null for the key: it is shown once and kept nowhere."""
    row, secret = create_key(session, call.actor.shop_id, now=call.now, **call.body)
    return answer(key_body(row) | {"key": secret}, 201, {"Cache-Control": "no-store"})


@blp.post("/keys/<id:key_id>/rotate")
@scope("admin")
@body(moves.RotateKeyBody, required=False, example={"overlap_hours": 24})
@answers(shapes.NewKey, 201)
@idempotent(hides="key")
def rotate_shop_key(session: Session, call: Call, key_id: UUID) -> Response:
    """A successor with the same name and scopes; the old key is valid until the overlap is over."""
    overlap = timedelta(hours=call.body["overlap_hours"])
    row, secret = rotate_key(session, key_id, overlap=overlap, actor=call.actor, now=call.now)
    current_app.extensions["known_keys"].forget()
    return answer(key_body(row) | {"key": secret}, 201, {"Cache-Control": "no-store"})


@blp.delete("/keys/<id:key_id>")
@scope("admin")
@answers(shapes.Key)
def revoke_shop_key(session: Session, call: Call, key_id: UUID) -> Response:
    """End a key at once."""
    row = revoke_key(session, key_id, actor=call.actor, now=call.now)
    current_app.extensions["known_keys"].forget()
    return answer(key_body(row))
