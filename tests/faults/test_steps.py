"""The order to die: carried out at the step it names, by the process it names, once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.ground import steps

PROGRAM = """
from tests.ground import steps
for kind in ("before commit", "after commit", "before call", "after call"):
    steps.step(kind)
    print(kind, flush=True)
"""


def live(path: Path, role: str = "worker") -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, steps.ORDER: str(path), steps.ROLE: role}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        start_new_session=True,
    )


def test_a_process_dies_at_the_step_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "order"
    steps.order(path, left=3, roles=("worker",))
    died = live(path)
    assert died.returncode == -signal.SIGKILL
    assert died.stdout.split("\n") == ["before commit", "after commit", ""]
    assert steps.was_carried_out(path)
    assert live(path).returncode == 0  # once
    assert steps.withdraw(path) == ["worker before commit", "worker after commit", "worker before call"]
    assert not steps.was_carried_out(path)


def test_other_roles_and_other_steps_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "order"
    steps.order(path, left=2, roles=("worker",), kinds=("before call",))
    assert live(path, "web").returncode == 0
    assert live(path).returncode == 0
    assert not steps.was_carried_out(path)
    assert steps.withdraw(path) == ["worker before call"]
    assert live(path).returncode == 0
