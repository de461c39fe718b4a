"""R3: decisions and all else that people do to a case; one post each, on the version that they had before them."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, request
from sqlmodel import Session

from returns_service.domain.errors import Invalid, Refusal, StaleVersion
from returns_service.domain.roles import Right
from returns_service.pages.console import case as case_view
from returns_service.pages.console.door import actor
from returns_service.pages.console.refusals import sentence
from returns_service.pages.doors import needs, person
from returns_service.pages.web import Submitted, gettext, now, runtime, see_other
from returns_service.usecases import queues
from returns_service.usecases.add_evidence import add_evidence
from returns_service.usecases.advance import advance
from returns_service.usecases.approve import approve
from returns_service.usecases.ask import ask
from returns_service.usecases.cancel import cancel
from returns_service.usecases.correct_address import correct_address
from returns_service.usecases.lose import lose
from returns_service.usecases.meet_claim import meet_claim
from returns_service.usecases.objections import answer_objection
from returns_service.usecases.override import override
from returns_service.usecases.post_message import post_message
from returns_service.usecases.reject import reject
from returns_service.usecases.release_refund import release_refund
from returns_service.usecases.resend_notice import resend_notice
from returns_service.usecases.resolve_refund import resolve_refund
from returns_service.usecases.settle import settle


class Asked(NamedTuple):
    """One post: the form, the case, and the version that was looked at."""

    session: Session
    case: UUID
    form: Submitted
    expected: int | None


class Move(NamedTuple):
    right: Right
    do: Callable[[Asked], object]
    on_version: bool = True


def register(blueprint: Blueprint) -> None:
    blueprint.post("/cases/<number>/<name>")(move)


@needs(Right.SEE_CASES)
def move(number: str, name: str) -> Response:
    """Do it and look at the case again. A stale page shows what changed and keeps what was typed."""
    known = MOVES.get(name)
    if known is None:
        abort(404)
    if not person().may(known.right):
        abort(403)
    form = Submitted()
    expected = form.version()
    try:
        with runtime().db.begin() as session:
            found = queues.case_id(session, number, actor=actor())
            known.do(Asked(session, found, form, expected if known.on_version else None))
    except StaleVersion:
        return _refused(number, form, 412, _stale(), since=expected or 0)
    except Refusal as refusal:
        form.refused(refusal, sentence(refusal))
        return _refused(number, form, 422 if isinstance(refusal, Invalid) else 409, sentence(refusal))
    if _scripted():
        return jsonify(say="")
    query = request.form.get("query", "")
    joint = "&" if query.startswith("?") else "?"
    return see_other(f"/console/cases/{number}{query if query.startswith('?') else ''}{joint}done={name}")


def _stale() -> str:
    return gettext("Somebody changed this return while you were looking. Nothing of yours was done.")


def _scripted() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _refused(number: str, form: Submitted, status: int, say: str, *, since: int | None = None) -> Response:
    if _scripted():
        answer = jsonify(say=say)
        answer.status_code = status
        return answer
    return case_view.one(number, status, form=form, wrong=say, since=since)


def _text(asked: Asked, field: str) -> str:
    """A field that may not be empty. Raises Invalid."""
    text = asked.form.text(field)
    if not text:
        raise Invalid("missing", gettext("Write a sentence here."), pointer=f"/{field}")
    return text


def _id(asked: Asked, field: str) -> UUID:
    """Raises Invalid for what is no id."""
    try:
        return UUID(asked.form.text(field, 60))
    except ValueError:
        raise Invalid("id", "This is not an id.", pointer=f"/{field}") from None


def _approve(asked: Asked) -> None:
    refused = set(asked.form.list("all_lines")) - set(asked.form.list("accept"))
    lines = dict.fromkeys(refused, False) if asked.form.list("all_lines") else None
    approve(
        asked.session,
        asked.case,
        expected=asked.expected,
        actor=actor(),
        now=now(),
        note=asked.form.text("note"),
        lines=lines,
    )


def _reject(asked: Asked) -> None:
    message, code = _text(asked, "reject_message"), asked.form.text("code", 60) or "not_as_claimed"
    reject(
        asked.session,
        asked.case,
        expected=asked.expected,
        actor=actor(),
        now=now(),
        code=code,
        message=message,
    )


def _ask(asked: Asked) -> None:
    ask(
        asked.session,
        asked.case,
        expected=asked.expected,
        actor=actor(),
        now=now(),
        message=_text(asked, "ask_message"),
    )


def _override(asked: Asked) -> None:
    lines = dict.fromkeys(asked.form.list("accept"), True) if asked.form.list("accept") else None
    reason = _text(asked, "reason")
    override(
        asked.session,
        asked.case,
        expected=asked.expected,
        actor=actor(),
        now=now(),
        reason=reason,
        lines=lines,
    )


def _settle(asked: Asked) -> None:
    settle(asked.session, asked.case, expected=asked.expected, actor=actor(), now=now())


def _advance(asked: Asked) -> None:
    advance(asked.session, asked.case, expected=asked.expected, actor=actor(), now=now())


def _cancel(asked: Asked) -> None:
    cancel(
        asked.session,
        asked.case,
        expected=asked.expected,
        actor=actor(),
        now=now(),
        reason=_text(asked, "cancel_reason"),
    )


def _lose(asked: Asked) -> None:
    lose(
        asked.session,
        asked.case,
        expected=asked.expected,
        actor=actor(),
        now=now(),
        reason=_text(asked, "lost_reason"),
    )


def _say(asked: Asked) -> None:
    post_message(
        asked.session,
        asked.case,
        message=_text(asked, "message"),
        photo_ids=asked.form.list("photos"),
        actor=actor(),
        now=now(),
    )


def _note(asked: Asked) -> None:
    post_message(
        asked.session, asked.case, message=_text(asked, "internal"), internal=True, actor=actor(), now=now()
    )


def _assign(asked: Asked) -> None:
    chosen = actor().name if asked.form.flag("mine") else asked.form.text("assignee", 200)
    queues.assign(asked.session, asked.case, chosen or None, actor=actor())


def _objection(asked: Asked) -> None:
    answer_objection(
        asked.session,
        asked.case,
        _id(asked, "objection_id"),
        granted=asked.form.text("granted") == "yes",
        answer=_text(asked, "objection_answer"),
        actor=actor(),
        now=now(),
    )


def _release(asked: Asked) -> None:
    release_refund(asked.session, _id(asked, "refund_id"), actor=actor(), now=now())


def _resolve(asked: Asked) -> None:
    resolve_refund(
        asked.session,
        _id(asked, "refund_id"),
        outcome=asked.form.text("outcome"),
        reference=asked.form.text("reference", 200) or None,
        note=_text(asked, "resolve_note"),
        actor=actor(),
        now=now(),
    )


def _recovered(asked: Asked) -> None:
    meet_claim(
        asked.session,
        asked.case,
        party=asked.form.text("party", 20),
        outcome=asked.form.text("outcome", 20),
        amount=asked.form.text("amount", 30),
        note=_text(asked, "claim_note"),
        actor=actor(),
        now=now(),
    )


def _evidence(asked: Asked) -> None:
    add_evidence(
        asked.session,
        asked.case,
        expected=None,
        actor=actor(),
        now=now(),
        type_=asked.form.text("evidence_type", 60),
        data={"note": _text(asked, "evidence_note"), "photos": asked.form.list("photos")},
    )


def _address(asked: Asked) -> None:
    correct_address(asked.session, asked.case, _text(asked, "address"), actor=actor(), now=now())


def _resend(asked: Asked) -> None:
    resend_notice(asked.session, _id(asked, "notice_id"), actor=actor(), now=now())


MOVES: dict[str, Move] = {
    "approve": Move(Right.DECIDE, _approve),
    "reject": Move(Right.DECIDE, _reject),
    "ask": Move(Right.DECIDE, _ask),
    "override": Move(Right.OVERRIDE, _override),
    "settle": Move(Right.SETTLE, _settle),
    "advance": Move(Right.SETTLE, _advance),
    "cancel": Move(Right.DECIDE, _cancel),
    "lost": Move(Right.DECIDE, _lose),
    "message": Move(Right.TALK, _say, on_version=False),
    "note": Move(Right.TALK, _note, on_version=False),
    "assign": Move(Right.DECIDE, _assign, on_version=False),
    "objection": Move(Right.DECIDE, _objection, on_version=False),
    "recovered": Move(Right.SETTLE, _recovered, on_version=False),
    "release": Move(Right.RELEASE, _release, on_version=False),
    "resolve": Move(Right.RESOLVE, _resolve, on_version=False),
    "evidence": Move(Right.DECIDE, _evidence, on_version=False),
    "address": Move(Right.TALK, _address, on_version=False),
    "resend": Move(Right.TALK, _resend, on_version=False),
}
"""What a person may do to a case, the right it takes, and whether it is judged on the version that was looked at."""
