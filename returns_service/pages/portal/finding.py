"""P1: find the order, and show that it is yours. Answers never tell whether a number or an address exists."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping

from flask import Blueprint, Response, abort, request
from itsdangerous import BadData, URLSafeTimedSerializer

from returns_service.pages.portal.door import CHALLENGE, SESSION, home, let_in, shop, visitor
from returns_service.pages.web import (
    Form,
    Submitted,
    gettext,
    language,
    limits,
    local_path,
    now,
    page,
    runtime,
    see_other,
)
from returns_service.usecases.find_order import FoundOrder, find_order, order_by_id
from returns_service.usecases.request_code import VALID, Invitation, code_of, request_code, use_code

PER_ADDRESS, PER_BROWSER, PER_CODE = "6/15 minutes", "20/15 minutes", "5/15 minutes"


def register(made: Blueprint) -> None:
    made.get("/<slug>")(start)
    made.get("/<slug>/")(start)
    made.post("/<slug>")(find)
    made.get("/<slug>/code")(ask_code)
    made.post("/<slug>/code")(check_code)
    made.get("/<slug>/enter")(ask_enter)
    made.post("/<slug>/enter")(enter)
    made.post("/<slug>/leave")(leave)


def start() -> Response:
    if visitor() is not None and "next" not in request.args:
        return see_other(home("items"))
    form = Form({"number": request.args.get("number", ""), "next": _next(request.args.get("next"))})
    return page("portal/find.html", form=form)


def _next(wanted: str | None) -> str:
    """Where to go afterwards, within this shop's portal."""
    return wanted if wanted and wanted.startswith(home() + "/") and local_path(wanted, "") else ""


def address(form: Submitted) -> str:
    """The address that was ordered with; half of one is told at once, for no mail would ever come."""
    email = form.need("email", gettext("Enter the e-mail address that you ordered with."))
    name, _, place = email.rpartition("@")
    if email and not (name and "." in place.strip(".")):
        form.wrong("email", gettext("An e-mail address looks like name@example.com."))
    return email


def find() -> Response:
    form = Submitted()
    number = form.need("number", gettext("Enter the order number. It is in your confirmation e-mail."))
    email = address(form)
    if not form.ok:
        return page("portal/find.html", 422, form=form)
    if not limits().spend(PER_BROWSER, "portal-find", shop().slug, request.remote_addr or ""):
        abort(429)
    nonce = secrets.token_urlsafe(18)
    if limits().spend(PER_ADDRESS, "portal-code", shop().slug, email.lower()):
        _send_code(number, email, nonce)
    answer = see_other(home("code"))
    CHALLENGE.write(
        answer,
        {"nonce": nonce, "number": number[:80], "email": email[:200], "next": _next(form.text("next"))},
    )
    return answer


def _send_code(number: str, email: str, nonce: str) -> None:
    """For a right pair; a wrong one costs the same and sends nothing."""
    with runtime().db.begin() as session:
        found = find_order(session, shop().id, number, email)
        token = _links().dumps({"n": nonce, "o": found.id if found else ""})
        link = f"{runtime().settings.public_url}{home('enter')}?token={token}"
        request_code(session, shop().id, found, Invitation(nonce, link, language()), now=now())


def _links() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(runtime().settings.secret_key, salt=f"portal-link:{shop().id}")


def ask_code() -> Response:
    said = CHALLENGE.read()
    if said is None:
        return see_other(home())
    return _code(said, Form())


def _code(said: Mapping[str, str], form: Form, status: int = 200) -> Response:
    asked = {name: said[name] for name in ("email", "number", "next")}
    return page("portal/code.html", status, form=form, **asked)


def check_code() -> Response:
    said = CHALLENGE.read()
    if said is None:
        abort(410)
    form = Submitted()
    code = "".join(sign for sign in form.text("code", 40) if sign.isdigit())
    if not limits().spend(PER_CODE, "portal-try", said["nonce"]):
        abort(429)
    right = hmac.compare_digest(code, code_of(runtime().settings.secret_key, said["nonce"]))
    found = _redeem(said["nonce"], said["number"], said["email"]) if right else None
    if found is None:
        form.wrong(
            "code", gettext("This code is not right, or it was used already. Look for the newest e-mail.")
        )
        return _code(said, form, 422)
    return let_in(see_other(_next(said["next"]) or home("items")), found)


def _redeem(nonce: str, number: str, email: str) -> FoundOrder | None:
    """The order, the first time only."""
    with runtime().db.begin() as session:
        found = find_order(session, shop().id, number, email)
        return found if found and use_code(session, shop().id, nonce, now=now()) else None


def ask_enter() -> Response:
    """A link is opened by mail scanners too: looking at it uses nothing up."""
    token = request.args.get("token", "")
    if token and _opened(token) is None:
        abort(410)
    if not token and not _signed_by_shop():
        abort(410)
    return page("portal/enter.html", query=request.query_string.decode())


def enter() -> Response:
    token = request.args.get("token", "")
    opened = _opened(token) if token else None
    found = _by_token(*opened) if opened else (_by_shop() if not token else None)
    if found is None:
        abort(410)
    return let_in(see_other(_next(request.args.get("next")) or home("items")), found)


def _opened(token: str) -> tuple[str, str] | None:
    try:
        said = _links().loads(token, max_age=int(VALID.total_seconds()))
        return str(said["n"]), str(said["o"])
    except BadData:
        return None


def _by_token(nonce: str, order_id: str) -> FoundOrder | None:
    with runtime().db.begin() as session:
        found = order_by_id(session, shop().id, order_id)
        return found if found and use_code(session, shop().id, nonce, now=now()) else None


def _signed_by_shop() -> bool:
    """A deep link of the shop: `order`, `email`, `until` (seconds since 1970), signed with the shop's portal secret."""
    secret = str(shop().settings.get("portal_secret") or "")
    args = request.args
    said = "\n".join((args.get("order", ""), args.get("email", "").lower(), args.get("until", "")))
    wanted = hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()
    until = args.get("until", "")
    fresh = re.fullmatch(r"[0-9]{1,12}", until) is not None and int(until) >= now().timestamp()
    return bool(secret) and fresh and hmac.compare_digest(wanted, args.get("signature", ""))


def _by_shop() -> FoundOrder | None:
    if not _signed_by_shop():
        return None
    with runtime().db.read() as session:
        return find_order(session, shop().id, request.args["order"], request.args["email"])


def leave() -> Response:
    answer = see_other(home())
    SESSION.clear(answer)
    return answer
