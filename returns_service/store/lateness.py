"""Whether the goods were handed in when they had to be."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from returns_service.domain.events import EventType
from returns_service.domain.policy import deadlines
from returns_service.store.cases import CaseFile
from returns_service.store.tables import EventRow


def days_late(case: CaseFile) -> int | None:
    """By how many local days they came too late; None while they are not on their way. Asked only where a rule does."""
    if "return.days_late" not in case.policy.asked_about:
        return None
    handed_in, approved = _handed_in(case), _approved(case)
    if handed_in is None or approved is None:
        return None
    said = deadlines(case.policy, "approved", approved, approved, case=case.facts_of_now())
    last = next((one for one in said if one.purpose == "ship"), None)
    if last is None:
        return 0
    zone = ZoneInfo(last.time_zone)
    return max((handed_in.astimezone(zone).date() - last.at.astimezone(zone).date()).days, 0)


def _handed_in(case: CaseFile) -> datetime | None:
    """The carrier's first scan, else when it was said to be sent, else when it arrived."""
    if case.row.scanned_at is not None:
        return case.row.scanned_at
    if case.row.shipments:
        return datetime.fromisoformat(case.row.shipments[0]["at"])
    return case.receipts[0].at if case.receipts else None


def _approved(case: CaseFile) -> datetime | None:
    """When the case was approved last."""
    query = select(EventRow.at).where(EventRow.case_id == case.id, EventRow.type == EventType.APPROVED.value)
    return case.session.exec(query.order_by(col(EventRow.seq).desc()).limit(1)).first()
