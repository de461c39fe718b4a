"""Cases that were closed without money or new goods."""

from returns_service.demo.simulation import Story
from returns_service.demo.stage import Stage, days, hours, unit, wish
from returns_service.demo.stories.telling import Told
from returns_service.usecases.rate import rate


def worn_out(stage: Stage) -> Story:
    """Claimed as a fault, found to be wear: sent back to the customer unchanged."""
    line = wish("1", reason="defective", condition="worn", comment="The heel is coming apart.")
    case = yield from stage.approved("2048", line)
    yield days(2)
    stage.send_back(case, "royal_mail", "RM118201190GB")
    yield days(3)
    stage.receive(case)
    yield hours(21)
    stage.inspect(case, [unit(1, "D", "misuse", note="Heel cut open, about 400 km on the sole")])
    yield days(1)
    stage.goods_leave(case, "royal_mail", "RM118209981GB")
    yield days(2)
    stage.do(rate, case, stage.buyer(case), kind="csat", score=2, comment="I still think it is a fault.")


def works_after_all(stage: Stage) -> Story:
    """No fault was found long after the window for a change of mind: sent back."""
    line = wish("1", reason="defective", condition="defective", comment="One lamp flickers sometimes.")
    case = yield from stage.approved("2053", line)
    yield days(1)
    stage.send_back(case, "royal_mail", "RM118202004GB")
    yield days(2)
    stage.receive(case)
    yield hours(25)
    stage.inspect(case, [unit(1, "A", "no_fault_found", note="Burned in for 24 hours without a flicker")])
    yield days(1)
    stage.goods_leave(case, "royal_mail", "RM118209990GB")


STORIES: tuple[Told, ...] = ((27, worn_out), (12, works_after_all))
