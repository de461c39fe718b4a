"""What operators see: structured logs that hide secrets, and figures for Prometheus."""

import logging
import logging.config
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from returns_service.config import METRICS_FOLDER

HIDDEN = "***"

WORK = Counter("returns_work_total", "Rows of the outbox that were worked on", ["topic", "outcome"])
WORK_SECONDS = Histogram("returns_work_seconds", "Time that one row of the outbox took", ["topic"])
REQUESTS = Counter("returns_requests_total", "HTTP requests answered", ["endpoint", "status"])
REQUEST_SECONDS = Histogram(
    "returns_request_seconds", "Time until an HTTP request was answered", ["endpoint"]
)

_SECRET_NAMES = re.compile(
    r"(authorization|cookie|password|secret|token|api_key|signature|pin)$", re.IGNORECASE
)
_SECRETS = re.compile(
    r"\brk_[A-Za-z0-9_-]{8,}|\bwhsec_[A-Za-z0-9+/=]+|Bearer\s+\S+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+|\b(?:\d[ -]?){13,19}\b|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b"
)
"""Keys, webhook secrets, passwords in URLs, e-mail addresses, card numbers, IBANs."""


def masked(text: str) -> str:
    """The text without what must not be in a log."""
    return _SECRETS.sub(HIDDEN, text)


def _mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if _SECRET_NAMES.search(name):
            event[name] = HIDDEN
        elif isinstance(value, str):
            event[name] = masked(value)
    return event


def log_to(stream: Any, *, level: str, json: bool) -> None:
    """Send the logs of this process, the libraries' too, to one stream."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask,
    ]
    written = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, written],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("rq", "httpx", "httpcore", "alembic", "fontTools", "transitions", "apprise"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def log_as(*, level: str, json: bool | None) -> None:
    """Logs to standard error: JSON for machines, columns for a person in a terminal, unless told otherwise."""
    log_to(sys.stderr, level=level, json=not sys.stderr.isatty() if json is None else json)


def metrics(gauges: Mapping[str, float]) -> bytes:
    """All figures of all processes in Prometheus' text form, with `gauges` measured just now."""
    registry = CollectorRegistry()
    if METRICS_FOLDER in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        for one in (WORK, WORK_SECONDS, REQUESTS, REQUEST_SECONDS):
            registry.register(one)
    lines = "".join(f"# TYPE {name} gauge\n{name} {value}\n" for name, value in gauges.items())
    return bytes(generate_latest(registry)) + lines.encode()
