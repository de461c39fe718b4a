"""README keeps its word: its tour runs as written, its diagram is the table of the lifecycle."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx

from returns_service.domain.lifecycle import diagram
from tests.ground.service import Service

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text()


def test_the_tour_runs_as_written(service: Service, tmp_path: Path) -> None:
    commands = "\n".join(re.findall(r"```bash\n(.*?)```", TEXT, re.DOTALL))
    (tmp_path / ".venv").symlink_to(sys.prefix)
    environment = service.environment | {"API": f"{service.url}/v1"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=tmp_path,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    assert '"type":"return.refunded"' in done.stdout
    paid = httpx.get(f"{service.sandbox_url}/ledger").json()["payments"]
    assert [payment["refunded"] for payment in paid] == ["51.50"]


def test_the_diagram_is_the_table() -> None:
    drawn = re.search(r"<!-- lifecycle -->\n```mermaid\n(.*?)\n```\n<!-- /lifecycle -->", TEXT, re.DOTALL)
    assert drawn is not None
    assert drawn[1] == diagram(), "write the output of `returns-service lifecycle` into README.md"
