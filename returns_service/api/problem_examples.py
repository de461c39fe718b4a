"""Examples of problems for the API document, and the form of an upload."""

from typing import Any

from returns_service.api.catalogue import title_of

_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
UPLOAD: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "JPEG, PNG, WebP or HEIF."},
        "alt": {"type": "string", "maxLength": 500, "description": "What the picture shows, in words."},
    },
    "additionalProperties": False,
}
PROBLEMS = {
    400: ("malformed", "The body is not JSON: Expecting value at line 1 column 1."),
    401: ("no_credential", "Send your key as Authorization: Bearer rk_..."),
    403: ("missing_scope", "This needs the scope staff."),
    404: ("not_found", "There is no such return."),
    409: ("illegal_move", "A case that is refunded cannot cancel. Nothing is allowed any more."),
    412: ("stale_version", "You saw version 2; it is now version 3. Read it again and decide anew."),
    413: ("too_large", "The body is larger than is taken here."),
    415: ("unsupported_type", "Send the body as application/json."),
    422: ("invalid", "Some of what you sent cannot be accepted."),
    428: (
        "if_match_required",
        'Say which version you saw: If-Match: "<version>", as in the ETag of the case.',
    ),
    429: ("too_many_requests", "Too many requests; wait as long as Retry-After says."),
    500: ("internal", "Something went wrong on our side; nothing was changed. Quote the trace_id."),
    503: ("unavailable", "The database is busy or away. Try again in a moment."),
}


def problem(status: int, code: str, detail: str) -> dict[str, Any]:
    """An example problem of a status."""
    slug = code.replace("_", "-")
    shown: dict[str, Any] = {
        "type": f"/problems/{slug}",
        "title": title_of(code, status),
        "status": status,
        "detail": detail,
        "code": code,
        "trace_id": _TRACE,
    }
    if status == 409:
        shown |= {"state": "refunded", "actions": []}
    if status == 422:
        at = {
            "pointer": "/lines/0/quantity",
            "code": "quantity",
            "detail": "This must be between 1 and 10000.",
        }
        shown["errors"] = [at]
    return shown
