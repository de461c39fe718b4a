"""Rate limits on redis; in memory while redis is away, so that a dead redis never stops intake.

One round trip for each request: the counter comes back from the increment, and when a window ends is remembered
(Flask-Limiter asks twice more; measured at 1.2 ms of CPU a request against 0.4).
"""

from time import monotonic, time

import structlog
from flask import Flask, Response, g, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from redis.exceptions import RedisError

from returns_service.api.auth import owner_or_none
from returns_service.api.refusals import TooMany
from returns_service.config import Settings

log = structlog.get_logger(__name__)

_TIMEOUT = 0.2
"""Seconds that redis may take before requests are counted in memory."""
_SULK = 5.0
"""Seconds without another try after redis did not answer."""
_MOST_KNOWN = 10_000


class Counter:
    """Counts requests in fixed windows that begin with the first one."""

    def __init__(self, limit: RateLimitItem, url: str) -> None:
        self.limit = limit
        self._near, self._shared = MemoryStorage(), _storage(url)
        self._quiet_until = 0.0
        self._ends: dict[str, float] = {}

    def hit(self, who: str) -> tuple[int, float]:
        """How many requests are left after this one (-1: it was one too many), and when the window ends."""
        if monotonic() >= self._quiet_until:
            try:
                return self._hit(self._shared, who)
            except (RedisError, StorageError, OSError) as why:
                self._quiet_until = monotonic() + _SULK
                log.warning("limits_in_memory", why=type(why).__name__)
        return self._hit(self._near, who)

    def _hit(self, storage: Storage, who: str) -> tuple[int, float]:
        key, window = self.limit.key_for("api", who), self.limit.get_expiry()
        count = storage.incr(key, window)
        end = self._ends.get(key, 0.0)
        if count == 1 or end <= time():
            end = time() + window if count == 1 else storage.get_expiry(key)
            self._remember(key, end)
        return max(-1, self.limit.amount - count), end

    def _remember(self, key: str, end: float) -> None:
        if len(self._ends) >= _MOST_KNOWN:
            self._ends.clear()
        self._ends[key] = end


def install(app: Flask, settings: Settings) -> None:
    """Count every request under /v1 against its key, or its address when it has no valid one."""
    if settings.rate_limit == "off":
        return
    limit = parse(settings.rate_limit)
    counter = Counter(limit, settings.bell_url)
    policy = f'"default";q={limit.amount};w={limit.get_expiry()}'

    @app.before_request
    def count() -> None:
        if not _counted():
            return
        left, end = counter.hit(_who())
        g.limit = (max(0, left), max(1, int(end - time()) + 1))
        if left < 0:
            raise TooMany(
                detail="Too many requests; wait as long as Retry-After says.", retry_after=g.limit[1]
            )

    @app.after_request
    def tell(response: Response) -> Response:
        if "limit" in g:
            response.headers["RateLimit-Policy"] = policy
            response.headers["RateLimit"] = f'"default";r={g.limit[0]};t={g.limit[1]}'
        return response


def _counted() -> bool:
    return request.path.startswith("/v1/") and not request.path.startswith(("/v1/docs", "/v1/openapi.json"))


def _who() -> str:
    owner = owner_or_none()
    return f"key:{owner.key_id}" if owner else f"address:{request.remote_addr}"


def _storage(url: str) -> Storage:
    made = storage_from_string(
        f"redis+{url}" if url.startswith("unix:") else url,
        socket_timeout=_TIMEOUT,
        socket_connect_timeout=_TIMEOUT,
        key_prefix="returns-api",
    )
    assert isinstance(made, Storage)  # noqa: S101 - only an address that begins with "async+" makes another
    return made
