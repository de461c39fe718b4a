"""Refusals that only an HTTP interface knows, and the one table from refusals to statuses.

The branches of the domain's tree (`domain/errors.py`) and these leaves:

Refusal
├── Malformed         not readable as a request at all        (400)
├── NoCredential      no key, or one that is not valid        (401)
├── TooLarge          more bytes than are taken               (413)
├── UnsupportedType   another content type than is read here  (415)
└── TooMany           too often                               (429)
"""

from returns_service.domain.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotEligible,
    NotFound,
    Refusal,
    StaleVersion,
    Unavailable,
    VersionMissing,
)


class Malformed(Refusal):
    """The request cannot be read."""

    code = "malformed"


class NoCredential(Refusal):
    """Nobody may do this without a valid key."""

    code = "no_credential"


class TooLarge(Refusal):
    """The body has more bytes than are taken here."""

    code = "too_large"


class UnsupportedType(Refusal):
    """The body is of a type that is not read here."""

    code = "unsupported_type"


class TooMany(Refusal):
    """Too many requests in too little time."""

    code = "too_many_requests"


STATUS: dict[type[Refusal], int] = {
    Malformed: 400,
    NoCredential: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    StaleVersion: 412,
    TooLarge: 413,
    UnsupportedType: 415,
    Invalid: 422,
    NotEligible: 422,
    VersionMissing: 428,
    TooMany: 429,
    Unavailable: 503,
}


def status_of(refusal: Refusal) -> int:
    """The status of the nearest branch."""
    return next((STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 422)
