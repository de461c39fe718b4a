"""The bench's own words."""

from returns_service.pages.i18n import N_

DISPOSITIONS = {
    "restock": N_("Back into stock"),
    "refurbish": N_("Refurbish"),
    "quarantine": N_("Quarantine"),
    "scrap": N_("Scrap"),
    "supplier": N_("To the supplier"),
    "send_back": N_("Back to the customer"),
}
"""What happens to a unit: the bin it goes into."""
