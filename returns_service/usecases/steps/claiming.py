"""What the bench knows of the units before it: the claim that its findings confirm or refute."""

from returns_service.domain.policy import Claim
from returns_service.domain.request import Evidence, RequestLine, ReturnRequest
from returns_service.store.cases import CaseFile
from returns_service.store.tables import CaseLine


def claim_of(case: CaseFile, line: CaseLine) -> Claim:
    """What the customer says of the units of a line, with the evidence there is."""
    wanted = RequestLine(
        line.order_line_id,
        line.quantity,
        line.reason,
        line.condition,
        line.comment,
        tuple(line.photos),
        line.resolution,
        line.exchange_for,
        line.attributes,
    )
    evidence = tuple(Evidence(one.type, one.data, one.at) for one in case.evidence)
    request = ReturnRequest((wanted,), case.row.request.get("return_method", "mail"))
    return Claim(case.order, wanted, request, case.row.requested_at, evidence, tuple(line.slots))
