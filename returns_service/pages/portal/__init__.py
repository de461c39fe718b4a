"""The customer portal: find the order, choose, say why, see the amount, send back, follow, talk."""

from flask import Blueprint

from returns_service.pages.portal import (
    asking,
    checking,
    choosing,
    deeds,
    finding,
    own,
    status,
    wishing,
    withdrawing,
)
from returns_service.pages.portal.door import expect_photos, serve
from returns_service.pages.web import blueprint


def pages() -> Blueprint:
    made = blueprint("portal", "/portal")

    @made.url_value_preprocessor
    def shop_of_address(_endpoint: str | None, values: dict[str, object] | None) -> None:
        serve(str((values or {}).pop("slug", "")))
        expect_photos()

    for part in (finding, choosing, asking, wishing, checking, status, deeds, own, withdrawing):
        part.register(made)
    return made
