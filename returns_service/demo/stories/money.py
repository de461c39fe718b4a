"""Cases that ended with money."""

from returns_service.demo.simulation import Story
from returns_service.demo.stage import Stage, days, hours, unit, wish
from returns_service.demo.stories.telling import Told
from returns_service.usecases.lose import lose
from returns_service.usecases.rate import rate


def too_small(stage: Stage) -> Story:
    """The usual case: approved by the policy, sent back, as new, paid; the customer was pleased."""
    case = yield from stage.approved("2049", wish("2", reason="too_small", condition="opened_unused"))
    yield days(1)
    stage.send_back(case, "ups", "1Z5R99910398220011")
    yield days(4)
    stage.receive(case)
    yield hours(20)
    stage.inspect(case, [unit(1, "B", "intact", answers={"article": "yes", "state": "tried"})])
    yield days(1)
    stage.do(rate, case, stage.buyer(case), kind="csat", score=5, comment="Quick and friendly.")
    stage.do(rate, case, stage.buyer(case), kind="nps", score=9)


def gift_card_and_card(stage: Stage) -> Story:
    """Two tenders: the shop loads the gift card again, the gateway pays the card."""
    case = yield from stage.approved("2037", wish("1", reason="changed_mind", condition="unopened"))
    yield days(1)
    stage.send_back(case, "an_post", "CE204418840IE")
    yield days(4)
    stage.receive(case)
    yield hours(18)
    stage.inspect(case, [unit()])
    yield hours(3)
    stage.storefront_pays(case)
    yield days(1)
    stage.do(rate, case, stage.buyer(case), kind="ces", score=6)


def dented_lamp(stage: Stage) -> Story:
    """Damaged on the way, shown in a photo and scanned by the carrier: we bear it."""
    photo = stage.photo("2045", "parcel", "The corner of the box is crushed")
    line = wish(
        "2", reason="damaged_in_transit", condition="damaged", comment="The shade is dented.", photos=(photo,)
    )
    case = yield from stage.approved("2045", line)
    stage.attach(case, photo)
    stage.scan(case, "PACKAGE_DAMAGED", leg="outbound")
    yield days(1)
    stage.send_back(case, "dhl", "00340434161094022210")
    yield days(2)
    stage.receive(case)
    yield hours(21)
    stage.inspect(case, [unit(1, "D", "transit_damage", note="Shade dented, box crushed at the same corner")])
    yield days(2)
    stage.do(rate, case, stage.buyer(case), kind="csat", score=5)


def two_of_five(stage: Stage) -> Story:
    """Part of a quantity, and one of the shirts was washed: a deduction for that one only."""
    line = wish("1", 2, reason="too_large", condition="opened_unused")
    case = yield from stage.approved("2054", line, wish("2", reason="changed_mind", condition="unopened"))
    yield days(2)
    stage.send_back(case, "dhl", "00340434161094022377")
    yield days(2)
    stage.receive(case)
    yield hours(19)
    shirts = [unit(1, "A", "intact"), unit(1, "C", "used", note="Washed, label faded")]
    stage.inspect(case, shirts, [unit()])
    yield days(1)
    stage.write(case, stage.buyer(case), "Why is one of the shirts refunded in part?")
    yield hours(5)
    stage.write(
        case, stage.reviewer, "One of the two had been washed; the photo of the bench shows the faded label."
    )
    yield hours(2)
    stage.do(rate, case, stage.buyer(case), kind="csat", score=3)


def boots_from_beijing(stage: Stage) -> Story:
    """Paid back to Alipay, in Simplified Chinese."""
    case = yield from stage.approved("2052", wish("1", reason="changed_mind", condition="unopened"))
    yield days(1)
    stage.send_back(case, "sf_express", "SF1420066120")
    yield days(5)
    stage.receive(case)
    yield hours(15)
    stage.inspect(case, [unit()])
    yield days(1)
    stage.do(rate, case, stage.buyer(case), kind="csat", score=5, comment="退款很快，点赞。")


def by_invoice(stage: Stage) -> Story:
    """The shop moves the money itself and reports it."""
    case = yield from stage.approved("2051", wish("1", reason="incompatible", condition="opened_unused"))
    yield days(2)
    stage.send_back(case, "colissimo", "6A12044198765")
    yield days(3)
    stage.receive(case)
    yield hours(18)
    stage.inspect(case, [unit(1, "B", "intact")])
    yield days(1)
    stage.storefront_pays(case)


def keeps_the_lamp(stage: Stage) -> Story:
    """Compensation: the customer keeps a scratched lamp for a part of its price, in Traditional Chinese."""
    line = wish(
        "2",
        reason="not_as_described",
        condition="opened_unused",
        resolution="compensation",
        comment="燈座有一道刮痕，商品頁沒有提到，但我想留下它。",
    )
    case = yield from stage.approved("2044", line, note="補償百分之二十，商品由您保留。")
    yield days(1)
    stage.do(rate, case, stage.buyer(case), kind="csat", score=5)


def never_arrived(stage: Stage) -> Story:
    """Not received: the carrier lost it, so the money goes back and nothing has to come."""
    line = wish("1", reason="not_received", comment="Tracking has not moved for twelve days.")
    case = stage.open("2055", line)
    yield hours(6)
    stage.scan(case, "NO_SCAN_240H", leg="outbound")
    yield hours(2)
    stage.accept(case, note="The carrier has confirmed the loss.")


def books_for_credit(stage: Stage) -> Story:
    """Store credit, with the bonus for taking it."""
    line = wish("1", 2, reason="no_longer_needed", condition="unopened", resolution="store_credit")
    case = yield from stage.approved("2056", line)
    yield days(1)
    stage.send_back(case, "ups", "1Z5R99910398220877")
    yield days(4)
    stage.receive(case)
    yield hours(20)
    stage.inspect(case, [unit(2)])


def lost_on_the_way_back(stage: Stage) -> Story:
    """The parcel was lost on its way to us; that is not the customer's fault."""
    case = yield from stage.approved("2057", wish("1", reason="too_large", condition="opened_unused"))
    yield days(1)
    stage.send_back(case, "black_cat", "620911400044")
    yield days(9)
    stage.move(lose, case, stage.reviewer, reason="The carrier has searched for it and confirmed the loss.")
    yield hours(20)
    stage.do(rate, case, stage.buyer(case), kind="csat", score=4, comment="還好有保留寄件收據。")


STORIES: tuple[Told, ...] = (
    (33, too_small),
    (12.5, gift_card_and_card),
    (24.5, dented_lamp),
    (47, two_of_five),
    (42, boots_from_beijing),
    (29, by_invoice),
    (22, keeps_the_lamp),
    (11, never_arrived),
    (21, books_for_credit),
    (30, lost_on_the_way_back),
)
