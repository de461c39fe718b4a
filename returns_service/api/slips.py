"""The return slip of a case: what the customer prints, or shows on a phone, and the bench scans."""

from uuid import UUID

from flask import Response
from sqlmodel import Session

from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, scope
from returns_service.usecases.read_case import read_case
from returns_service.usecases.slip_of import slip_of

blp = Resource("slips", "Return slips with barcode and QR code.")


@blp.get("/returns/<id:return_id>/slip.pdf")
@scope("returns:read")
@answers({"type": "string", "format": "binary"}, content_type="application/pdf")
def get_return_slip(session: Session, call: Call, return_id: UUID) -> Response:
    """The slip as PDF, in the language of the case."""
    case = read_case(session, return_id, actor=call.actor)
    drawn = slip_of(case, public_url=str(call.runtime.settings.public_url))
    response = Response(call.runtime.scribe.slip(*drawn), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{case.row.number}.pdf"'
    return response
