"""Who a customer is to the portal: the holder of one order, by a code or link that reached its address."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import quote, urlsplit

from flask import Response, abort, g, request

from returns_service.domain.actor import Actor
from returns_service.domain.errors import NotFound
from returns_service.pages.web import Cookie, language, page, runtime, see_other, serve_shop
from returns_service.pages.web.security import renew_seed
from returns_service.usecases import find_shop
from returns_service.usecases.find_order import FoundOrder, order_by_id
from returns_service.usecases.find_shop import ShopFacts

P = ParamSpec("P")
View = Callable[P, Response]

SCOPES = frozenset({"returns:read", "returns:write"})
SESSION = Cookie("returns_portal", seconds=12 * 3600, path="/portal")
LARGEST_FORM = 64 * 1024 * 1024
CHALLENGE = Cookie("returns_code", seconds=15 * 60, path="/portal")


def serve(slug: str) -> None:
    """The shop of the address, before every view."""
    try:
        with runtime().db.read() as session:
            g.portal = find_shop.by_slug(session, slug)
    except NotFound:
        abort(404)
    serve_shop(g.portal)


def expect_photos() -> None:
    """Where no script shrinks them, a form brings photos as large as the camera made them; from visitors alone."""
    if request.mimetype == "multipart/form-data" and SESSION.read() is not None:
        request.max_content_length = LARGEST_FORM


def shop() -> ShopFacts:
    found: ShopFacts = g.portal
    return found


def home(*parts: object) -> str:
    """An address of this shop's portal."""
    return "/".join(["/portal", shop().slug, *(quote(str(part), safe="") for part in parts)])


def visitor() -> FoundOrder | None:
    """The order this browser may see; None when it has not shown that it may, or when the order is another's now."""
    if "visitor" not in g:
        g.visitor = _visitor()
    found: FoundOrder | None = g.visitor
    return found


def _visitor() -> FoundOrder | None:
    said = SESSION.read()
    if said is None or said.get("shop") != str(shop().id):
        return None
    with runtime().db.read() as session:
        found = order_by_id(session, shop().id, said["order"])
    return found if found and found.email == said["email"] else None


def order() -> FoundOrder:
    """The order of a view that `signed_in` guards."""
    found: FoundOrder = g.order
    return found


def let_in(response: Response, found: FoundOrder) -> Response:
    SESSION.write(
        response, {"shop": str(shop().id), "order": found.id, "number": found.number, "email": found.email}
    )
    CHALLENGE.clear(response)
    renew_seed()
    return response


def actor() -> Actor:
    """The customer, for the use cases."""
    return Actor(shop().id, "customer", order().email, SCOPES, language=language())


def _sign_in_first() -> Response:
    """Find the order and come back; what somebody wrote into a form of yesterday is given back to them."""
    back = request.path if request.method == "GET" else urlsplit(request.referrer or "").path
    wanted = f"{home()}?next={quote(back)}" if back.startswith(home() + "/") else home()
    written = [request.form.get(name, "").strip() for name in ("message", "comment")]
    if request.method == "GET" or not any(written):
        return see_other(wanted)
    return page("portal/signed_out.html", 401, written="\n\n".join(filter(None, written)), sign_in=wanted)


def signed_in(view: View[P]) -> View[P]:
    """A view for whoever holds the order; others find it first and come back."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        found = visitor()
        if found is None:
            return _sign_in_first()
        g.order = found
        return view(*args, **kwargs)

    return guarded
