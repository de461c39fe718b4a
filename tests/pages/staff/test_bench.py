"""What the bench asks and takes down: answers, reasons for deciding otherwise, parcels without a case, a shift's work."""

import re
from collections.abc import Callable

import pytest
from sqlmodel import select

from returns_service.store.tables import Inspection, UnexpectedParcel
from returns_service.usecases.runtime import Runtime
from tests.pages.staff.conftest import Worker

New = Callable[[], Worker]
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def parcel(worker: New, number: str) -> str:
    """Approved, and counted in by the worker of the bench."""
    boss = worker().at_console("manager")
    boss.see(f"/console/cases/{number}")
    version = boss.page.split('name="version" value="')[1].split('"')[0]
    boss.send(f"/console/cases/{number}/approve", version=version)
    someone = worker().at_bench()
    someone.see(f"/warehouse/parcels/{number}")
    line = someone.page.split('data-line="')[1].split('"')[0]
    someone.send(f"/warehouse/parcels/{number}/count", **{f"count-{line}": "1", f"seen-{line}": "0"})
    return number


def _answers(page: str) -> dict[str, str]:
    """The first answer to each question, and which line it is about."""
    found: dict[str, str] = {}
    for name, value in re.findall(r'name="(q-[^"]+)" value="([^"]+)"', page):
        found.setdefault(name, value)
    return {**found, "line_id": page.split('name="line_id" value="')[1].split('"')[0]}


def test_who_decides_otherwise_says_why(worker: New, parcel: str, ours: Runtime) -> None:
    someone = worker().at_bench()
    someone.see(f"/warehouse/parcels/{parcel}")
    path, answers = f"/warehouse/parcels/{parcel}/unit", _answers(someone.page)
    answer = someone.send(path, **answers, grade="C", disposition="quarantine")
    assert answer.status_code == 422
    assert "Say why you decide otherwise" in someone.words
    answer = someone.send(path, **answers, grade="C", disposition="quarantine", note="Smells of smoke")
    assert answer.status_code == 303
    with ours.db.read() as session:
        found = session.exec(select(Inspection)).one()
    assert (found.grade, found.disposition, found.note) == ("C", "quarantine", "Smells of smoke")


@pytest.mark.parametrize("scanned", ["4006381333931", "--1", "9" * 30])
def test_a_barcode_scanned_as_a_quantity_counts_nothing(worker: New, parcel: str, scanned: str) -> None:
    someone = worker().at_bench()
    someone.see(f"/warehouse/parcels/{parcel}")
    line = _answers(someone.page)["line_id"]
    counted = {f"count-{line}": scanned, f"seen-{line}": "1"}
    assert someone.send(f"/warehouse/parcels/{parcel}/count", **counted).status_code == 409
    assert "Count at least one unit" in someone.words


def test_nothing_is_saved_without_an_answer(worker: New, parcel: str) -> None:
    someone = worker().at_bench()
    someone.see(f"/warehouse/parcels/{parcel}")
    line = _answers(someone.page)["line_id"]
    assert someone.send(f"/warehouse/parcels/{parcel}/unit", line_id=line).status_code == 422


def test_a_parcel_without_a_case_is_kept_for_a_person(worker: New, ours: Runtime) -> None:
    someone = worker().at_bench()
    someone.see("/warehouse/unknown?tracking_number=0034")
    assert 'value="0034"' in someone.page  # as it was scanned
    assert someone.send("/warehouse/unknown", tracking_number="", note="").status_code == 422
    told = {"tracking_number": "0034", "extra-sku": "BRICK", "extra-quantity": "2", "extra-note": "red"}
    for _ in range(2):  # the device sends it twice
        someone.send("/warehouse/unknown", **told, client_id="0190bbbb-1111")
    with ours.db.read() as session:
        row = session.exec(select(UnexpectedParcel)).one()
    assert row.lines == [{"sku": "BRICK", "quantity": 2, "note": "red"}]
    manager = worker().at_console("manager")
    assert "BRICK" in manager.see("/console/operations").text
    manager.send(f"/console/operations/parcels/{row.id}", note="Given to the police")
    assert "BRICK" not in manager.see("/console/operations").text


def test_a_parcel_before_the_decision_is_counted_and_goes_to_the_shelf(worker: New, number: str) -> None:
    someone = worker().at_bench()
    someone.see(f"/warehouse/parcels/{number}")
    line = someone.page.split('data-line="')[1].split('"')[0]
    count = {f"count-{line}": "1", f"seen-{line}": "0"}
    said = someone.send(f"/warehouse/parcels/{number}/count", headers=FETCH, **count).json
    assert said["say"] == "Counted. It is inspected after the decision."
    assert "shelf for undecided returns" in said["main"] and said["sound"] == "attention"
    assert (
        someone.send("/warehouse/undo", headers=FETCH, client_id="0190bbbb-2222").json["sound"] == "attention"
    )
    again = someone.send(
        "/warehouse/undo", headers=FETCH, client_id="0190bbbb-2222"
    ).json  # its answer was lost
    assert (again["path"], again["say"]) == ("/warehouse/", "Taken back")


def test_a_shift_counts_parcels_and_units_since_it_began(worker: New, parcel: str) -> None:
    someone = worker().at_bench()
    someone.see(f"/warehouse/parcels/{parcel}")
    someone.send(f"/warehouse/parcels/{parcel}/unit", **_answers(someone.page))
    someone.see("/warehouse/shift")
    told = re.findall(r'<b[^>]*>([^<]*)</b><span class="hush">([^<]+)', someone.page)
    figures = {what: number for number, what in told}
    assert (figures["parcels"], figures["units"]) == ("1", "1")
    assert figures["parcels an hour"] == "4"  # one in the first quarter of an hour


def test_the_sheet_holds_a_barcode_for_every_command(worker: New) -> None:
    someone = worker().at_bench()
    someone.see("/warehouse/commands")
    assert someone.page.count('class="barcode"') == 12
    assert "CMD-UNDO" in someone.page


def test_the_bench_stays_on_the_device_for_its_own_pages_alone(worker: New) -> None:
    answer = worker().browser.get("/warehouse/worker.js")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "Service-Worker-Allowed" not in answer.headers
