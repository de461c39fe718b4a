"""Nothing foreign runs in a page, and no foreign page posts into it."""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from flask import Response, abort, g, request

from returns_service.pages.web.context import runtime, shop
from returns_service.pages.web.cookies import full_name, secure

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SEED = "returns_seed"
_YEAR = 31_536_000
FIELD = "csrf"
HEADER = "X-CSRF-Token"


def nonce() -> str:
    """The one-time word that lets our own scripts and styles run."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def csrf_token() -> str:
    """What a form must carry: bound to this browser, worthless in any other."""
    return _token(_seed())


def renew_seed() -> None:
    """At sign-in and sign-out: tokens handed out before are worthless."""
    g.seed, g.seed_is_new = secrets.token_urlsafe(24), True


def check_post() -> None:
    """Refuses a post from another site or without this browser's token."""
    if request.method in _SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        abort(403)
    if site is None and not _same_origin(request.headers.get("Origin")):
        abort(403)
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    seed = request.cookies.get(full_name(_SEED), "")
    if not seed or not hmac.compare_digest(given.encode(), _token(seed).encode()):
        abort(403)


def _same_origin(origin: str | None) -> bool:
    """Browsers without Sec-Fetch-Site send Origin with a post; a program may send neither."""
    return origin is None or urlsplit(origin).netloc == request.host


def _seed() -> str:
    if "seed" not in g:
        g.seed = request.cookies.get(full_name(_SEED)) or secrets.token_urlsafe(24)
        g.seed_is_new = full_name(_SEED) not in request.cookies
    return str(g.seed)


def _token(seed: str) -> str:
    key = runtime().settings.secret_key.encode()
    return hmac.new(key, b"csrf:" + seed.encode(), hashlib.sha256).hexdigest()


def finish(response: Response) -> Response:
    """What answers to browsers need beside the headers of every answer."""
    if g.get("seed_is_new"):
        response.set_cookie(
            full_name(_SEED), g.seed, max_age=_YEAR, secure=secure(), httponly=True, samesite="Lax", path="/"
        )
    headers = response.headers
    if secure():
        headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
    if response.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", policy())
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=()")
        headers.setdefault("Cache-Control", "no-store")
    return response


def policy() -> str:
    """Only files of our own, scripts and styles only by nonce; pictures also from where the shop keeps its own."""
    served = shop()
    settings = served.settings if served else {}
    pictures = " ".join(image_origins())
    frames = " ".join(_origins(settings.get("embed_origins"))) if g.get("may_be_embedded") else ""
    word = f"'nonce-{nonce()}'"
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {word} 'strict-dynamic'",
            f"style-src 'self' {word}",
            f"img-src 'self' data: blob: {pictures}".rstrip(),
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "media-src 'self' blob:",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {frames or chr(39) + 'none' + chr(39)}",
        ]
    )


def image_origins() -> list[str]:
    """Where the pictures of the shop's articles may come from, besides this service itself."""
    served = shop()
    return _origins(served.settings.get("image_origins")) if served else []


def _origins(listed: object) -> list[str]:
    """Origins as a shop's settings name them; anything that is not one is left out, so that nothing can be smuggled in."""
    found = [origin(str(text)) for text in listed] if isinstance(listed, list) else []
    return [one for one in found if one]


def origin(address: str) -> str:
    """Scheme and host of an address on the web; "" for anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    fit = parts.scheme in ("http", "https") and parts.netloc and not set(parts.netloc) & set(" ;,'\"@")
    return f"{parts.scheme}://{parts.netloc}" if fit else ""
