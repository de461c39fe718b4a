"""What a customer has entered so far, kept on the server: survives reload, back button, two tabs and a dead phone."""

import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from flask import abort

from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.pages.portal.door import order, shop
from returns_service.pages.web import language, runtime

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


@dataclass(frozen=True)
class Draft:
    id: str
    order: str
    lines: tuple[DraftLine, ...]
    method: str = "mail"
    review: bool = False
    """A person is asked to look at it in spite of a refusal."""
    extra: dict[str, Any] = field(default_factory=dict)

    def line(self, number: int) -> DraftLine:
        if not 0 <= number < len(self.lines):
            abort(404)
        return self.lines[number]

    def change(self, number: int, **changed: Any) -> "Draft":
        lines = [replace(line, **changed) if i == number else line for i, line in enumerate(self.lines)]
        return replace(self, lines=tuple(lines))

    def request(self, *, only: int | None = None, **changed: Any) -> ReturnRequest:
        """As the use cases take it: all lines, or one with something else tried."""
        lines = self.lines if only is None else (replace(self.lines[only], **changed),)
        return ReturnRequest(
            lines=tuple(_line(line) for line in lines), return_method=self.method, language=language()
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
    )


def begin(lines: tuple[DraftLine, ...]) -> Draft:
    draft = Draft(secrets.token_urlsafe(12), order().id, lines)
    keep(draft)
    return draft


def keep(draft: Draft) -> None:
    content = json.dumps(asdict(draft)).encode()
    runtime().files.put(_key(draft.id), content, content_type="application/json")


def load(draft_id: str) -> Draft:
    """The draft of the order at hand; 404 for anybody else's."""
    content = (
        runtime().files.get(_key(draft_id)) if draft_id.replace("-", "").replace("_", "").isalnum() else None
    )
    said = json.loads(content) if content else None
    if said is None or said["order"] != order().id:
        abort(404)
    lines = tuple(DraftLine(**{**line, "photos": tuple(line["photos"])}) for line in said.pop("lines"))
    return Draft(lines=lines, **said)


def _key(draft_id: str) -> str:
    return f"drafts/{shop().id}/{draft_id}.json"
