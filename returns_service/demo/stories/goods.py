"""Cases that ended with goods going out."""

from returns_service.demo.simulation import Story
from returns_service.demo.stage import Stage, days, hours, unit, wish
from returns_service.demo.stories.telling import Told
from returns_service.usecases.rate import rate


def smaller_dress(stage: Stage) -> Story:
    """An exchange for another size, in Traditional Chinese."""
    line = wish(
        "1", reason="too_large", condition="opened_unused", resolution="exchange", exchange_for="DRESS-M"
    )
    case = yield from stage.approved("2044", line)
    yield days(1)
    stage.send_back(case, "dhl", "00340434161094023310")
    yield days(2)
    stage.receive(case)
    yield hours(20)
    stage.inspect(case, [unit(1, "A", "intact", answers={"article": "yes", "state": "new"})])
    yield hours(22)
    stage.goods_leave(case, "dhl", "00340434161094023990")
    yield days(3)
    stage.do(rate, case, stage.buyer(case), kind="csat", score=5, comment="新的尺寸剛剛好，謝謝！")


def broken_desk(stage: Stage) -> Story:
    """The same again, because the first arrived broken."""
    photo = stage.photo("2042", "parcel", "The desk top is cracked")
    line = wish(
        "1",
        reason="damaged_in_transit",
        condition="damaged",
        resolution="replacement",
        comment="Cracked top.",
        photos=(photo,),
    )
    case = yield from stage.approved(
        "2042", line, return_method="pickup", note="We collect it when we bring the new one."
    )
    stage.attach(case, photo)
    yield days(3)
    stage.send_back(case, "dhl_freight", "LX80211349")
    yield days(2)
    stage.receive(case)
    yield hours(18)
    stage.inspect(case, [unit(1, "D", "transit_damage")])
    yield days(1)
    stage.goods_leave(case, "dhl_freight", "LX80211877")
    yield days(4)
    stage.do(rate, case, stage.buyer(case), kind="nps", score=8)


def mended_kettle(stage: Stage) -> Story:
    """A repair under the two years of the law."""
    line = wish(
        "1",
        reason="defective",
        condition="defective",
        resolution="repair",
        comment="The lid no longer closes.",
    )
    case = yield from stage.approved("2045", line)
    yield days(2)
    stage.send_back(case, "dhl", "00340434161094024410")
    yield days(2)
    stage.receive(case)
    yield hours(22)
    stage.inspect(
        case, [unit(1, "C", "defect_confirmed", disposition="refurbish", note="Hinge pin replaced")]
    )
    yield days(4)
    stage.goods_leave(case, "dhl", "00340434161094024977")


STORIES: tuple[Told, ...] = ((23, smaller_dress), (21, broken_desk), (20.5, mended_kettle))
