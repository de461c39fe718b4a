"""How often something may be tried: counted in redis for all processes, in memory while redis is away."""

import structlog
from flask import current_app
from limits import parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

log = structlog.get_logger(__name__)
_TIMEOUT = 0.2


class Limits:
    """`spend` counts a try; `spent` only looks."""

    def __init__(self, url: str | None) -> None:
        self._near = FixedWindowRateLimiter(MemoryStorage())
        self._shared = FixedWindowRateLimiter(_storage(url)) if url else None

    def spend(self, rule: str, *keys: str) -> bool:
        """Count one try against a rule such as "5/15 minutes"; False when that was one too many."""
        item = parse(rule)
        if self._shared is not None:
            try:
                return self._shared.hit(item, *keys)
            except Exception as why:  # noqa: BLE001 - whatever ails redis, a limiter never stops the work
                log.warning("limits_in_memory", why=type(why).__name__)
        return self._near.hit(item, *keys)

    def spent(self, rule: str, *keys: str) -> bool:
        """Whether nothing is left, without counting."""
        item = parse(rule)
        if self._shared is not None:
            try:
                return not self._shared.test(item, *keys)
            except Exception as why:  # noqa: BLE001 - whatever ails redis, a limiter never stops the work
                log.warning("limits_in_memory", why=type(why).__name__)
        return not self._near.test(item, *keys)

    def forgive(self, rule: str, *keys: str) -> None:
        """Start counting anew, after a success."""
        item = parse(rule)
        self._near.clear(item, *keys)
        if self._shared is not None:
            try:
                self._shared.clear(item, *keys)
            except Exception as why:  # noqa: BLE001 - whatever ails redis, a limiter never stops the work
                log.warning("limits_in_memory", why=type(why).__name__)


def _storage(url: str) -> Storage:
    options: dict[str, float | str | bool] = {
        "socket_timeout": _TIMEOUT,
        "socket_connect_timeout": _TIMEOUT,
        "key_prefix": "returns-pages",
    }
    made = storage_from_string(f"redis+{url}" if url.startswith("unix:") else url, **options)
    assert isinstance(made, Storage)  # noqa: S101 - only an address that begins with "async+" makes another
    return made


def limits() -> Limits:
    """The limits of this process."""
    found: Limits = current_app.extensions["page_limits"]
    return found
