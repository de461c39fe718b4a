"""The console: what waits, one case on one page, decisions, and all that a shop sets for itself."""

from flask import Blueprint

from returns_service.pages.console import (
    admin,
    bulk,
    case,
    company,
    hooks,
    moves,
    policies,
    privacy,
    queue,
    recoveries,
    reports,
    shop,
    signing,
    upkeep,
)
from returns_service.pages.console.door import DOOR, codes_first
from returns_service.pages.web import blueprint


def pages() -> Blueprint:
    made = blueprint("console", "/console")
    DOOR.guard(made, open_views=frozenset({"sign_in", "signed_in", "leave", "back"}))
    made.before_request(codes_first)
    for part in (
        signing,
        company,
        queue,
        case,
        moves,
        bulk,
        policies,
        upkeep,
        hooks,
        recoveries,
        privacy,
        reports,
        admin,
        shop,
    ):
        part.register(made)
    return made
