"""Signed cookies: a browser can read what they say, and change nothing of it."""

from typing import Any

from flask import Response, request
from itsdangerous import BadData, URLSafeTimedSerializer

from returns_service.pages.web.context import runtime


class Cookie:
    """One signed JSON cookie. What it says is trusted; whether it still counts is checked against the database."""

    def __init__(self, name: str, *, seconds: int, path: str = "/") -> None:
        """`seconds` is how long it counts after it was written, whatever the browser keeps."""
        self.name, self.seconds, self.path = name, seconds, path

    def read(self) -> dict[str, Any] | None:
        """None when there is none, when it was changed, or when it is too old."""
        try:
            said = self._signer().loads(request.cookies.get(full_name(self.name), ""), max_age=self.seconds)
        except BadData:
            return None
        return said if isinstance(said, dict) else None

    def write(self, response: Response, said: dict[str, Any]) -> None:
        response.set_cookie(
            full_name(self.name),
            str(self._signer().dumps(said)),
            max_age=self.seconds,
            path=self.path,
            secure=secure(),
            httponly=True,
            samesite="Lax",
        )

    def clear(self, response: Response) -> None:
        response.delete_cookie(
            full_name(self.name), path=self.path, secure=secure(), httponly=True, samesite="Lax"
        )

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(runtime().settings.secret_key, salt=f"cookie:{self.name}")


def secure() -> bool:
    """Cookies for HTTPS alone, except on loopback and closed networks that speak plain HTTP."""
    return (runtime().settings.public_url or "").startswith("https://")


def full_name(name: str) -> str:
    return f"__Secure-{name}" if secure() else name
