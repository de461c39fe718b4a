"""Headers that every answer carries."""

from flask import Flask, Response

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


_OF_DATA = {**_ALWAYS, "Cache-Control": "no-store"}


def install(app: Flask) -> None:
    """Set what a view did not set itself."""

    @app.after_request
    def harden(response: Response) -> Response:
        data = response.mimetype in ("application/json", "application/problem+json")
        there = {name.lower() for name, _ in response.headers}
        wanted = (_OF_DATA if data else _ALWAYS).items()
        response.headers.extend((name, value) for name, value in wanted if name.lower() not in there)
        return response
