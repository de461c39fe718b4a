"""The page of the API document and the catalogue of problems: no network, no inline script without a nonce."""

import secrets
from html import escape
from importlib.resources import files
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, send_from_directory

from returns_service.api.catalogue import CATALOGUE
from returns_service.domain.errors import NotFound

_ASSETS = str(files("flask_swagger_ui").joinpath("dist"))
_SERVED = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
_START = "SwaggerUIBundle({url: '/v1/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null});"
_STYLE = (
    "body{margin:0;font:16px/1.5 system-ui,sans-serif}main{max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "code{background:#8883;padding:.1em .3em;border-radius:.2em}:root{color-scheme:light dark}"
)


def _page(title: str, body: str, *, head: str = "", nonce: str) -> Response:
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{escape(title)}</title><style nonce="{nonce}">{_STYLE}</style>{head}</head><body>{body}</body></html>'
    )
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response


def install(app: Flask, document: dict[str, Any]) -> None:
    """Serve the document, its page and the problems."""
    blueprint = Blueprint("api_docs", __name__)
    rendered = orjson.dumps(document)

    @blueprint.get("/v1/openapi.json")
    def openapi() -> Response:
        return Response(rendered, content_type="application/json")

    @blueprint.get("/v1/docs")
    def docs() -> Response:
        nonce = secrets.token_urlsafe(16)
        head = '<link rel="stylesheet" href="/v1/docs/swagger-ui.css"><link rel="icon" href="/v1/docs/favicon-32x32.png">'
        scripts = (
            f'<div id="api"></div><script nonce="{nonce}" src="/v1/docs/swagger-ui-bundle.js"></script>'
            f'<script nonce="{nonce}">{_START}</script>'
        )
        return _page("Returns service API", scripts, head=head, nonce=nonce)

    @blueprint.get("/v1/docs/<any(" + ", ".join(f'"{name}"' for name in _SERVED) + "):name>")
    def asset(name: str) -> Response:
        return send_from_directory(_ASSETS, name, max_age=86_400)

    @blueprint.get("/problems")
    def problems() -> Response:
        rows = "".join(
            f'<li><a href="/problems/{code.replace("_", "-")}"><code>{code}</code></a> {escape(entry.title)}</li>'
            for code, entry in sorted(CATALOGUE.items())
        )
        return _page(
            "Problems", f"<main><h1>Problems</h1><ul>{rows}</ul></main>", nonce=secrets.token_urlsafe(16)
        )

    @blueprint.get("/problems/<slug>")
    def problem(slug: str) -> Response:
        code = slug.replace("-", "_")
        entry = CATALOGUE.get(code)
        if entry is None:
            raise NotFound("problem")
        body = (
            f"<main><h1>{escape(entry.title)}</h1><p>Status {entry.status}, code <code>{code}</code></p>"
            f'<p>{escape(entry.advice)}</p><p><a href="/problems">All problems</a></p></main>'
        )
        return _page(entry.title, body, nonce=secrets.token_urlsafe(16))

    app.register_blueprint(blueprint)
