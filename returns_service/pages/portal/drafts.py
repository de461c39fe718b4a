"""What a customer has entered so far, kept on the server: survives reload, back button, two tabs and a dead phone."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any
from uuid import UUID

from flask import abort

from returns_service.domain.request import Evidence, RequestLine, ReturnRequest
from returns_service.pages.portal.door import home, order, shop
from returns_service.pages.web import language, runtime, see_other
from returns_service.usecases.forget_draft import key_of, note

MOST_PHOTOS = 8


@dataclass(frozen=True)
class DraftLine:
    id: str
    quantity: int
    reason: str = ""
    condition: str = ""
    comment: str = ""
    photos: tuple[str, ...] = ()
    resolution: str = ""
    exchange_for: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What is shown besides photos, by its type."""

    @property
    def answered(self) -> bool:
        return bool(self.reason and self.resolution)


@dataclass(frozen=True)
class Draft:
    id: str
    order: str
    lines: tuple[DraftLine, ...]
    method: str = ""
    """How it comes back; empty until it was chosen."""
    review: bool = False
    """A person is asked to look at it in spite of a refusal."""
    case: str = ""
    """The return that it changes; empty for a new one."""
    number: str = ""
    """Of the return that it changes, or became."""
    version: int = 0
    done: bool = False
    """Sent; pressed once more it is not sent again."""

    @property
    def reference(self) -> str:
        """The client reference of the return that it becomes: sent twice, it is one."""
        return f"portal-{self.id}"

    @property
    def changing(self) -> UUID | None:
        return UUID(self.case) if self.case else None

    def line(self, number: int) -> DraftLine:
        if not 0 <= number < len(self.lines):
            abort(404)
        return self.lines[number]

    def change(self, number: int, **changed: Any) -> "Draft":
        lines = [replace(line, **changed) if i == number else line for i, line in enumerate(self.lines)]
        return replace(self, lines=tuple(lines))

    def unanswered(self) -> int | None:
        """The first line that still has a question."""
        return next((n for n, line in enumerate(self.lines) if not line.answered), None)

    def choose(self, wanted: Mapping[str, int]) -> "Draft":
        """Other items or quantities; what was answered about the rest stays."""
        had = {line.id: line for line in self.lines}
        lines = (replace(had.get(id_, DraftLine(id_, n)), quantity=n) for id_, n in wanted.items() if n)
        return replace(self, lines=tuple(lines))

    def request(self, *, only: int | None = None, **changed: Any) -> ReturnRequest:
        """As the use cases take it: all lines, or one with something else tried."""
        lines = self.lines if only is None else (replace(self.lines[only], **changed),)
        return ReturnRequest(
            lines=tuple(_line(line) for line in lines),
            return_method=self.method,
            language=language(),
        )


def _line(line: DraftLine) -> RequestLine:
    return RequestLine(
        order_line_id=line.id,
        quantity=line.quantity,
        reason=line.reason,
        condition=line.condition or None,
        comment=line.comment,
        photos=line.photos,
        resolution=line.resolution or "refund",
        exchange_for=line.exchange_for or None,
        attributes=line.attributes,
        evidence=tuple(Evidence(type_, data) for type_, data in line.evidence.items()),
    )


def begin(lines: Sequence[DraftLine], **more: Any) -> Draft:
    draft = Draft(secrets.token_urlsafe(12), order().id, tuple(lines), **more)
    keep(draft)
    return draft


def keep(draft: Draft) -> None:
    content = json.dumps(asdict(draft)).encode()
    runtime().files.put(key_of(shop().id, draft.id), content, content_type="application/json")


def note_photos(ids: Sequence[str]) -> None:
    """Photos that came for something which may never be sent."""
    for photo_id in ids:
        note(runtime().files, shop().id, order().id, photo_id)


def load(draft_id: str) -> Draft:
    """The draft of the order at hand. One that is gone, or anybody else's, leads back to the items."""
    said = _read(draft_id) if draft_id.replace("-", "").replace("_", "").isalnum() else None
    if said is None or said["order"] != order().id:
        abort(see_other(home("items") + "?gone=1"))
    lines = tuple(DraftLine(**{**line, "photos": tuple(line["photos"])}) for line in said.pop("lines"))
    known = {one.name for one in fields(Draft)}
    return Draft(lines=lines, **{name: value for name, value in said.items() if name in known})


def _read(draft_id: str) -> dict[str, Any] | None:
    content = runtime().files.get(key_of(shop().id, draft_id))
    said: dict[str, Any] | None = json.loads(content) if content else None
    return said
