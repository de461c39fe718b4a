"""What stands against a wish, in the reader's language."""

from returns_service.domain.errors import Refusal
from returns_service.pages.console.words import REFUSED
from returns_service.pages.web import gettext


def sentence(refusal: Refusal) -> str:
    """The sentence for its code, else its own."""
    known = REFUSED.get(refusal.code)
    return gettext(known) if known else (refusal.detail or refusal.code)
