"""W3C trace context: the caller's trace goes on, and every answer says which trace it belongs to."""

import re
import secrets

import structlog
from flask import Flask, Response, g, request

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")


def trace_id() -> str:
    """The trace of the request at hand."""
    found: str = g.get("trace_id") or _begin()
    return found


def _begin() -> str:
    match = _TRACEPARENT.fullmatch(request.headers.get("traceparent", ""))
    genuine = match and int(match[1], 16) and int(match[2], 16)
    g.trace_id = match[1] if match and genuine else secrets.token_hex(16)
    g.span_id = secrets.token_hex(8)
    structlog.contextvars.bind_contextvars(trace_id=g.trace_id)
    return str(g.trace_id)


def _finish(response: Response) -> Response:
    response.headers["traceparent"] = f"00-{trace_id()}-{g.span_id}-01"
    return response


def _forget(_error: BaseException | None) -> None:
    structlog.contextvars.unbind_contextvars("trace_id")


def install(app: Flask) -> None:

    @app.before_request
    def begin() -> None:
        _begin()

    app.after_request(_finish)
    app.teardown_request(_forget)
