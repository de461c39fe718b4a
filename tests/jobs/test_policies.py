"""A folder of policies becomes a version when it is whole, and raises an alarm when it is not."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from returns_service.jobs.policies import Folders
from returns_service.store import policies
from returns_service.store.db import Database
from returns_service.store.tables import Shop
from returns_service.usecases.look_after import figures, health
from returns_service.usecases.publish_policy import publish_policy
from returns_service.usecases.runtime import Runtime
from tests.domain.policy.small import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Policies as they are shipped, written a minute ago."""
    found = tmp_path / "policies"
    for name in ("standard", "law"):
        shutil.copytree(ROOT / name, found / name)
    return aged(found)


def aged(root: Path) -> Path:
    for path in root.glob("*/*.yaml"):
        os.utime(path, (path.stat().st_mtime - 60,) * 2)
    return root


@pytest.fixture
def service(runtime: Runtime, root: Path) -> Runtime:
    return replace(runtime, settings=runtime.settings.model_copy(update={"policies_dir": root}))


def versions(db: Database, shop: Shop) -> list[tuple[int, str]]:
    with db.read() as session:
        return [(row.version, row.published_by) for row in policies.versions(session, shop.id)]


def dearer(root: Path, text: str = '"5.90"') -> None:
    path = root / "standard" / "charges.yaml"
    path.write_text(path.read_text().replace('"4.90"', text))


def checks(service: Runtime) -> tuple[str, str, float]:
    with service.db.read() as session:
        found = health(session, service.now(), bell_works=True)
        broken = figures(session, service.now())["returns_policy_folders_broken"]
    return found.status, found.checks["policy_folders"], broken


def test_a_new_shop_gets_its_policy_at_once(service: Runtime, db: Database, shop: Shop, root: Path):
    (root / "standard" / "policy.yaml").touch()
    Folders().publish(service)
    assert versions(db, shop) == [(1, "folder")]


def test_a_folder_that_is_being_written_is_left_until_it_stands_still(
    service: Runtime, db: Database, shop: Shop, root: Path
):
    folders = Folders()
    folders.publish(service)
    dearer(root)
    folders.publish(service)
    assert len(versions(db, shop)) == 1
    folders.publish(service)
    assert len(versions(db, shop)) == 2


@pytest.mark.parametrize("harm", ["garbage", "half", "gone", "law"])
def test_a_broken_folder_changes_nothing_and_raises_an_alarm_until_it_is_mended(
    service: Runtime, db: Database, shop: Shop, root: Path, harm: str
):
    folders = Folders()
    folders.publish(service)
    assert checks(service) == ("ok", "ok", 0)
    name = "law/eu.yaml" if harm == "law" else "standard/policy.yaml"
    good = (root / name).read_text()
    if harm == "gone":
        (root / name).unlink()
    else:
        (root / name).write_text({"garbage": "{{{", "half": good[: len(good) // 2], "law": "id: eu\n"}[harm])
    folders.publish(service)
    folders.publish(service)
    assert versions(db, shop) == [(1, "folder")]
    assert checks(service) == ("degraded", "broken", 1)
    (root / name).write_text(good)
    folders.publish(service)
    folders.publish(service)
    assert versions(db, shop) == [(1, "folder")]
    assert checks(service) == ("ok", "ok", 0)


def test_what_people_published_stays_until_the_folder_is_changed(
    service: Runtime, db: Database, shop: Shop, root: Path
):
    Folders().publish(service)
    with db.begin() as session:
        first = policies.versions(session, shop.id)[0]
        files = {**first.files, "policy.yaml": first.files["policy.yaml"] + "# ours\n"}
        publish_policy(session, shop, "standard", files, first.laws, now=service.now(), by="Mia")
    Folders().publish(service)
    assert versions(db, shop) == [(2, "Mia"), (1, "folder")]
    dearer(root)
    aged(root)
    Folders().publish(service)
    assert versions(db, shop)[0] == (3, "folder")
