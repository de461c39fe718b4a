"""The three faces for people, and what they stand on."""

from flask import Flask

from returns_service.pages import dev, web
from returns_service.usecases.runtime import Runtime


def register(app: Flask, runtime: Runtime) -> None:
    """Add all pages to an application."""
    web.install(app, runtime)
    app.register_blueprint(dev.pages())
