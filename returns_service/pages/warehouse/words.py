"""The bench's own words."""

from returns_service.domain.errors import Refusal
from returns_service.pages.i18n import N_
from returns_service.pages.web import gettext

DISPOSITIONS = {
    "restock": N_("Back into stock"),
    "refurbish": N_("Refurbish"),
    "quarantine": N_("Quarantine"),
    "scrap": N_("Scrap"),
    "supplier": N_("To the supplier"),
    "send_back": N_("Back to the customer"),
}
"""What happens to a unit: the bin it goes into."""

REFUSED = {
    "serial_received": N_("The unit %(serial_number)s came back before. Look for the other return."),
    "serial_numbers": N_("Each unit has one serial number of its own. Scan one for each."),
    "empty": N_("Count at least one unit, or add what lies there instead."),
    "illegal_move": N_("This is not possible in the present state of the return."),
    "stale_version": N_("This return changed in the meantime."),
    "not_found": N_("This is not part of the return any more."),
    "invalid": N_("The questions have changed. Answer them again."),
}


def sentence(refusal: Refusal) -> str:
    """What stands against it, in the worker's language; a refusal without a sentence here says its own."""
    known = REFUSED.get(refusal.code)
    return gettext(known, **refusal.extra) if known else refusal.detail
