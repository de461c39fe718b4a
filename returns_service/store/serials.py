"""Serial numbers: which cases one belongs to, and where it came back before."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from returns_service.store.appending import append
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Inspection, ReturnCase, SerialNumber


def cases_with(shop_id: UUID, number: str) -> SelectOfScalar[UUID]:
    """Ids of cases about a unit with this number, as sold or as scanned."""
    query = select(SerialNumber.case_id).where(SerialNumber.shop_id == shop_id)
    return query.where(SerialNumber.number == number.upper())


def know(case: CaseFile, numbers: Iterable[str]) -> None:
    """Let the case be found by these numbers."""
    wanted = {number.upper() for number in numbers}
    if not wanted:
        return
    case.session.flush()
    known = case.session.exec(select(SerialNumber.number).where(SerialNumber.case_id == case.id))
    new = sorted(wanted.difference(known))
    append(case.session, *(SerialNumber(case_id=case.id, number=n, shop_id=case.row.shop_id) for n in new))


def came_back(case: CaseFile) -> list[tuple[str, str, datetime]]:
    """Numbers that came back for the order of a case, with who found them and when."""
    case.session.flush()
    query = select(Inspection).join(ReturnCase, col(ReturnCase.id) == Inspection.case_id)
    query = query.where(ReturnCase.order_id == case.row.order_id, col(Inspection.superseded).is_(False))
    rows = case.session.exec(query.order_by(col(Inspection.id)))
    return [(number, str(row.actor.get("name", "")), row.at) for row in rows for number in row.serial_numbers]
