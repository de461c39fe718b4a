"""Sign-in with the company's account: to its provider and back, with what must come back kept in a signed cookie."""

import hmac

import structlog
from flask import Blueprint, Response, abort, request

from returns_service.domain.ports import IdentityProvider, SignInFailed, SignInStart
from returns_service.domain.roles import Right
from returns_service.pages import tenants
from returns_service.pages.console.door import DOOR
from returns_service.pages.console.signing import refused_form
from returns_service.pages.web import Cookie, Form, gettext, local_path, now, page, runtime, see_other
from returns_service.usecases.sign_in import SignInRefused, with_identity

log = structlog.get_logger(__name__)
BACK = "/console/sign-in/company/back"
_WAY = Cookie("returns_company", seconds=600, path="/console/sign-in/company")


def register(blueprint: Blueprint) -> None:
    blueprint.get("/sign-in/company")(leave)
    blueprint.get("/sign-in/company/back")(back)


def provider() -> IdentityProvider:
    """404 where there is none."""
    found = runtime().identity
    if found is None:
        abort(404)
    return found


def leave() -> Response:
    """Off to the provider."""
    slug = request.args.get("shop", "")
    shop = tenants.of_sign_in(slug)
    if shop is None:
        form = Form({"shop": slug}, {"shop": gettext("Enter the short name of your shop.")} if slug else {})
        next_ = local_path(request.args.get("next"), "/console/")
        return page("console/company.html", 422 if slug else 200, form=form, next=next_)
    try:
        start = provider().begin(_redirect())
    except SignInFailed as why:
        return _failed(why)
    answer = see_other(start.address)
    next_ = local_path(request.args.get("next"), "/console/")
    _WAY.write(answer, {**start._asdict(), "shop": shop.slug, "next": next_})
    return answer


def back() -> Response:
    """Back from the provider: who came is somebody of our staff, or is told that they are not."""
    kept = _WAY.read() or {}
    shop = tenants.of_sign_in(str(kept.get("shop", "")))
    given, code = request.args.get("state", ""), request.args.get("code", "")
    if shop is None or not kept or not hmac.compare_digest(given.encode(), str(kept["state"]).encode()):
        say = gettext("This sign-in was begun elsewhere, or took too long. Begin again.")
        return _leave_behind(refused_form("", say, 403))
    if request.args.get("error") or not code:
        return _leave_behind(refused_form("", gettext("Your company's sign-in was broken off."), 403))
    start = SignInStart(*(str(kept[name]) for name in SignInStart._fields))
    try:
        identity = provider().finish(code, start, _redirect(), now=now())
        with runtime().db.begin() as session:
            someone = with_identity(session, shop.id, identity)
    except SignInFailed as why:
        return _leave_behind(_failed(why))
    except SignInRefused:
        say = gettext("Nobody of this shop's staff has this account. An administrator adds people.")
        return _leave_behind(refused_form("", say, 403))
    if not someone.rights - {Right.RECEIVE}:
        say = gettext("Your role works at the bench. Sign in there.")
        return _leave_behind(refused_form("", say, 403))
    return _leave_behind(
        DOOR.open(see_other(local_path(str(kept["next"]), "/console/")), someone, company=True)
    )


def _redirect() -> str:
    return f"{runtime().settings.public_url}{BACK}"


def _failed(why: SignInFailed) -> Response:
    log.warning("sign-in with the company's account failed", why=str(why))
    return refused_form(
        "",
        gettext(
            "Your company's sign-in does not answer as it should. Try again, or sign in with your password."
        ),
        502,
    )


def _leave_behind(answer: Response) -> Response:
    """What was kept for the way counts once."""
    _WAY.clear(answer)
    return answer
