"""Rate limits on redis; in memory while redis is away, so that a dead redis never stops intake."""

from time import time

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limiter, RequestLimit
from limits import parse

from returns_service.config import Settings

_TIMEOUT = 0.2
"""Seconds that redis may take before its limits are kept in memory."""


def check() -> None:
    """Count this request against its key, or its address when it has none. Raises 429."""
    limiter: Limiter | None = current_app.extensions.get("api_limiter")
    if limiter is not None:
        limiter.check()


def _who() -> str:
    actor = g.get("actor")
    return f"key:{actor.key_id}" if actor else f"address:{request.remote_addr}"


def _storage(url: str | None) -> str:
    if not url:
        return "memory://"
    return f"redis+{url}" if url.startswith("unix:") else url


def install(app: Flask, settings: Settings) -> None:
    if settings.rate_limit == "off":
        return
    url = _storage(settings.bell_url)
    timeouts = {} if url == "memory://" else {"socket_timeout": _TIMEOUT, "socket_connect_timeout": _TIMEOUT}
    limiter = Limiter(
        _who,
        app=app,
        application_limits=[settings.rate_limit],
        auto_check=False,
        storage_uri=url,
        storage_options=timeouts,
        in_memory_fallback=[settings.rate_limit],
        in_memory_fallback_enabled=True,
        key_prefix="returns-api",
    )
    app.extensions["api_limiter"] = limiter
    limit = parse(settings.rate_limit)
    policy = f'"default";q={limit.amount};w={limit.get_expiry()}'

    @app.after_request
    def tell(response: Response) -> Response:
        return _tell(response, limiter.current_limit, policy)


def _tell(response: Response, limit: RequestLimit | None, policy: str) -> Response:
    if limit is None:
        return response
    seconds = max(0, int(limit.reset_at - time()) + 1)
    response.headers["RateLimit-Policy"] = policy
    response.headers["RateLimit"] = f'"default";r={max(0, limit.remaining)};t={seconds}'
    if response.status_code == 429:
        response.headers["Retry-After"] = str(max(1, seconds))
    return response
