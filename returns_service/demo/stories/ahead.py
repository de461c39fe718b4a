"""New goods that went out before the old ones were back: their worth is secured until then."""

from returns_service.demo.simulation import Story
from returns_service.demo.stage import Stage, days, hours, wish
from returns_service.demo.stories.telling import Told


def kettle_before_breakfast(stage: Stage) -> Story:
    """The new kettle is there already, the old one is on its way; what it is worth stands in the ledger."""
    line = wish(
        "1",
        reason="defective",
        condition="defective",
        resolution="replacement",
        comment="It switches itself off after a minute, and we have a baby to feed.",
    )
    case = yield from stage.approved("2064", line, note="Send the new one at once.")
    yield hours(2)
    stage.send_ahead(case)
    yield hours(20)
    stage.goods_leave(case, "royal_mail", "RM118299870GB")
    yield days(2)
    stage.send_back(case, "royal_mail", "RM118301124GB")


def boots_that_never_came(stage: Stage) -> Story:
    """The new boots went out, the old ones did not come: their worth was charged, and the customer told."""
    line = wish(
        "1", reason="defective", condition="defective", resolution="replacement", comment="The sole is loose."
    )
    case = yield from stage.approved("2065", line, note="A good customer; the new pair goes out first.")
    yield hours(3)
    stage.send_ahead(case)
    yield hours(22)
    stage.goods_leave(case, "ups", "1Z5R99910398233410")
    yield days(15)
    stage.storefront_charges(case)


STORIES: tuple[Told, ...] = ((4.8, kettle_before_breakfast), (43, boots_that_never_came))
