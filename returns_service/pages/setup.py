"""All pages, put into an application; apart from `pages` itself, so that a worker that writes mail needs no web."""

from flask import Flask

from returns_service.pages import console, dev, portal, start, warehouse, web
from returns_service.usecases.runtime import Runtime


def install(app: Flask, runtime: Runtime) -> None:
    """Add all pages to an application."""
    web.install(app, runtime)
    for face in (start, dev, portal, warehouse, console):
        app.register_blueprint(face.pages())
