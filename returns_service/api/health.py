"""Whether the process lives, whether it can work, and figures for Prometheus."""

from time import perf_counter

import structlog
from flask import Blueprint, Flask, Response, current_app, g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from returns_service.api.answers import answer
from returns_service.telemetry import REQUEST_SECONDS, REQUESTS, metrics
from returns_service.usecases.look_after import DOWN, Health, figures, health
from returns_service.usecases.runtime import Runtime

log = structlog.get_logger(__name__)


def install(app: Flask) -> None:
    """`/livez` touches nothing, `/readyz` looks at what is needed, `/metrics` measures."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/livez")
    def livez() -> Response:
        return answer({"status": "ok"})

    @blueprint.get("/readyz")
    def readyz() -> Response:
        found = _health(_runtime())
        headers = {"Cache-Control": "no-store"} | ({"Retry-After": "2"} if found.status == "down" else {})
        status = 503 if found.status == "down" else 200
        return answer({"status": found.status, "checks": dict(found.checks)}, status, headers)

    @blueprint.get("/metrics")
    def prometheus() -> Response:
        runtime = _runtime()
        with runtime.db.read() as session:
            gauges = figures(session, runtime.now())
        return Response(metrics(gauges), content_type="text/plain; version=0.0.4; charset=utf-8")

    app.register_blueprint(blueprint)
    app.before_request(_start)
    app.after_request(_count)


def _runtime() -> Runtime:
    found: Runtime = current_app.extensions["runtime"]
    return found


def _health(runtime: Runtime) -> Health:
    try:
        with runtime.db.read() as session:
            return health(session, runtime.now(), bell_works=runtime.bell.works())
    except (DBAPIError, PoolTimeout) as why:
        log.warning("database_error", why=str(getattr(why, "orig", why))[:300])
        return DOWN


def _start() -> None:
    g.began = perf_counter()


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "unknown"
    REQUESTS.labels(endpoint, response.status_code).inc()
    if "began" in g:
        REQUEST_SECONDS.labels(endpoint).observe(perf_counter() - g.began)
    return response
