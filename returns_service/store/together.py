"""Several cases at once: for work that goes through a heap of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, bindparam, null, union_all
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from returns_service.store import cases, notices
from returns_service.store.cases import CaseFile
from returns_service.store.tables import EventRow, Notice, ReturnCase

_THESE: Any = bindparam("ids", expanding=True)
_EVENTS = select(EventRow).where(col(EventRow.case_id).in_(_THESE)).order_by(col(EventRow.seq))


class Letter(NamedTuple):
    """What a message was about, without its words."""

    case_id: UUID
    event_id: UUID
    recipient: str
    channel: str
    template: str
    state: str


_LETTER = [getattr(Notice, name) for name in (*Letter._fields, "shop_id")]
_ABOUT = select_columns(*_LETTER, null().label("address"))
_TO = select_columns(*_LETTER, col(Notice.address))
_MAIL: CompoundSelect[Any] = union_all(
    _ABOUT.where(col(Notice.case_id).in_(_THESE)), _TO.where(*notices.CAME_BACK)
)


class Mail(NamedTuple):
    """What was sent about some cases, and to whom nothing can be sent."""

    letters: Mapping[UUID, list[Letter]]
    suppressed: Collection[tuple[UUID, str]]
    """Addresses from which mail came back for good, with the shop that sent it."""


def load(session: Session, ids: Collection[UUID]) -> dict[UUID, CaseFile]:
    """Cases with everything that is shown of them; for looking at, not for changing."""
    found = session.execute(_cases(session.get_bind().dialect.name), {"ids": list(ids)})
    files = {row.id: CaseFile(session, row, *more) for row, *more in found}
    for case in files.values():
        _shown = case.lines, case.inspections, case.refunds, case.replacements
    return files


@cache
def _cases(dialect: str) -> Select[Any]:
    return cases.selected(dialect).where(col(ReturnCase.id).in_(_THESE))


def stories(session: Session, ids: Collection[UUID]) -> Mapping[UUID, list[EventRow]]:
    """The history of each case, oldest first."""
    groups: dict[UUID, list[EventRow]] = defaultdict(list)
    for row in session.exec(_EVENTS, params={"ids": list(ids)}):
        groups[row.case_id].append(row)
    return groups


def mail(session: Session, ids: Collection[UUID], addresses: Collection[str]) -> Mail:
    """Every message about each case, and which of these addresses are suppressed."""
    letters: dict[UUID, list[Letter]] = defaultdict(list)
    suppressed = set()
    wanted = {"ids": list(ids), "addresses": list(addresses)}
    for *about, shop_id, address in session.connection().execute(_MAIL, wanted):
        if address is None:
            letters[about[0]].append(Letter(*about))
        else:
            suppressed.add((shop_id, address))
    return Mail(letters, suppressed)
