"""The supervisor in the hands of a rough operator."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from pathlib import Path

import psutil
import pytest

from returns_service import supervisor
from tests.ground import processes
from tests.ground.processes import eventually
from tests.ground.runtime import settings
from tests.ground.service import COMMAND, Service


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory):
    with Service(tmp_path_factory.mktemp("supervised") / "data").started() as service:
        yield service


def everybody(service: Service) -> list[psutil.Process]:
    return psutil.Process(service.process.pid).children(recursive=True)


@pytest.mark.parametrize("part", ["redis", "sandbox", "web", "worker", "sweeper"])
def test_what_dies_is_started_again(running: Service, part: str):
    victim = running.parts()[part]
    victim.kill()

    def is_back() -> bool:
        now = running.parts().get(part)
        return now is not None and now.pid != victim.pid and running.ready()

    eventually(is_back, 20, f"the return of {part}")


def test_a_web_worker_process_that_dies_is_replaced_and_the_port_stays(running: Service):
    web = running.parts()["web"]
    (worker,) = web.children()
    worker.kill()
    eventually(lambda: worker.pid not in [one.pid for one in web.children()] and running.ready(), 15)
    assert running.parts()["web"].pid == web.pid


def test_two_services_run_side_by_side(running: Service, tmp_path: Path):
    with Service(tmp_path / "other").started() as other:
        assert other.ready() and running.ready()


def test_a_second_service_on_the_same_folder_is_told_so(running: Service):
    second = Service(running.folder)
    done = subprocess.run(
        [*COMMAND, "serve"], env=second.environment, capture_output=True, text=True, timeout=20
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"Another service already runs on {running.folder}; set RETURNS_DATA_DIR to another folder."
    ]


def test_a_clean_stop_leaves_no_process_behind(tmp_path: Path):
    for number in (signal.SIGINT, signal.SIGTERM):
        service = Service(tmp_path / number.name)
        service.start()
        before = everybody(service)
        assert service.stop(number) == 0
        assert [one for one in before if one.is_running()] == []


def test_a_killed_supervisor_leaves_no_process_behind(tmp_path: Path):
    service = Service(tmp_path / "data")
    service.start()
    before = everybody(service)
    assert len(before) >= 6
    os.kill(service.process.pid, signal.SIGKILL)
    service.process.wait()
    eventually(
        lambda: not [one for one in before if one.is_running() and one.status() != "zombie"], 5, "their end"
    )
    service.start()
    service.stop()


def serve(folder: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    environment = {**Service(folder, **settings).environment}
    return subprocess.run([*COMMAND, "serve"], env=environment, capture_output=True, text=True, timeout=20)


@pytest.mark.parametrize("name", ["port", "sandbox_port"])
def test_a_taken_port_is_one_line_and_nothing_is_started(tmp_path: Path, name: str):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = serve(tmp_path / "data", **{name: str(port)})
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert f"Port {port} on 127.0.0.1 cannot be used" in line
    assert f"RETURNS_{name.upper()}" in line
    assert not (tmp_path / "data" / "returns.db").exists()


def test_wrong_settings_are_one_line_each_and_nothing_is_started(tmp_path: Path):
    done = serve(tmp_path / "data", port="eighty", redis_url="ftp://x", rate_limit="many", workers="-1")
    assert done.returncode == 2
    names = [line.split(":")[0] for line in done.stderr.splitlines()]
    assert names == ["RETURNS_PORT", "RETURNS_REDIS_URL", "RETURNS_RATE_LIMIT", "RETURNS_WORKERS"]
    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    done = serve(tmp_path / "file" / "data")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("RETURNS_DATA_DIR: cannot be written to")


def test_a_misspelt_setting_is_pointed_out(tmp_path: Path):
    (port,) = processes.free_ports(1)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        taken = other.getsockname()[1]
        other.listen()
        done = serve(tmp_path / "data", port=str(taken), prot=str(port))
    assert "RETURNS_PROT is not a setting; did you mean RETURNS_PORT?" in done.stderr


def test_a_backup_from_before_an_upgrade_is_seen(tmp_path: Path, sqlite_template: Path):
    file = tmp_path / "returns.db"
    shutil.copyfile(sqlite_template, file)
    ours = settings(tmp_path, database_url=f"sqlite:///{file}")
    seen = supervisor._look(ours)
    assert seen == supervisor._look(ours) != ""
    with sqlite3.connect(file) as backup:
        backup.execute("UPDATE alembic_version SET version_num = '0001'")
    assert supervisor._look(ours) != seen
