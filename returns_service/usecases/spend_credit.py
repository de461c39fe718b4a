"""Store credit as a means of payment: look at it, redeem it, give a redemption back, let it expire."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, Invalid
from returns_service.store import store_credit as book
from returns_service.store.tables import StoreCredit
from returns_service.usecases.show_case import instant

AT_ONCE = 500
"""Credits that expire in one transaction."""


def show_credit(session: Session, code: str, *, actor: Actor) -> StoreCredit:
    """Raises NotFound."""
    return book.load(session, actor.shop_id, code)


def list_credits(session: Session, email: str, *, actor: Actor) -> list[StoreCredit]:
    """A customer's account."""
    return book.of_customer(session, actor.shop_id, email)


def redeem_credit(
    session: Session, code: str, *, amount: str, currency: str, reference: str, actor: Actor, now: datetime
) -> StoreCredit:
    """Pay with it; the same reference pays once. Raises NotFound, Invalid, Conflict (not enough, over, other amount)."""
    credit = book.load(session, actor.shop_id, code, lock=True)
    if currency != credit.currency:
        raise Invalid("currency", f"This credit is in {credit.currency}.", pointer="/currency")
    wanted = money.parse(amount, credit.currency)
    if wanted <= 0:
        raise Invalid("amount", "The amount must be above zero.", pointer="/amount")
    known = book.move_of(session, credit.id, reference)
    if known is not None:
        return _again(credit, known.amount, wanted, reference)
    if credit.expires_at and credit.expires_at <= now:
        raise Conflict("credit_expired", f"This credit ended on {credit.expires_at:%Y-%m-%d}.")
    if not book.take(session, credit, wanted):
        left = money.text(credit.balance, credit.currency)
        raise Conflict(
            "above_balance", f"Only {left} {credit.currency} are left on this credit.", balance=left
        )
    book.note(session, credit, "redeemed", wanted, reference, now)
    return credit


def give_back_credit(
    session: Session, code: str, *, reference: str, actor: Actor, now: datetime
) -> StoreCredit:
    """Undo a redemption (its order was called off). Said twice, it counts once.

    Raises NotFound, Conflict: nothing was redeemed, or the credit would hold more than it ever did.
    """
    credit = book.load(session, actor.shop_id, code, lock=True)
    redeemed = book.move_of(session, credit.id, reference)
    if redeemed is None or redeemed.kind != "redeemed":
        raise Conflict("not_redeemed", f"Nothing was redeemed with the reference {reference!r}.")
    undone = f"back:{reference}"
    if book.move_of(session, credit.id, undone) is None:
        if not book.take(session, credit, -redeemed.amount):
            raise Conflict("given_back", "This much came back onto the credit already, by a return.")
        book.note(session, credit, "given_back", -redeemed.amount, undone, now)
    return credit


def expire_credits(session: Session, *, now: datetime) -> int:
    """Write off what is left on credits whose time is over. Answers how many."""
    over = book.expired(session, now, limit=AT_ONCE)
    for credit in over:
        left, times = credit.balance, len(book.moves(session, credit.id))
        book.take(session, credit, left)
        book.note(session, credit, "expired", left, f"expired:{times}", now)
    return len(over)


def credit_body(session: Session, credit: StoreCredit) -> dict[str, Any]:
    """The credit with its moves."""
    return {
        "code": credit.code,
        "currency": credit.currency,
        "amount": money.text(credit.amount, credit.currency),
        "balance": money.text(credit.balance, credit.currency),
        "refund_id": str(credit.refund_id),
        "expires_at": instant(credit.expires_at) if credit.expires_at else None,
        "created_at": instant(credit.created_at),
        "moves": [
            {
                "kind": move.kind,
                "amount": money.text(move.amount, credit.currency),
                "reference": move.reference,
                "at": instant(move.at),
            }
            for move in book.moves(session, credit.id)
        ],
    }


def _again(credit: StoreCredit, before: int, wanted: int, reference: str) -> StoreCredit:
    if before != wanted:
        raise Conflict("reference_used", f"{reference!r} already redeemed another amount of this credit.")
    return credit
