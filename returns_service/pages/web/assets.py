"""First-party files: their address carries a digest of their content, so that a browser may keep them for ever."""

import gzip
import mimetypes
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, request

FOLDER = Path(__file__).parent.parent / "static"
FOREVER = "public, max-age=31536000, immutable"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2"}
_PACKED = {".js", ".css", ".svg", ".webmanifest"}


@dataclass(frozen=True)
class Asset:
    """One file in memory, packed once where that pays."""

    content: bytes
    packed: bytes | None
    content_type: str


@dataclass(frozen=True)
class Assets:
    """All files. One digest for the whole tree: modules import each other by relative addresses."""

    version: str
    files: dict[str, Asset]

    def url(self, path: str) -> str:
        """Raises KeyError for a file that is not there, so that a wrong name is found at once."""
        if path not in self.files:
            raise KeyError(f"There is no static file {path!r}.")
        return f"/static/{self.version}/{path}"


@cache
def assets() -> Assets:
    """Read once per process."""
    found = {
        file.relative_to(FOLDER).as_posix(): file for file in sorted(FOLDER.rglob("*")) if file.is_file()
    }
    digest = sha256()
    for name, file in found.items():
        digest.update(name.encode() + b"\0" + file.read_bytes())
    return Assets(digest.hexdigest()[:12], {name: _asset(file) for name, file in found.items()})


def _asset(file: Path) -> Asset:
    content = file.read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if file.suffix in _PACKED else None
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Asset(content, packed, kind)


def serve(version: str, path: str) -> Response:
    """A file; one asked for by an outdated address is given too, but not kept."""
    asset = assets().files.get(path) or assets().files.get(f"{version}/{path}")
    if asset is None:
        abort(404)
    packed = asset.packed if request.accept_encodings["gzip"] else None
    answer = Response(packed or asset.content, content_type=asset.content_type)
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = FOREVER if version == assets().version else "no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def blueprint() -> Blueprint:
    made = Blueprint("assets", __name__)
    made.add_url_rule("/static/<version>/<path:path>", view_func=serve)
    return made
