"""Published policies: what is in force, and the history."""

from flask import Response
from sqlmodel import Session

from returns_service.api.answers import answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, scope
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import shop
from returns_service.domain.errors import NotFound
from returns_service.usecases.read_policies import in_force, list_versions, read_version

blp = Resource("policies", "Published policies: immutable, versioned, kept for ever.")


@blp.get("/policies")
@scope("policies")
@answers(shapes.page_of(shop.PolicyVersion))
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
@answers(shapes.page_of(shop.PolicyVersion))
def list_policy_versions(session: Session, call: Call, name: str) -> Response:
    """All versions of one policy, newest first."""
    found = [version for version in list_versions(session, actor=call.actor) if version["name"] == name]
    if not found:
        raise NotFound("policy")
    return _page(found)


@blp.get("/policies/<ref:name>/versions/<int:version>")
@scope("policies")
@answers(shop.PolicyText)
def get_policy_version(session: Session, call: Call, name: str, version: int) -> Response:
    """One version with the files that were published."""
    return answer(read_version(session, name, version, actor=call.actor))


def _page(items: list[dict[str, object]]) -> Response:
    return answer({"items": items, "next": None, "has_more": False})
