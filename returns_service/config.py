"""Settings: the `RETURNS_*` variables, parsed once into a typed object; all wrong ones are told at once."""

import base64
import difflib
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "RETURNS_"
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where the processes of one service add up their figures; the Prometheus library's own variable."""
SOCKET_PATH_LIMIT = 100  # the kernel allows about 107 bytes
DEFAULT_POLICIES = Path(__file__).resolve().parent.parent / "policies"


class SettingsError(Exception):
    """Wrong settings, one line for each: `RETURNS_PORT: ...`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _absolute(path: Path) -> Path:
    return path.expanduser().resolve()


def _database(url: str) -> str:
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must be a URL like postgresql://user@host/name or sqlite:////path/file.db")
    return url


def _scheme(*schemes: str) -> AfterValidator:
    def check(url: str | None) -> str | None:
        if url and not url.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise ValueError(
                f"must be a URL that starts with {', '.join(f'{scheme}://' for scheme in schemes)}"
            )
        return url.rstrip("/") if url else None

    return AfterValidator(check)


def _private(url: str) -> bool:
    """Whether nobody on the way can read along."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in ("127.0.0.1", "::1", "localhost")


def _limit(text: str) -> str:
    if text != "off" and not re.fullmatch(r"[1-9]\d{0,8} ?(/|per) ?(second|minute|hour|day)", text):
        raise ValueError('must be a limit such as "600/minute" or "off"')
    return text


def _listening(host: str) -> str:
    if not host or any(c in host for c in "/ @"):
        raise ValueError("must be an address to listen on, such as 127.0.0.1 or 0.0.0.0")
    return host


Port = Annotated[int, Field(ge=1, le=65535)]
Folder = Annotated[Path, AfterValidator(_absolute)]


class Settings(BaseSettings):
    """What an operator may choose. Every field is the variable `RETURNS_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, env_ignore_empty=True, extra="ignore", use_attribute_docstrings=True
    )

    host: Annotated[str, AfterValidator(_listening)] = "127.0.0.1"
    """Where the web server listens; 0.0.0.0 for every address of this machine."""
    port: Port = 8000
    """The port of the web server."""
    sandbox_port: int = 0
    """The port of the sandbox gateway; by default the web port plus one."""
    data_dir: Folder = Path(".data")
    """Where database, photos, mail and the secret are kept, as far as they have no other place."""
    policies_dir: Folder = DEFAULT_POLICIES
    """The folder with a folder for each policy."""
    database_url: Annotated[str, AfterValidator(_database)] = Field(default="", repr=False)
    """postgresql://user:password@host/name, or sqlite:////path/file.db; by default a file in the data folder."""
    redis_url: Annotated[str | None, _scheme("redis", "rediss", "unix")] = Field(default=None, repr=False)
    """The redis that rings the bell; without one the service starts its own."""
    public_url: Annotated[str | None, _scheme("http", "https")] = None
    """The address by which customers reach the service: it is in every link of a mail."""
    smtp_url: Annotated[str | None, _scheme("smtp", "smtps")] = Field(default=None, repr=False)
    """The mail server, smtp://user:password@host:587; without one mails are files in the data folder."""
    files_url: Annotated[str | None, _scheme("s3")] = None
    """A bucket for photos, s3://name; without one they are kept in the data folder."""
    mail_from: str = "Returns <returns@localhost>"
    """The sender of mails; the name before the address is the shop's."""
    secret_key: str = Field(default="", repr=False)
    """Signs links and seals the secrets of shops: the same on every machine. Without one it is made in the data folder."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """From which weight on a line is logged."""
    log_json: bool | None = None
    """Lines of JSON, or words for people; by default JSON unless a person watches in a terminal."""
    allow_private_hooks: bool = False
    """Whether webhooks may go to addresses of the own network; for tests and closed networks."""
    oidc_issuer: Annotated[str | None, _scheme("https", "http")] = None
    """The company's OpenID Connect provider; with it, people of the console sign in there."""
    oidc_client_id: str = ""
    """How the provider knows this service."""
    oidc_client_secret: str = Field(default="", repr=False)
    """The password that the provider gave this service."""
    oidc_name: str = ""
    """What the button calls the provider."""
    rate_limit: Annotated[str, AfterValidator(_limit)] = "1200/minute"
    """Requests that one key may make, such as 600/minute, or off."""
    demo: bool = True
    """Whether the demo shop is loaded and its sign-ins are printed."""
    proxies: Annotated[int, Field(ge=0, le=9)] = 0
    """Reverse proxies before the web server: so many last addresses of X-Forwarded-For are theirs to say."""
    web_processes: Annotated[int, Field(ge=1, le=64)] = 1
    """Web processes that `serve` and `web` start."""
    web_threads: Annotated[int, Field(ge=1, le=256)] = 8
    """Requests that each of them answers at a time."""
    workers: Annotated[int, Field(ge=0, le=64)] = 1
    """Workers that `serve` starts."""

    @model_validator(mode="after")
    def _derive(self) -> "Settings":
        set_ = object.__setattr__
        if not self.sandbox_port:
            set_(self, "sandbox_port", self.port + 1)
        if not 1 <= self.sandbox_port <= 65535 or self.sandbox_port == self.port:
            raise ValueError("sandbox_port|must be a port from 1 to 65535 other than the web port")
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("oidc_client_id|is needed with RETURNS_OIDC_ISSUER")
        if self.oidc_issuer and not _private(self.oidc_issuer):
            raise ValueError("oidc_issuer|must be an https:// address, or one of this machine")
        if not self.database_url:
            set_(self, "database_url", f"sqlite:///{self.data_dir / 'returns.db'}")
        if not self.public_url:
            set_(self, "public_url", f"http://{self.visible_host}:{self.port}")
        return self

    @property
    def visible_host(self) -> str:
        """The host to put into addresses that people open."""
        if self.host in ("0.0.0.0", "::", "::0"):  # noqa: S104
            return "127.0.0.1"
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def embedded_redis(self) -> bool:
        """Whether the service starts a redis by itself."""
        return self.redis_url is None

    @property
    def bell_url(self) -> str:
        """Where the queue is: the operator's redis, or the socket of the one that the service starts."""
        return self.redis_url or f"unix://{self.redis_socket}"

    @property
    def redis_socket(self) -> Path:
        """The embedded redis listens here; a deep data folder gets a short path, as the kernel wants it."""
        path = self.data_dir / "redis" / "redis.sock"
        if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
            return path
        name = sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"returns-{os.getuid()}-{name}" / "redis.sock"

    @property
    def sandbox_url(self) -> str:
        """Where the sandbox gateway answers."""
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def sandbox_secret(self) -> str:
        """What the sandbox gateway signs its webhooks with."""
        digest = sha256(b"sandbox:" + self.secret_key.encode()).digest()
        return "whsec_" + base64.b64encode(digest).decode()


_WORDS = {
    "int_parsing": "must be a whole number",
    "bool_parsing": "must be true or false",
}


def _problem(error: Mapping[str, Any]) -> str:
    name = str(error["loc"][0]).removeprefix(PREFIX.lower()) if error["loc"] else ""
    words = str(error["ctx"]["error"]) if error["type"] == "value_error" else _WORDS.get(error["type"], "")
    if "|" in words:
        name, words = words.split("|", 1)
    if not words:
        words = error["msg"].replace("Input should be", "must be")
    shown = "" if not error["loc"] or name.endswith(("_url", "_key")) else f", not {error['input']!r}"
    return f"{PREFIX}{name.upper()}: {words}{shown}"


def load() -> Settings:
    """The settings of this process. Makes the data folder and, once, its secret. Raises SettingsError."""
    try:
        settings = Settings()
    except ValidationError as wrong:
        raise SettingsError([_problem(error) for error in wrong.errors()]) from None
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)  # customers' data, mails, photos
        key = settings.secret_key or _secret(settings.data_dir / "secret")
    except OSError as why:
        raise SettingsError(
            [f"{PREFIX}DATA_DIR: cannot be written to ({why.strerror}: {why.filename})"]
        ) from None
    return settings.model_copy(update={"secret_key": key})


def strangers(environ: Mapping[str, str]) -> list[str]:
    """One line for every `RETURNS_*` variable that no setting reads, with the nearest right name."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    lines = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            lines.append(f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else "."))
    return lines


def _secret(path: Path) -> str:
    """The secret of this data folder: made by whoever comes first, the same for everybody after."""
    draft = path.with_name(f".secret-{os.getpid()}")
    if not path.exists():
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
