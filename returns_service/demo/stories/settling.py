"""Cases in which something is still owed, visibly: money that got stuck, goods that are gone, a choice to make."""

from returns_service.demo.simulation import Story
from returns_service.demo.stage import Stage, days, hours, unit, wish
from returns_service.demo.stories.telling import Told
from returns_service.usecases.report_replacement import fail_replacement


def second_person_needed(stage: Stage) -> Story:
    """A refund above the shop's limit waits for a second person."""
    line = wish("1", reason="defective", condition="defective", comment="The screen stays black.")
    case = yield from stage.approved("2039", line, note="Looks like the display cable; let the bench see it.")
    yield days(1)
    stage.send_back(case, "royal_mail", "RM118204411GB")
    yield days(3)
    stage.receive(case)
    yield hours(24)
    stage.inspect(case, [unit(1, "D", "defect_confirmed", disposition="supplier", note="Backlight dead")])


def bank_refuses(stage: Stage) -> Story:
    """A refund that the customer's bank did not take."""
    case = yield from stage.approved("2048", wish("2", reason="no_longer_needed", condition="unopened"))
    yield days(2)
    stage.send_back(case, "royal_mail", "RM118207730GB")
    yield days(3)
    stage.receive(case)
    yield hours(18)
    stage.misbehave("decline", 1)
    stage.inspect(case, [unit()])


def wrong_amount_moved(stage: Stage) -> Story:
    """The gateway moved another amount than it was asked for: a person must look."""
    case = yield from stage.approved("2060", wish("2", reason="changed_mind", condition="unopened"))
    yield days(1)
    stage.send_back(case, "an_post", "CE204411987IE")
    yield days(4)
    stage.receive(case)
    yield hours(20)
    stage.misbehave("other_amount", 1)
    stage.inspect(case, [unit()])


def gateway_is_silent(stage: Stage) -> Story:
    """Nobody knows yet whether the money moved: the gateway answered with an error, a moment ago."""
    case = yield from stage.approved("2058", wish("1", reason="changed_mind", condition="unopened"))
    yield days(2)
    stage.send_back(case, "sf_express", "SF1420091183")
    yield days(3)
    stage.receive(case)
    yield hours(22)
    stage.misbehave("500", 1)
    stage.inspect(case, [unit()])


def no_longer_in_stock(stage: Stage) -> Story:
    """The shirt for the exchange is gone; the customer chooses what else, in Traditional Chinese."""
    line = wish(
        "1", 2, reason="too_small", condition="opened_unused", resolution="exchange", exchange_for="SHIRT-M"
    )
    case = yield from stage.approved("2041", line)
    yield days(2)
    stage.send_back(case, "black_cat", "620911477120")
    yield days(2)
    stage.receive(case)
    yield hours(20)
    stage.inspect(case, [unit(2)])
    yield hours(7)
    with stage.case(case) as found:
        replacement = found.replacements[0].id
    stage.do(fail_replacement, replacement, stage.storefront, reason="SHIRT-M is out of stock")


def dearer_phone(stage: Stage) -> Story:
    """The exchange for the larger memory waits for the difference, in Simplified Chinese."""
    line = wish(
        "1", reason="changed_mind", condition="unopened", resolution="exchange", exchange_for="PHONE-256"
    )
    case = yield from stage.approved("2047", line)
    yield days(1)
    stage.send_back(case, "sf_express", "SF1420090456")
    yield days(3)
    stage.receive(case)
    yield hours(20)
    stage.inspect(case, [unit(1, "A", "intact", answers={"serial": "yes", "complete": "yes"})])


STORIES: tuple[Told, ...] = (
    (6.5, second_person_needed),
    (13, bank_refuses),
    (9.5, wrong_amount_moved),
    (5.9167, gateway_is_silent),
    (7.5, no_longer_in_stock),
    (6.8, dearer_phone),
)
