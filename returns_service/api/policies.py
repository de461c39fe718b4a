"""Policies: what is in force, history, what a change would do, and publishing it."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import structlog
from flask import Response
from sqlmodel import Session

from returns_service.api.answers import answer
from returns_service.api.call import Call
from returns_service.api.operation import (
    Resource,
    answers,
    body,
    idempotent,
    if_match,
    scope,
    takes_query,
)
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import policies as bodies
from returns_service.domain.errors import Fault, InvalidMany, NotFound
from returns_service.usecases.compare_policies import compare_versions_by_asking
from returns_service.usecases.draft_policy import publish_draft
from returns_service.usecases.read_policies import in_force, list_versions, read_version, version_body
from returns_service.usecases.start_simulation import (
    Wanted,
    list_simulations,
    read_simulation,
    simulation_body,
    start_simulation,
)

blp = Resource(
    "policies", "Policies: versions that are immutable and kept for ever, and what a change would do."
)
_CHANGE = {"files": {"charges.yaml": "freight: [...]\n"}}
T = TypeVar("T")
log = structlog.get_logger(__name__)


@blp.get("/policies")
@scope("policies")
@answers(shapes.page_of(bodies.PolicyVersion))
def list_policies(session: Session, call: Call) -> Response:
    """The version of each policy that an order placed now gets."""
    versions = list_versions(session, actor=call.actor)
    now = {
        name: in_force(session, name, actor=call.actor, now=call.now)
        for name in {v["name"] for v in versions}
    }
    return _page([version for version in versions if version["version"] == now[version["name"]]])


@blp.get("/policies/<ref:name>/versions")
@scope("policies")
@answers(shapes.page_of(bodies.PolicyVersion))
def list_policy_versions(session: Session, call: Call, name: str) -> Response:
    """All versions of one policy, newest first."""
    return _page(_versions(session, call, name))


@blp.get("/policies/<ref:name>/versions/<int:version>")
@scope("policies")
@answers(bodies.PolicyText)
def get_policy_version(session: Session, call: Call, name: str, version: int) -> Response:
    """One version with the files that were published."""
    return _version(read_version(session, name, version, actor=call.actor))


@blp.post("/policies/<ref:name>/versions")
@scope("policies")
@body(bodies.PublishBody, example=_CHANGE)
@answers(bodies.PolicyVersion, 200, description="These files say what the newest version says.")
@answers(bodies.PolicyVersion, 201, description="Published.")
@if_match()
@idempotent()
def publish_policy_version(session: Session, call: Call, name: str) -> Response:
    """Publish a change of the newest version, which `If-Match` names.

    Orders placed from its date on fall under it; every earlier order keeps the version of its day. Files that are
    wrong change nothing: `errors` tells file, line and the nearest right name.
    """
    row = _told(
        lambda: publish_draft(
            session,
            name,
            call.body["files"],
            base=call.expected or 0,
            effective_from=call.body["effective_from"],
            note=call.body["note"],
            actor=call.actor,
            now=call.now,
        )
    )
    if row.version != call.expected:
        log.info("policy published", policy=name, version=row.version, hash=row.hash, by=row.published_by)
    return _version(version_body(row), 200 if row.version == call.expected else 201)


@blp.get("/policies/<ref:name>/diff")
@scope("policies")
@takes_query(bodies.DiffQuery)
@answers(bodies.Diff)
def compare_policy_versions(session: Session, call: Call, name: str) -> Response:
    """What changes for whom from version `old` to version `new`, by asking both the same cases.

    The cases are the shop's newest ones, or made-up ones while it has none. For all of the past, simulate.
    """
    newest = _versions(session, call, name)[0]["version"]
    new = call.query["new"] or newest
    old = call.query["old"] or max(new - 1, 1)
    return answer(compare_versions_by_asking(session, name, old, new, actor=call.actor))


@blp.post("/policies/<ref:name>/simulate")
@scope("policies")
@body(bodies.SimulateBody, example=_CHANGE | {"since": "2026-07-01T00:00:00Z"})
@answers(bodies.Simulation, 202, description="Asked for; look at it until its state is `done`.")
@idempotent()
def simulate_policy_change(session: Session, call: Call, name: str) -> Response:
    """Try a version, or a change of it, on every case since an instant. The work is done in the background."""
    wanted = Wanted(**call.body)
    row = _told(lambda: start_simulation(session, name, wanted, actor=call.actor, now=call.now))
    shown = simulation_body(row)
    return answer(shown, 202, {"Location": shown["links"]["self"], "Retry-After": "1"})


@blp.get("/policies/<ref:name>/simulations")
@scope("policies")
@answers(shapes.page_of(bodies.Simulation))
def list_policy_simulations(session: Session, call: Call, name: str) -> Response:
    """The newest trials, newest first."""
    return _page(list_simulations(session, name, actor=call.actor))


@blp.get("/policies/<ref:name>/simulations/<id:simulation_id>")
@scope("policies")
@answers(bodies.Simulation)
def get_policy_simulation(session: Session, call: Call, name: str, simulation_id: UUID) -> Response:
    """How far a trial is, and what it has found so far."""
    return answer(read_simulation(session, name, simulation_id, actor=call.actor))


def _versions(session: Session, call: Call, name: str) -> list[dict[str, Any]]:
    found = [version for version in list_versions(session, actor=call.actor) if version["name"] == name]
    if not found:
        raise NotFound("policy")
    return found


def _version(shown: dict[str, Any], status: int = 200) -> Response:
    headers = {"ETag": f'"{shown["version"]}"'}
    if status == 201:
        headers["Location"] = f"/v1/policies/{shown['name']}/versions/{shown['version']}"
    return answer(shown, status, headers)


def _page(items: list[dict[str, Any]]) -> Response:
    return answer({"items": items, "next": None, "has_more": False})


def _told(work: Callable[[], T]) -> T:
    """What is wrong in a file, as places in the body that holds it."""
    try:
        return work()
    except InvalidMany as wrong:
        faults = [_fault(fault) for fault in wrong.faults]
        raise InvalidMany(faults, wrong.detail) from None


def _fault(fault: Fault) -> Fault:
    file, _, line = fault.pointer.rpartition(":")
    return Fault(f"/files/{file.replace('/', '~1')}", "policy_text", f"Line {line}: {fault.detail}")
