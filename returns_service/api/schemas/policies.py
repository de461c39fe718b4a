"""Bodies and answers about policies: their versions, what a change would do, and publishing it."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from returns_service.api.schemas.base import Body, Checked, wrong
from returns_service.api.schemas.decisions import PolicyRef
from returns_service.api.schemas.fields import Count, Instant, SignedAmount, Text
from returns_service.api.schemas.queries import Digits
from returns_service.api.schemas.shapes import (
    Shape,
    count,
    flag,
    instant,
    list_of,
    maybe_words,
    open_object,
    part,
    words,
)

LONGEST_FILE = 512 * 1024
MOST_FILES = 12
_NAME = re.compile(r"[a-z_]{1,40}\.yaml", re.ASCII)


class Files(Checked, fields.Dict):
    """File names to their whole text; null takes a file away."""

    def __init__(self, **kwargs: Any) -> None:
        text = {"type": ["string", "null"], "maxLength": LONGEST_FILE}
        shown = {
            "maxProperties": MOST_FILES,
            "additionalProperties": text,
            "x-propertyNames": {"pattern": f"^{_NAME.pattern}$"},
            "description": "File names to their whole text; null takes a file away. Files that are not named stay as they are.",
        }
        super().__init__(metadata=shown, **kwargs)

    def check(self, value: Any) -> dict[str, str | None]:
        if not isinstance(value, Mapping):
            raise wrong("type", "This must be an object of file names and texts.")
        if len(value) > MOST_FILES:
            raise wrong("too_many", f"At most {MOST_FILES} files are taken.")
        longest = Text(LONGEST_FILE)
        for name, text in value.items():
            if not _NAME.fullmatch(name):
                raise wrong("policy_file", f"{name!r} is no file of a policy, such as eligibility.yaml.")
            if text is not None:
                longest.deserialize(text)
        return dict(value)


class PublishBody(Body):
    """A change of the newest version, and from when on it holds."""

    files = Files(required=True)
    effective_from = Instant(
        allow_none=True,
        load_default=None,
        metadata={
            "description": "Orders placed from then on; else as policy.yaml says, else now. Never before now."
        },
    )
    note = Text(2000, load_default="", metadata={"description": "Why it is changed; kept with the version."})


class SimulateBody(Body):
    """What to try on the past: a change of a version, or a version as it is."""

    version = Count(
        1, allow_none=True, load_default=None, metadata={"description": "The newest when left out."}
    )
    files = Files(load_default=dict)
    since = Instant(
        allow_none=True,
        load_default=None,
        metadata={"description": "Cases requested from then on; 90 days when left out."},
    )


class DiffQuery(Body):
    """Two versions; without them the newest and the one before."""

    old = Digits(10**9)
    new = Digits(10**9)


class PolicyVersion(Shape):
    """A published text; orders placed from `effective_from` on are judged by it."""

    name = words()
    version = count()
    hash = words()
    effective_from = instant()
    published_by = words()
    note = words()
    created_at = instant()


class PolicyText(PolicyVersion):
    """With its files."""

    files = open_object()
    laws = open_object()


class Difference(Shape):
    """Cases that change alike. `difference` is the money of all of them, null where no money moves."""

    kind = words(metadata={"description": "granted, refused, money, window, fault, offers, review or words."})
    what = words()
    cases = count()
    difference = SignedAmount(required=True, allow_none=True)
    currency = maybe_words()
    reasons = list_of(fields.String())
    examples = list_of(fields.String())


class FileDifference(Shape):
    """Lines of one file as a unified diff: each begins with +, -, a blank or @@."""

    name = words()
    lines = list_of(fields.String())


class Diff(Shape):
    """What changes for whom, found by asking both versions the same cases."""

    name = words()
    old = count()
    new = count()
    asked = words(metadata={"description": "stored: the shop's newest cases; generated: made-up ones."})
    cases = count()
    changes = list_of(Difference)
    files = list_of(FileDifference)


class Effect(Shape):
    """Cases that would have ended differently in the same way."""

    kind = words()
    cases = count()
    difference = SignedAmount(required=True, allow_none=True)
    currency = maybe_words()
    numbers = list_of(fields.String())


class SimulationLinks(Shape):
    self = words()


class Simulation(Shape):
    """A trial on the past: `done` of `cases` are asked; what was found so far is there while it runs."""

    id = words()
    name = words()
    base = count()
    since = instant()
    state = words(metadata={"description": "waiting, running, done or failed."})
    cases = count()
    done = count()
    changed = count()
    effects = list_of(Effect)
    problem = words()
    created_at = instant()
    updated_at = instant()
    links = part(SimulationLinks)


class TracedLine(Shape):
    """The rules that were looked at: when it was asked for, and for its settlement by all that is known now."""

    line_id = words()
    order_line_id = words()
    decision = list_of(fields.Dict())
    settlement = list_of(fields.Dict())


class CaseTrace(Shape):
    """Why a case came out as it did."""

    id = words()
    number = words()
    policy = part(PolicyRef)
    final = flag()
    review_reasons = list_of(fields.String())
    lines = list_of(TracedLine)
