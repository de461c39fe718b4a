"""Puts the API into a Flask application."""

from flask import Flask

from returns_service.api import (
    answers,
    converters,
    docs,
    errors,
    events,
    gateways,
    health,
    hooks,
    keys,
    limits,
    moves,
    openapi,
    orders,
    parcels,
    photos,
    policies,
    recoveries,
    refunds,
    replacements,
    reports,
    returns,
    security,
    slips,
    store_credit,
    talk,
    tracing,
    webhooks,
)
from returns_service.api.auth import Known
from returns_service.usecases.runtime import Runtime

RESOURCES = (
    orders,
    returns,
    moves,
    talk,
    photos,
    slips,
    refunds,
    store_credit,
    replacements,
    recoveries,
    parcels,
    events,
    hooks,
    webhooks,
    gateways,
    policies,
    reports,
    keys,
)
LARGEST_BODY = 2 * 1024 * 1024


def install(app: Flask, runtime: Runtime) -> None:
    """Everything under /v1, the health checks, and what every answer carries."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.extensions["runtime"] = runtime
    app.extensions["known_keys"] = Known()
    for part in (answers, converters, tracing, security, errors, health):
        part.install(app)
    limits.install(app, runtime.settings)
    api = openapi.create(app)
    for resource in RESOURCES:
        api.register_blueprint(resource.blp)
    app.extensions["openapi"] = openapi.finish(api)
    docs.install(app, app.extensions["openapi"])
