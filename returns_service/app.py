"""The web application: the API and the pages around one runtime."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request
from flask.sessions import SessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from returns_service.api import setup as api
from returns_service.config import load
from returns_service.pages import setup as pages
from returns_service.processes import end_with_parent, rarely_collect
from returns_service.usecases.runtime import Runtime
from returns_service.wiring import build


class NoSession(SessionInterface):
    """Nobody has a session of Flask's: pages have cookies of their own, and programs have keys."""

    def open_session(self, app: Flask, request: Request) -> None:
        return None


class Web(Flask):
    """Nothing here is a coroutine; Flask would ask eight functions of each request whether they are."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(runtime: Runtime) -> Flask:
    """Everything that answers HTTP."""
    app = Web("returns_service", static_folder=None)
    app.session_interface = NoSession()
    api.install(app, runtime)
    pages.install(app, runtime)
    _believe(app, runtime.settings.proxies)
    return app


def _believe(app: Flask, proxies: int) -> None:
    """Behind a proxy all visitors would come from one address and share one limit; without one anybody could name any."""
    if proxies:
        behind: Any = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0)
        app.wsgi_app = behind  # type: ignore[method-assign]


def wsgi() -> Flask:
    """For any WSGI server: settings from the environment."""
    app = create_app(build(load()))
    rarely_collect()
    return app


def child() -> Flask:
    """For the server that `returns-service web` starts: ends when that is killed."""
    end_with_parent()
    return wsgi()
