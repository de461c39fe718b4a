"""Photos: uploaded once, then named by messages, lines, inspections, or attached to a case."""

from uuid import UUID

from flask import Response, request
from sqlmodel import Session

from returns_service.api.answers import answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, body, idempotent, scope, uploads
from returns_service.api.refusals import UnsupportedType
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import moves
from returns_service.api.schemas.base import load
from returns_service.domain.errors import Invalid
from returns_service.usecases.add_photo import add_photo
from returns_service.usecases.photos_of_case import attach_photo, list_photos, read_photo
from returns_service.usecases.show_parts import photo_body

blp = Resource("photos", "Pictures as evidence: decoded with care, written anew, without metadata.")

MOST_BYTES = 13 * 1024 * 1024
_FORM = moves.PhotoForm()


@blp.post("/photos")
@scope("returns:write")
@uploads(MOST_BYTES)
@answers(shapes.Photo, 201)
@idempotent()
def upload_photo(session: Session, call: Call) -> Response:
    """Upload a JPEG, PNG, WebP or HEIF picture of at most 12 MB and 50 million pixels."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedType(detail="Send the picture as multipart/form-data, in the field file.")
    form = load(
        _FORM, {name: values[0] if len(values) == 1 else values for name, values in request.form.lists()}
    )
    sent = request.files.get("file")
    if sent is None or len([*request.files.items(multi=True)]) > 1:
        raise Invalid("required", "Send exactly one picture, in the field file.", pointer="/file")
    row = add_photo(
        session,
        sent.stream.read(),
        alt=form["alt"],
        pictures=call.runtime.pictures,
        files=call.runtime.files,
        actor=call.actor,
        now=call.now,
    )
    return answer(photo_body(row), 201, {"Location": f"/v1/photos/{row.id}"})


@blp.get("/photos/<id:photo_id>")
@scope("returns:read")
@answers({"type": "string", "format": "binary"}, content_type="image/jpeg")
def get_photo(session: Session, call: Call, photo_id: UUID) -> Response:
    """The picture itself."""
    row, data = read_photo(session, photo_id, files=call.runtime.files, actor=call.actor)
    response = Response(data, content_type=row.content_type)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Content-Disposition"] = f'inline; filename="{row.id}.jpg"'
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@blp.get("/returns/<id:return_id>/photos")
@scope("returns:read")
@answers(shapes.page_of(shapes.Photo))
def list_return_photos(session: Session, call: Call, return_id: UUID) -> Response:
    """The photos that were attached to a case."""
    rows = list_photos(session, return_id, actor=call.actor)
    return answer({"items": [photo_body(row) for row in rows], "next": None, "has_more": False})


@blp.post("/returns/<id:return_id>/photos")
@scope("returns:write")
@body(
    moves.AttachPhotoBody,
    example={"photo_id": "01928f6c-7b1a-7c3e-9d52-3f1b8f0a6c12", "alt": "The torn seam"},
)
@answers(shapes.Photo, 201)
@idempotent()
def attach_return_photo(session: Session, call: Call, return_id: UUID) -> Response:
    """Make an uploaded photo evidence of a case."""
    row = attach_photo(
        session, return_id, call.body["photo_id"], alt=call.body["alt"], actor=call.actor, now=call.now
    )
    return answer(photo_body(row), 201)
