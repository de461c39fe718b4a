"""Puts the pages' ground into an application."""

from flask import Flask, Response, g, request

from returns_service.pages import i18n
from returns_service.pages.web import assets, security
from returns_service.pages.web.blueprints import blueprint
from returns_service.pages.web.cookies import secure
from returns_service.pages.web.errors import error_page
from returns_service.pages.web.limits import Limits
from returns_service.pages.web.paths import local_path, see_other
from returns_service.pages.web.rendering import LANGUAGE_COOKIE
from returns_service.usecases.runtime import Runtime

_YEAR = 31_536_000
base = blueprint("base")


def install(app: Flask, runtime: Runtime) -> None:
    """Static files, headers, the language switch, the error page and the limits."""
    app.extensions.setdefault("runtime", runtime)
    app.extensions["html_error"] = error_page
    limited = runtime.settings.rate_limit != "off"
    app.extensions["page_limits"] = Limits(runtime.settings.bell_url if limited else None)
    app.register_blueprint(assets.blueprint())
    app.register_blueprint(base)
    app.after_request(security.finish)


@base.post("/language")
def choose_language() -> Response:
    """Keep the language that the reader chose, and show the same page in it."""
    wanted = request.form.get("language", "")
    answer = see_other(local_path(request.form.get("next"), "/"))
    if wanted in i18n.LANGUAGES:
        g.language = wanted
        answer.set_cookie(
            LANGUAGE_COOKIE, wanted, max_age=_YEAR, secure=secure(), httponly=True, samesite="Lax"
        )
    return answer
