"""Every answer from 400 upwards is application/problem+json by RFC 9457, and none of them leaks."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from returns_service.api.answers import PROBLEM
from returns_service.api.catalogue import CATALOGUE, title_of
from returns_service.api.decisions import without_trace
from returns_service.api.refusals import status_of
from returns_service.api.tracing import trace_id
from returns_service.domain.errors import Conflict, Refusal, Unavailable

log = structlog.get_logger(__name__)

HtmlError = Callable[[int, str, str, str], Response]
"""(status, title, sentence, trace id) -> a page; what the pages put into `app.extensions["html_error"]`."""

_BY_STATUS = {
    400: ("malformed", "The request cannot be read."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method."),
    413: ("too_large", "The body is larger than is taken here."),
    415: ("unsupported_type", "The body is of a type that is not read here."),
    429: ("too_many_requests", "Too many requests; wait as long as Retry-After says."),
}
_RETRY_LATER = {429: "1", 503: "2"}


def problem(
    status: int,
    code: str,
    detail: str,
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document, or a page where a person's browser asks for one outside the API."""
    if (page := _page()) is not None:
        response = page(status, title_of(code, status), detail, trace_id())
    else:
        body = {
            "type": type_of(code),
            "title": title_of(code, status),
            "status": status,
            "detail": detail,
            "code": code,
        }
        body |= {**(extra or {}), "instance": request.path, "trace_id": trace_id()}
        response = Response(orjson.dumps(body, default=str), status, content_type=PROBLEM)
    if status in _RETRY_LATER:
        response.headers["Retry-After"] = _RETRY_LATER[status]
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="returns"'
    response.headers.update(headers or {})
    return response


def type_of(code: str) -> str:
    """Where a problem is explained."""
    return f"/problems/{code.replace('_', '-')}" if code in CATALOGUE else "about:blank"


def _page() -> HtmlError | None:
    page: HtmlError | None = current_app.extensions.get("html_error")
    wanted = request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
    return page if wanted and not request.path.startswith("/v1") else None


def refused(refusal: Refusal) -> Response:
    """The answer to something that cannot be had."""
    status = status_of(refusal)
    if status == 403:
        log.warning("authz_denied", path=request.path, code=refusal.code)
    extra = dict(refusal.extra)
    headers = {"Retry-After": str(extra.pop("retry_after"))} if "retry_after" in extra else {}
    if "lines" in extra and not (g.get("actor") and g.actor.may("staff")):
        extra["lines"] = without_trace(extra["lines"])
    if refusal.faults:
        extra["errors"] = [vars(fault) for fault in refusal.faults]
    if status == 409:
        extra = {"state": None, "actions": []} | extra
    return problem(status, refusal.code, refusal.detail or title_of(refusal.code, status), extra, headers)


def http_error(error: HTTPException) -> Any:
    """Werkzeug's own refusals: unknown routes, methods, sizes."""
    if isinstance(error, RequestRedirect) or error.code is None or error.code < 400:
        return error
    code, detail = _BY_STATUS.get(
        error.code, ("malformed" if error.code < 500 else "internal", "This cannot be done.")
    )
    headers = (
        {"Allow": ", ".join(sorted(error.valid_methods or []))} if isinstance(error, MethodNotAllowed) else {}
    )
    return problem(error.code, code, detail, None, headers)


def stale(_error: StaleDataError) -> Response:
    """Somebody else was faster between our reading and our writing."""
    return refused(Conflict("conflict", "Somebody changed this at the same moment. Read it again."))


def database_error(error: DBAPIError | PoolTimeout) -> Response:
    """The database is away, busy, or kept its own rules against us."""
    log.warning("database_error", kind=type(error).__name__, detail=str(getattr(error, "orig", error))[:300])
    if isinstance(error, IntegrityError):
        return refused(
            Conflict("conflict", "Something else changed the same thing at the same moment. Read it again.")
        )
    if isinstance(error, (OperationalError, PoolTimeout)) or getattr(error, "connection_invalidated", False):
        return refused(Unavailable(detail="The database is busy or away. Try again in a moment."))
    return unexpected(error)


def unexpected(error: Exception) -> Response:
    """Our fault: written into the log with its trace, told without any detail."""
    log.error("unexpected_error", path=request.path, method=request.method, exc_info=error)
    return problem(
        500, "internal", "Something went wrong on our side; nothing was changed. Quote the trace_id."
    )


def install(app: Flask) -> None:
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(StaleDataError, stale)
    app.register_error_handler(DBAPIError, database_error)
    app.register_error_handler(PoolTimeout, database_error)
    app.register_error_handler(Exception, unexpected)
