"""Cases whose goods are on their way, at the dock or on the bench."""

from datetime import timedelta

from returns_service.demo.simulation import Story
from returns_service.demo.stage import Stage, days, hours, unit, wish
from returns_service.demo.stories.telling import Told
from returns_service.usecases.record_parcel import record_parcel


def one_lamp(stage: Stage) -> Story:
    """Shipped back: one of two lamps, two days ago."""
    case = yield from stage.approved("2031", wish("1", reason="no_longer_needed", condition="unopened"))
    yield days(2.5)
    stage.send_back(case, "ups", "1Z5R99910398221456")


def two_shirts_over_the_sea(stage: Stage) -> Story:
    """Shipped back: a long way, with the carrier's scans."""
    case = yield from stage.approved("2046", wish("1", 2, reason="too_large", condition="opened_unused"))
    yield days(2)
    stage.send_back(case, "yamato", "4477-1203-8812")
    for event, pause in (("PICKED_UP", hours(5)), ("DEPARTED_FACILITY", days(2)), ("CUSTOMS", days(4))):
        yield pause
        stage.scan(case, event)


def first_parcel_of_two(stage: Stage) -> Story:
    """Received in part: the boots are here, the shirts are not."""
    boots = wish("1", reason="too_small", condition="opened_unused")
    shirts = wish("2", 2, reason="changed_mind", condition="unopened")
    case = yield from stage.approved("2036", boots, shirts)
    yield days(1)
    stage.send_back(case, "black_cat", "620911402231")
    yield days(2)
    stage.receive(case, [1, 0])


def waiting_at_the_bench(stage: Stage) -> Story:
    """Received: everything is here, and a guest of the parcel too."""
    line = wish("1", reason="changed_mind", condition="unopened")
    case = yield from stage.approved("2061", line)
    yield days(2)
    stage.send_back(case, "ups", "1Z5R99910398229987")
    yield days(3)
    guest = {"sku": "BOOK", "quantity": 1, "note": "A cookbook lay in the sleeve of the coat"}
    stage.receive(case, unexpected=[guest])


def late_at_the_bench(stage: Stage) -> Story:
    """Received, and the shop is late with the inspection."""
    line = wish("1", reason="too_large", condition="opened_unused")
    case = yield from stage.approved("2062", line)
    yield days(1)
    stage.send_back(case, "dhl", "00340434161094021501")
    yield days(2)
    stage.receive(case)


def findings_that_contradict(stage: Stage) -> Story:
    """Inspected: the bench found misuse and a fault; a person must decide."""
    line = wish("1", reason="defective", condition="defective", comment="烧到一半自动断电。")
    case = yield from stage.approved("2063", line)
    yield days(2)
    stage.send_back(case, "sf_express", "SF1420077412")
    yield days(4)
    stage.receive(case)
    yield hours(20)
    note = "Scale from hard water, and the thermostat opens at 80 degrees"
    stage.inspect(case, [unit(1, "D", "misuse", "defect_confirmed", note=note)])


def parcel_without_a_case(stage: Stage) -> Story:
    """Nobody announced it: kept apart for a person."""
    yield timedelta(0)
    with stage.runtime.db.begin() as session:
        record_parcel(
            session,
            lines=[{"sku": "TEE-L", "quantity": 1, "note": "washed"}],
            carrier="dhl",
            tracking_number="00340434161094029988",
            location="main",
            note="No slip inside; sender T. Ferrer, Madrid",
            actor=stage.worker,
            now=stage.runtime.now(),
        )


STORIES: tuple[Told, ...] = (
    (4.6, one_lamp),
    (14, two_shirts_over_the_sea),
    (4.2, first_parcel_of_two),
    (6.1, waiting_at_the_bench),
    (10.5, late_at_the_bench),
    (7.6, findings_that_contradict),
    (1.4, parcel_without_a_case),
)
