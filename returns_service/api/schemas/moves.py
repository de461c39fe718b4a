"""The bodies of the moves of a case, and of what the storefront and staff report about money and goods."""

from returns_service.api.schemas.base import Body
from returns_service.api.schemas.fields import (
    Amount,
    Code,
    Count,
    Flag,
    Id,
    Line,
    ListOf,
    OneOf,
    Part,
    Text,
    WebAddress,
)
from returns_service.domain.request import RESOLUTIONS


class NothingBody(Body):
    """An empty object; no body is the same."""


class AcceptedLineBody(Body):
    line_id = Id(required=True)
    accept = Flag(required=True)


class ApproveBody(Body):
    """All lines, or for each line whether it is accepted."""

    note = Text(2000, load_default="")
    lines = ListOf(Part(AcceptedLineBody), most=100, least=1, allow_none=True, load_default=None)


class RejectBody(Body):
    """Why, as a code and in words that the customer reads."""

    code = Code(required=True)
    message = Text(2000, shortest=1, required=True)


class AskBody(Body):
    """What the customer should tell."""

    message = Text(2000, shortest=1, required=True)


class AnswerBody(Body):
    """What the customer tells."""

    message = Text(2000, load_default="")
    photos = ListOf(Id(), most=20, load_default=list)


class CancelBody(Body):
    reason = Text(2000, load_default="")


class OverriddenLineBody(Body):
    line_id = Id(required=True)
    eligible = Flag(required=True)


class OverrideBody(Body):
    """Why a person decides otherwise than the policy, and for which lines; without lines for all."""

    reason = Text(2000, shortest=1, required=True)
    lines = ListOf(Part(OverriddenLineBody), most=100, least=1, allow_none=True, load_default=None)


class ShipBody(Body):
    carrier = Line(100, allow_none=True, load_default=None)
    tracking_number = Line(100, allow_none=True, load_default=None)


class LostBody(Body):
    reason = Text(2000, load_default="")


class ReceivedLineBody(Body):
    line_id = Id(required=True)
    quantity = Count(1, required=True)


class UnexpectedBody(Body):
    """Units that nobody announced."""

    sku = Line(100, load_default="?")
    quantity = Count(1, load_default=1)
    note = Text(2000, load_default="")


class ReceiveBody(Body):
    """What came out of the parcel."""

    location = Line(50, allow_none=True, load_default=None)
    lines = ListOf(Part(ReceivedLineBody), most=100, load_default=list)
    unexpected = ListOf(Part(UnexpectedBody), most=100, load_default=list)


class ChooseBody(Body):
    line_id = Id(required=True)
    resolution = OneOf(*RESOLUTIONS, "wait", required=True)


class ConfirmRefundBody(Body):
    """The shop moved the money."""

    reference = Line(200, shortest=1, allow_none=True, load_default=None)


class FailBody(Body):
    reason = Text(2000, load_default="")


class ResolveRefundBody(Body):
    """What a person found out about a refund whose outcome was unknown."""

    outcome = OneOf("succeeded", "failed", "retry", "store_credit", "dropped", required=True)
    reference = Line(200, allow_none=True, load_default=None)
    note = Text(2000, load_default="")


class ShipReplacementBody(Body):
    carrier = Line(100, allow_none=True, load_default=None)
    tracking_number = Line(100, allow_none=True, load_default=None)
    order_id = Line(100, allow_none=True, load_default=None)


class PaidBody(Body):
    """The customer paid; the reference makes a repeat harmless and is the gateway's, so that it can be refunded."""

    amount = Amount(required=True)
    reference = Line(200, shortest=1, required=True)
    gateway = Line(50, shortest=1, allow_none=True, load_default=None)


class SecuredBody(Body):
    """The hold on the customer's payment."""

    reference = Line(200, shortest=1, required=True)


class ParcelLineBody(Body):
    sku = Line(100, load_default="?")
    quantity = Count(1, load_default=1)
    note = Text(2000, load_default="")


class ParcelBody(Body):
    """A parcel that arrived without a known case."""

    carrier = Line(100, allow_none=True, load_default=None)
    tracking_number = Line(100, allow_none=True, load_default=None)
    location = Line(50, allow_none=True, load_default=None)
    note = Text(2000, load_default="")
    lines = ListOf(Part(ParcelLineBody), most=100, load_default=list)


class MessageBody(Body):
    """Something said about a case; an internal note is for staff only."""

    message = Text(5000, shortest=1, required=True)
    photos = ListOf(Id(), most=20, load_default=list)
    internal = Flag(load_default=False)
    author = OneOf(
        "customer",
        "staff",
        allow_none=True,
        load_default=None,
        metadata={
            "description": "Who says it; without it staff for a key with that scope, else the customer."
        },
    )


class ObjectionBody(Body):
    """Why the customer does not agree, and what would put it right."""

    text = Text(5000, shortest=1, required=True)
    wish = Text(1000, load_default="")
    photos = ListOf(Id(), most=20, load_default=list)


class AnswerObjectionBody(Body):
    granted = Flag(required=True)
    answer = Text(5000, shortest=1, required=True)


class RatingBody(Body):
    """csat from 1 to 5, ces from 1 to 7, nps from 0 to 10; once per case and kind."""

    kind = OneOf("csat", "ces", "nps", load_default="csat")
    score = Count(0, 10, required=True)
    comment = Text(2000, load_default="")


class AttachPhotoBody(Body):
    """A photo that was uploaded before, as evidence of this case."""

    photo_id = Id(required=True)
    alt = Text(500, load_default="")


class LabelBody(Body):
    """The storefront's own carrier label."""

    carrier = Line(100, allow_none=True, load_default=None)
    tracking_number = Line(100, allow_none=True, load_default=None)
    url = WebAddress(required=True)


class CreateKeyBody(Body):
    name = Text(100, shortest=1, required=True)
    scopes = ListOf(Line(50), most=10, least=1, required=True)


class RotateKeyBody(Body):
    overlap_hours = Count(0, 24 * 30, load_default=24)


class PhotoForm(Body):
    """What goes with an uploaded picture."""

    alt = Text(500, load_default="")
