"""What of a return goes back to payments, and what comes as store credit."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def shares(quote: Mapping[str, Any]) -> tuple[str, str] | None:
    """To the payments and as credit; None where it is not both."""
    tenders = quote.get("tenders") or ()
    paid = sum((Decimal(one["amount"]) for one in tenders if one["payment_id"]), Decimal())
    credit = sum((Decimal(one["amount"]) for one in tenders if not one["payment_id"]), Decimal())
    credit += Decimal(quote.get("unfunded_credit") or "0")
    return (str(paid), str(credit)) if paid and credit else None
