"""The protocols that adapters fit, and the few plain values that cross them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from returns_service.domain.money import Minor


@dataclass(frozen=True)
class RefundIntent:
    """One attempt at one refund. Repeated, it is the same to the byte: same key, same amount, same metadata."""

    key: str
    """The idempotency key; also names the refund at the gateway (metadata), so that it can be found again."""
    payment: str
    """The gateway's own reference of the payment."""
    amount: Minor
    currency: str
    captured: Minor
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RefundResult:
    """What a gateway said. `unknown` means that the money may or may not have moved."""

    state: str
    """succeeded | pending | declined | unknown"""
    reference: str | None = None
    reason: str = ""
    amount: Minor | None = None
    retry_after: timedelta | None = None


@dataclass(frozen=True)
class GatewayRefund:
    """One refund as the gateway's own books show it; `key` is ours, where the gateway kept it."""

    reference: str
    payment: str
    amount: Minor
    currency: str
    state: str
    """succeeded | pending | failed"""
    key: str | None = None


@dataclass(frozen=True)
class GatewayEvent:
    """A verified event of a gateway about one refund; the same `id` is the same event."""

    id: str
    refund: GatewayRefund
    reason: str = ""


class PaymentGateway(Protocol):
    """Moves money back. A call never raises for what the network or the gateway did: that is a result."""

    name: str
    key_life: timedelta
    """How long the gateway remembers an idempotency key."""
    moves_money: bool
    """False where somebody else is told to move it (the storefront) and reports back."""

    def refund(self, intent: RefundIntent) -> RefundResult: ...

    def find(self, intent: RefundIntent) -> RefundResult | None:
        """The outcome of an earlier attempt with this key; None when the gateway surely knows of none.

        A gateway that cannot be asked right now answers `unknown`.
        """

    def books(self, payment: str, currency: str) -> Sequence[GatewayRefund] | None:
        """Every refund of a payment for reconciliation; None when the gateway cannot be asked."""

    def verify_event(self, headers: Mapping[str, str], body: bytes) -> GatewayEvent | None:
        """The event of a signed body; None when it is genuine but says nothing about a refund.

        Raises BadSignature for anything forged, replayed too late or malformed.
        """


class GatewayMaker(Protocol):
    """Makes the gateway of a shop from the shop's own secrets; for the same secrets the same one."""

    def __call__(self, secrets: Mapping[str, str]) -> PaymentGateway: ...


class Vault(Protocol):
    """Keeps secrets of shops so that the database alone does not give them away."""

    def seal(self, secrets: Mapping[str, str]) -> str: ...

    def open(self, sealed: str) -> dict[str, str] | None:
        """None for what cannot be opened here."""


class BadSignature(Exception):
    """An inbound event is not from whom it claims to be, or too old."""


@dataclass(frozen=True)
class Attachment:
    name: str
    type: str
    data: bytes


@dataclass(frozen=True)
class EmailMessage:
    """One message, ready to send; the same `id` is the same message however often it is sent."""

    id: str
    sender: str
    to: str
    subject: str
    text: str
    html: str | None = None
    language: str = "en"
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


class DeliveryFailed(Exception):
    """A message did not get through; `permanent`: trying again is pointless; `bounced`: there is no such address."""

    def __init__(self, reason: str, *, permanent: bool = False, bounced: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent or bounced
        self.bounced = bounced


class Mailer(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Hand the message over. Raises DeliveryFailed."""


class Channel(Protocol):
    """SMS and chat."""

    def send(self, to: str, text: str, *, title: str = "") -> None:
        """Raises DeliveryFailed."""


class FileStore(Protocol):
    """Photos and documents by key."""

    def put(self, key: str, data: bytes, *, content_type: str) -> None: ...

    def get(self, key: str) -> bytes | None: ...

    def delete(self, key: str) -> None: ...

    def older(self, prefix: str, before: datetime) -> Iterator[str]:
        """Keys that begin so and were last written before then."""


@dataclass(frozen=True)
class Picture:
    """A picture that is safe to keep and to show: nothing but its pixels."""

    data: bytes
    type: str
    width: int
    height: int


class PictureReader(Protocol):
    def clean(self, data: bytes) -> Picture:
        """Decode with care and write anew. Raises Invalid for what is not a picture or too large."""

    def mark(self, data: bytes) -> Picture:
        """The same for a logo: small, and what is transparent stays so."""


class WorkerSeen(NamedTuple):
    """A worker process as its last sign of life shows it."""

    name: str
    since: datetime
    seen_at: datetime
    busy: bool


class Bell(Protocol):
    def ring(self, *, another: bool = False) -> bool:
        """Wake a worker, best effort: work waits in the database and a silent bell (False) loses nothing.

        `another`: one more, although one is at work.
        """

    def workers(self) -> Sequence[WorkerSeen]:
        """Who listens to it."""

    def works(self) -> bool:
        """Whether somebody hears it."""


@dataclass(frozen=True)
class CarrierEvent:
    """One tracking event of a carrier; the same `id` is the same event."""

    id: str
    tracking_number: str
    type: str
    """picked_up | in_transit | out_for_delivery | delivered | exception | damaged | lost | returned_to_sender"""
    at: datetime
    leg: str = "return"
    """return: the parcel of a case. outbound: a parcel of an order, named by `order_id`."""
    carrier: str | None = None
    detail: str = ""
    order_id: str | None = None


class CarrierFeed(Protocol):
    """Tracking events of a carrier or of an aggregator."""

    name: str

    def verify_events(self, headers: Mapping[str, str], body: bytes, secret: str) -> Sequence[CarrierEvent]:
        """Raises BadSignature."""


@dataclass(frozen=True)
class Written:
    """A message without its address, in the reader's language; `slip`: the return slip goes with it."""

    language: str
    subject: str
    text: str
    html: str
    short: str
    """For SMS and chat."""
    slip: bool = False


class Scribe(Protocol):
    """Puts a case into words and onto paper. Pure."""

    def write(
        self, notice: str, context: Mapping[str, Any], locale: str | None, offered: Sequence[str]
    ) -> Written:
        """A message; `offered` are the shop's languages, English serves everybody else."""

    def letter(
        self, name: str, context: Mapping[str, Any], locale: str | None, offered: Sequence[str]
    ) -> Written:
        """A message that belongs to no event."""

    def slip(self, context: Mapping[str, Any], locale: str | None, offered: Sequence[str]) -> bytes:
        """The return slip as PDF."""


@dataclass(frozen=True)
class HookAnswer:
    """What an endpoint said, or why it was not reached (`status` None)."""

    status: int | None
    text: str = ""
    """At most a kilobyte of the answer, or the reason."""
    retry_after: timedelta | None = None


class HookCaller(Protocol):
    """Calls addresses that shops typed in, and only those that lie outside."""

    def check(self, url: str) -> None:
        """Raises Invalid for an address that is not to be called."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        """Never raises for what the network or the endpoint did."""


class SignInFailed(Exception):
    """The company's provider said no, said something that does not hold, or could not be asked."""


class SignInStart(NamedTuple):
    """Where to send the browser, and what it must bring back: kept by the browser in a signed cookie."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Somebody as their company knows them; `subject` never changes and never goes to anybody else."""

    subject: str
    email: str
    email_verified: bool


class IdentityProvider(Protocol):
    """The company's own sign-in."""

    name: str

    def begin(self, redirect: str) -> SignInStart:
        """Raises SignInFailed."""

    def finish(self, code: str, start: SignInStart, redirect: str, *, now: datetime) -> Identity:
        """Who came back with this code. Raises SignInFailed."""
