"""Rate limits on redis; in memory while redis is away, so that a dead redis never stops intake."""

from time import time

from flask import Flask, Response, request
from flask_limiter import Limiter, RequestLimit
from limits import parse

from returns_service.api.auth import owner_or_none
from returns_service.config import Settings

_TIMEOUT = 0.2
"""Seconds that redis may take before its limits are kept in memory."""


def install(app: Flask, settings: Settings) -> None:
    """Count every request under /v1 against its key, or its address when it has no valid one."""
    if settings.rate_limit == "off":
        return
    limiter = Limiter(
        _who,
        app=app,
        application_limits=[settings.rate_limit],
        application_limits_exempt_when=lambda: not _counted(),
        storage_uri=_storage(settings.bell_url),
        storage_options={"socket_timeout": _TIMEOUT, "socket_connect_timeout": _TIMEOUT},  # type: ignore[dict-item]
        in_memory_fallback_enabled=True,
        key_prefix="returns-api",
    )
    limit = parse(settings.rate_limit)
    policy = f'"default";q={limit.amount};w={limit.get_expiry()}'

    @app.after_request
    def tell(response: Response) -> Response:
        return _tell(response, limiter.current_limit, policy)


def _counted() -> bool:
    return request.path.startswith("/v1/") and not request.path.startswith(("/v1/docs", "/v1/openapi.json"))


def _who() -> str:
    owner = owner_or_none()
    return f"key:{owner.key_id}" if owner else f"address:{request.remote_addr}"


def _storage(url: str) -> str:
    return f"redis+{url}" if url.startswith("unix:") else url


def _tell(response: Response, limit: RequestLimit | None, policy: str) -> Response:
    if limit is None:
        return response
    seconds = max(0, int(limit.reset_at - time()) + 1)
    response.headers["RateLimit-Policy"] = policy
    response.headers["RateLimit"] = f'"default";r={max(0, limit.remaining)};t={seconds}'
    if response.status_code == 429:
        response.headers["Retry-After"] = str(max(1, seconds))
    return response
