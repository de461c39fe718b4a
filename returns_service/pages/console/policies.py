"""R7: the policy's versions, how they differ, and a change: tried on the last 90 days, then published."""

from uuid import UUID

from flask import Blueprint, Response, request

from returns_service.domain.errors import InvalidMany, Refusal, StaleVersion
from returns_service.domain.roles import Right
from returns_service.pages.console.door import actor, show
from returns_service.pages.console.refusals import sentence
from returns_service.pages.console.words import EFFECTS
from returns_service.pages.doors import needs
from returns_service.pages.web import gettext, now, runtime, see_other
from returns_service.pages.web.context import shop
from returns_service.usecases import propose_policy, read_policies
from returns_service.usecases.draft_policy import TWO_PEOPLE, Trial, publish_draft, try_draft
from returns_service.usecases.start_simulation import Wanted, read_simulation, start_simulation, tried_files


def register(blueprint: Blueprint) -> None:
    blueprint.get("/policies")(policies)
    blueprint.get("/policies/<name>/<int:version>")(version_page)
    blueprint.get("/policies/<name>/compare")(compare)
    blueprint.get("/policies/<name>/change")(draft)
    blueprint.post("/policies/<name>/change")(tried)
    blueprint.get("/policies/<name>/trials/<uuid:trial_id>")(simulation)
    blueprint.get("/policies/<name>/proposal")(proposal)
    blueprint.post("/policies/<name>/proposal")(judged)


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
        waits = propose_policy.proposed(session, name, actor=actor())
    return show("console/policies.html", versions=versions, name=name, current=current, waits=waits)


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


@needs(Right.PUBLISH)
def draft(name: str) -> Response:
    """The newest version, to be written on; or what an older one said (`?again=2`), or what was tried (`?trial=...`)."""
    again, trial = request.args.get("again", 0, type=int), request.args.get("trial", type=UUID)
    with runtime().db.read() as session:
        if trial is not None:
            version, files = tried_files(session, name, trial, actor=actor())
            return _draft(name, files, version)
        base = read_policies.newest(session, name, actor=actor())
        chosen = read_policies.find_version(session, name, again, actor=actor()) if again else base
        files, version = dict(sorted(chosen.files.items())), base.version
    return _draft(name, files, version)


def _draft(
    name: str,
    files: dict[str, str],
    base: int,
    *,
    trial: Trial | None = None,
    wrong: str = "",
    status: int = 200,
) -> Response:
    return show(
        "console/draft.html",
        status,
        name=name,
        note=_note(),
        files=files,
        base=base,
        trial=trial,
        wrong=wrong,
        effects=EFFECTS,
        two_people=_two_people(),
    )


def _note() -> str:
    """Why it is changed, as far as somebody said."""
    return request.form.get("note", "").strip()[:2000]


def _two_people() -> bool:
    """Whether this shop wants a second person for each change."""
    served = shop()
    return bool(served and served.settings.get(TWO_PEOPLE))


@needs(Right.PUBLISH)
def tried(name: str) -> Response:
    """Try it, or publish it; whatever is wrong, what was written stays."""
    marked = "file:"
    files = {
        key.removeprefix(marked): text.replace("\r\n", "\n")
        for key, text in request.form.items()
        if key.startswith(marked)
    }
    base, deed = request.form.get("base", 0, type=int), request.form.get("deed")
    if deed not in ("publish", "simulate"):
        with runtime().db.read() as session:
            return _draft(name, files, base, trial=try_draft(session, name, files, actor=actor(), now=now()))
    try:
        with runtime().db.begin() as session:
            if deed == "simulate":
                wanted = Wanted(version=base, files=files)
                job = start_simulation(session, name, wanted, actor=actor(), now=now())
                return see_other(f"/console/policies/{name}/trials/{job.id}")
            if _two_people():
                propose_policy.propose_policy(
                    session, name, files, base=base, actor=actor(), now=now(), note=_note()
                )
                return see_other(f"/console/policies/{name}/proposal")
            row = publish_draft(session, name, files, base=base, actor=actor(), now=now(), note=_note())
            version = row.version
    except StaleVersion:
        say = gettext(
            "Somebody published another version meanwhile. Compare yours with it before you publish."
        )
        return _draft(name, files, base, wrong=say, status=412)
    except InvalidMany as refusal:
        problems = [{"file": fault.pointer, "line": "", "message": fault.detail} for fault in refusal.faults]
        return _draft(name, files, base, trial=Trial(problems=problems), status=422)
    return see_other(f"/console/policies/{name}/{version}")


@needs(Right.PUBLISH)
def simulation(name: str, trial_id: UUID) -> Response:
    """How far a trial on every return is, and then what it found."""
    with runtime().db.read() as session:
        found = read_simulation(session, name, trial_id, actor=actor())
    return show("console/simulation.html", name=name, trial=found, effects=EFFECTS)


@needs(Right.PUBLISH)
def proposal(name: str, wrong: str = "", status: int = 200) -> Response:
    """What waits for a second person: the difference, and what it would have changed."""
    with runtime().db.read() as session:
        waits = propose_policy.proposed(session, name, actor=actor())
        if waits is None:
            return see_other("/console/policies")
        trial = try_draft(session, name, waits["files"], actor=actor(), now=now())
    return show(
        "console/proposal.html", status, name=name, waits=waits, trial=trial, wrong=wrong, effects=EFFECTS
    )


@needs(Right.PUBLISH)
def judged(name: str) -> Response:
    """Published by somebody else than who proposed it, or dropped."""
    form = request.form
    try:
        with runtime().db.begin() as session:
            if form.get("deed") == "drop":
                propose_policy.drop_proposed(session, name, actor=actor())
                return see_other("/console/policies")
            row = propose_policy.publish_proposed(
                session, name, seen=form.get("seen", ""), actor=actor(), now=now()
            )
            version = row.version
    except StaleVersion:
        say = gettext("This is not what you looked at: it was changed, or another version was published.")
        return proposal(name, say, 412)
    except Refusal as refusal:
        return proposal(name, sentence(refusal), 409)
    return see_other(f"/console/policies/{name}/{version}")
