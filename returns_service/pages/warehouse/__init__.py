"""The bench: scan, count, inspect, next."""

from flask import Blueprint

from returns_service.pages.warehouse import counting, inspecting, others, scanning, signing
from returns_service.pages.warehouse.door import DOOR
from returns_service.pages.web import blueprint


def pages() -> Blueprint:
    made = blueprint("warehouse", "/warehouse")
    DOOR.guard(made, open_views=frozenset({"sign_in", "signed_in", "worker"}))
    for part in (signing, scanning, counting, inspecting, others):
        part.register(made)
    return made
