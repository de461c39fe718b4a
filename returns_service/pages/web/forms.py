"""Forms: read what was posted, tell what is wrong, and give back what was typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from werkzeug.datastructures import MultiDict

from returns_service.domain.errors import Refusal

TEXT_LIMIT = 4000


@dataclass
class Form:
    """Values and errors by field name; what the field macros read."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    """Field -> sentence in the reader's language; "" belongs to the whole form."""

    def value(self, name: str, otherwise: str = "") -> str:
        return self.values.get(name, otherwise)

    def error(self, name: str) -> str:
        return self.errors.get(name, "")

    def wrong(self, name: str, sentence: str) -> None:
        """The first error of a field is the one that is told."""
        self.errors.setdefault(name, sentence)

    @property
    def ok(self) -> bool:
        return not self.errors


class Submitted(Form):
    """The form of the request at hand."""

    def __init__(self, data: "MultiDict[str, str] | None" = None) -> None:
        self.data = request.form if data is None else data
        super().__init__({name: self.text(name) for name in self.data})

    def text(self, name: str, limit: int = TEXT_LIMIT) -> str:
        """Without blanks around it, newlines as \\n, at most `limit` signs."""
        return self.data.get(name, "").replace("\r\n", "\n").replace("\0", "").strip()[:limit]

    def list(self, name: str) -> list[str]:
        return self.data.getlist(name)

    def flag(self, name: str) -> bool:
        return self.data.get(name, "") not in ("", "0", "false")

    def number(self, name: str, otherwise: int = 0) -> int:
        """Of at most nine digits: a barcode that was scanned into the wrong field is none."""
        text = self.text(name, 20)
        return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else otherwise

    def version(self) -> int | None:
        """The version of the case that this form was made from."""
        return self.number("version") or None

    def need(self, name: str, sentence: str) -> str:
        """The text of a field that may not be empty."""
        text = self.text(name)
        if not text:
            self.wrong(name, sentence)
        return text

    def refused(self, refusal: Refusal, sentence: str) -> None:
        """Put a refusal of a use case where it belongs: to the field that its pointer names, else to the form."""
        pointer = refusal.faults[0].pointer.rsplit("/", 1)[-1] if refusal.faults else ""
        self.wrong(pointer if pointer in self.data else "", sentence)
