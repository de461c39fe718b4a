"""The one table of work after the commit: what each topic of the outbox does, and what follows from each event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from returns_service.jobs.erasing import carry_out
from returns_service.jobs.letters import mail_code, mail_erased, mail_receipt
from returns_service.jobs.notices import Tell, send_again
from returns_service.jobs.outcome import Keep
from returns_service.jobs.reconcile import look_at_books
from returns_service.jobs.refunds import move_money
from returns_service.jobs.simulations import try_on_past
from returns_service.jobs.webhooks import announce, deliver, tell_disabled
from returns_service.store.work import Work
from returns_service.usecases.runtime import Runtime

Handler = Callable[[Runtime, Work], None]
"""Does the work of one outbox row with transactions of its own; it may be called again for the same row.

Returns when all is done; raises TryLater or GiveUp (jobs/outcome.py); any other exception is tried again."""


@dataclass(frozen=True)
class Together:
    """Rows of one topic that read what they need together: opened for some of them, then called for each. What each
    gives to `keep` is written with what came of it, and of others that were done in the same moment.
    """

    open: Callable[[Runtime, Sequence[Work], Keep], Callable[[Work], None]]


class Events:
    """Everything that follows from an event; all of it may be done again when one part failed."""

    def __init__(self, runtime: Runtime, works: Sequence[Work], keep: Keep) -> None:
        self.runtime, self.tell = runtime, Tell(runtime, works, keep)

    def __call__(self, work: Work) -> None:
        announce(self.runtime, work)
        self.tell(work)


TOPICS: Mapping[str, Handler | Together] = {
    "event": Together(Events),
    "notice": send_again,
    "sign_in": mail_code,
    "withdrawal": mail_receipt,
    "erasure": carry_out,
    "erased": mail_erased,
    "refund": move_money,
    "webhook": deliver,
    "endpoint_disabled": tell_disabled,
    "simulate": try_on_past,
    "reconcile": look_at_books,
}
