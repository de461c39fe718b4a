"""One style of page for everything that goes wrong, in the reader's language."""

from flask import Response

from returns_service.pages.i18n import N_
from returns_service.pages.web.rendering import gettext, page

TEXTS = {
    400: (N_("This request could not be read"), N_("Go back and try again.")),
    401: (N_("Please sign in"), N_("You were signed out, or you have not signed in yet.")),
    403: (
        N_("This is not allowed"),
        N_("You may not do this, or the page was open for too long. Go back, load the page again and retry."),
    ),
    404: (
        N_("There is nothing here"),
        N_("The address is wrong, or what it showed is gone. Check that all of it was copied."),
    ),
    405: (N_("This address works differently"), N_("Go back and use the button on the page.")),
    409: (
        N_("Somebody else was faster"),
        N_(
            "What you wanted to change has changed in the meantime. Go back, load the page again and look at it."
        ),
    ),
    410: (N_("This link is no longer valid"), N_("It was used before or is too old. Ask for a new one.")),
    412: (
        N_("This changed while you were looking"),
        N_("Somebody changed it in the meantime. Go back, load the page again and look at it."),
    ),
    413: (N_("This is too large"), N_("Send a smaller file.")),
    415: (N_("This kind of file is not accepted"), N_("Send a photo as JPEG, PNG, WebP or HEIC.")),
    422: (N_("Something is not right yet"), N_("Go back and check what you entered.")),
    429: (N_("Too many tries"), N_("Please wait a few minutes and try again. Nothing is lost.")),
    500: (
        N_("Something went wrong on our side"),
        N_("Nothing was changed. Try again; if it happens again, tell us the number below."),
    ),
    503: (N_("We are busy just now"), N_("Nothing is lost. Try again in a moment.")),
}


def error_page(status: int, title: str, sentence: str, trace_id: str) -> Response:
    """Title and sentence of the API are for programs; people read the texts above."""
    known = TEXTS.get(status)
    words = (gettext(known[0]), gettext(known[1])) if known else (title, sentence)
    return page(
        "base/error.html", status, status=status, title=words[0], sentence=words[1], trace_id=trace_id
    )
