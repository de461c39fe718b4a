"""A face of the pages: every post into it is checked before a view sees it."""

from flask import Blueprint

from returns_service.pages.web import security


def blueprint(name: str, prefix: str = "") -> Blueprint:
    """`name` appears in `url_for("name.view")`; `prefix` is where its addresses begin."""
    made = Blueprint(name, __name__, url_prefix=prefix or None)
    made.before_request(security.check_post)
    return made
