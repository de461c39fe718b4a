"""R7: the policy's versions, what they say, how they differ."""

from flask import Blueprint, Response, request

from returns_service.domain.errors import Refusal
from returns_service.domain.roles import Right
from returns_service.pages.console.door import actor, show
from returns_service.pages.doors import needs
from returns_service.pages.web import now, runtime
from returns_service.pages.web.context import shop
from returns_service.usecases import read_policies


def register(blueprint: Blueprint) -> None:
    blueprint.get("/policies")(policies)
    blueprint.get("/policies/<name>/<int:version>")(version_page)
    blueprint.get("/policies/<name>/compare")(compare)


@needs(Right.SEE_POLICIES)
def policies() -> Response:
    served = shop()
    name = served.policy_name if served else ""
    with runtime().db.read() as session:
        versions = read_policies.list_versions(session, actor=actor())
        try:
            current = read_policies.in_force(session, name, actor=actor(), now=now())
        except Refusal:
            current = 0
    return show("console/policies.html", versions=versions, name=name, current=current)


@needs(Right.SEE_POLICIES)
def version_page(name: str, version: int) -> Response:
    with runtime().db.read() as session:
        found = read_policies.read_version(session, name, version, actor=actor())
        versions = [v for v in read_policies.list_versions(session, actor=actor()) if v["name"] == name]
    return show("console/policy.html", policy=found, versions=versions)


@needs(Right.SEE_POLICIES)
def compare(name: str) -> Response:
    """From an older version to a newer one."""
    old, new = request.args.get("old", 0, type=int), request.args.get("new", 0, type=int)
    with runtime().db.read() as session:
        changes = read_policies.compare_versions(session, name, old, new, actor=actor())
    return show("console/compare.html", name=name, old=old, new=new, changes=changes)
