"""Photos for people who are signed in: kept apart from pages, never run, never guessed by type."""

from uuid import UUID

from flask import Response, jsonify, request

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Invalid
from returns_service.pages.web import gettext, now, runtime
from returns_service.usecases.add_photo import add_photo
from returns_service.usecases.photos_of_case import read_photo

LARGEST = 12 * 1024 * 1024


def show(photo_id: UUID, actor: Actor) -> Response:
    """The picture itself. Raises NotFound."""
    with runtime().db.read() as session:
        row, data = read_photo(session, photo_id, files=runtime().files, actor=actor)
    answer = Response(data, content_type=row.content_type)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


def take(actor: Actor) -> Response:
    """Keep the file `photo` of a post: `{"id"}`, or `{"message"}` that says what is wrong with it."""
    request.max_content_length = LARGEST
    file = request.files.get("photo")
    try:
        if file is None:
            raise Invalid("missing", "Send a photo.")
        with runtime().db.begin() as session:
            row = add_photo(
                session,
                file.stream.read(LARGEST + 1),
                alt=request.form.get("alt", "")[:200],
                pictures=runtime().pictures,
                files=runtime().files,
                actor=actor,
                now=now(),
            )
    except Invalid:
        answer = jsonify(message=_unfit())
        answer.status_code = 422
        return answer
    return jsonify(id=str(row.id))


def take_many(field: str, actor: Actor) -> tuple[list[str], str]:
    """Keep the photos that came with a form where no script sent them before; the second part says what was wrong."""
    kept = []
    for file in request.files.getlist(field):
        if not file.filename:
            continue
        data = file.stream.read(LARGEST + 1)
        try:
            with runtime().db.begin() as session:
                row = add_photo(
                    session,
                    data,
                    alt="",
                    pictures=runtime().pictures,
                    files=runtime().files,
                    actor=actor,
                    now=now(),
                )
                kept.append(str(row.id))
        except Invalid:
            return kept, _unfit()
    return kept, ""


def _unfit() -> str:
    return gettext(
        "This file is not a photo that we can read. Send JPEG, PNG, WebP or HEIC, at most %(most)s MB.",
        most=LARGEST // 1024 // 1024,
    )
