"""A customer's own data: to take away, and to have erased."""

import json

from flask import Blueprint, Response, request

from returns_service.pages.portal.door import SESSION, actor, order, shop, signed_in
from returns_service.pages.web import Form, Submitted, gettext, now, page, runtime, see_other
from returns_service.usecases.erase import is_requested, request_erasure
from returns_service.usecases.own_data import own_data


def register(made: Blueprint) -> None:
    made.get("/<slug>/data")(signed_in(look))
    made.get("/<slug>/data.json")(signed_in(take))
    made.post("/<slug>/data/erase")(signed_in(erase))
    made.get("/<slug>/data/erasing")(erasing)


def look() -> Response:
    return _look(Form())


def _look(form: Form, status: int = 200) -> Response:
    with runtime().db.read() as session:
        asked = is_requested(session, order().id, actor=actor())
    return page("portal/data.html", status, form=form, order=order(), asked=asked)


def take() -> Response:
    """Everything that is kept about this order and its returns, to take away."""
    with runtime().db.read() as session:
        kept = own_data(session, order().id, actor=actor())
    answer = Response(json.dumps(kept, ensure_ascii=False, indent=1), content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def erase() -> Response:
    """Asked for; the visit ends here unless a return still needs its customer."""
    form = Submitted()
    form.need("sure", gettext("Tick the box if you are sure."))
    if not form.ok:
        return _look(form, 422)
    with runtime().db.begin() as session:
        at_once = request_erasure(session, order().id, actor=actor(), now=now())
    answer = see_other(f"/portal/{shop().slug}/data/erasing{'' if at_once else '?open=1'}")
    if at_once:
        SESSION.clear(answer)
    return answer


def erasing() -> Response:
    """What happens now; nobody needs to be signed in any more."""
    return page("portal/erasing.html", at_once="open" not in request.args)
