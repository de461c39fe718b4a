"""The order to die: carried out at the step it names, by the process it names, once."""

import os
import signal
from pathlib import Path

from tests.ground import steps

KINDS = ("before commit", "after commit", "before call", "after call")


def live(path: Path, role: str = "worker") -> tuple[int, list[str]]:
    """A process that makes these steps; answers the signal that ended it, and the steps that it survived."""
    trace = path.with_suffix(".trace")
    trace.write_text("")
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.environ.update({steps.ORDER: str(path), steps.ROLE: role})
        for kind in KINDS:
            steps.step(kind)
            trace.write_text(f"{trace.read_text()}{kind}\n")
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status), trace.read_text().splitlines()


def test_a_process_dies_at_the_step_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "order"
    steps.order(path, left=3, roles=("worker",))
    assert live(path) == (signal.SIGKILL, ["before commit", "after commit"])
    assert steps.was_carried_out(path)
    assert live(path)[0] == 0  # once
    assert steps.withdraw(path) == ["worker before commit", "worker after commit", "worker before call"]
    assert not steps.was_carried_out(path)


def test_other_roles_and_other_steps_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "order"
    steps.order(path, left=2, roles=("worker",), kinds=("before call",))
    assert live(path, "web")[0] == 0
    assert live(path)[0] == 0
    assert not steps.was_carried_out(path)
    assert steps.withdraw(path) == ["worker before call"]
    assert live(path)[0] == 0
