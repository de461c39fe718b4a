"""Cases that wait for a person of the shop, or for the customer's answer."""

from returns_service.demo.simulation import Story
from returns_service.demo.stage import Stage, hours, wish
from returns_service.demo.stories.telling import Told
from returns_service.usecases.ask import ask
from returns_service.usecases.attach_label import attach_label


def sole_came_off(stage: Stage) -> Story:
    """Requested: a fault, shown in photos; the customer wants the same shoes again."""
    photos = [stage.photo("2030", "shoe", "The sole has come off at the toe")]
    line = wish(
        "1",
        reason="defective",
        condition="defective",
        resolution="replacement",
        comment="The sole came off on the third run. I would like the same pair again, please.",
        photos=tuple(photos),
    )
    case = stage.open("2030", line)
    stage.attach(case, photos[0])
    yield hours(2)
    stage.write(case, stage.buyer(case), "If size 43 is sold out, 44 would be fine too.")


def plea_after_the_window(stage: Stage) -> Story:
    """Requested: too late by the policy; the customer asks a person to look at it."""
    line = wish(
        "1",
        reason="too_small",
        condition="unopened",
        comment="They were a present and only opened yesterday.",
    )
    stage.open("2019", line, review=True)
    yield hours(1)


def is_it_genuine(stage: Stage) -> Story:
    """Requested: the customer doubts that the goods are genuine, in Simplified Chinese."""
    line = wish(
        "1", reason="counterfeit", condition="opened_unused", comment="吊牌和官网上的不一样，怀疑不是正品。"
    )
    case = stage.open("2043", line)
    yield hours(3)
    note = "Supplier s-3 was asked for the batch of these labels."
    stage.write(case, stage.reviewer, note, internal=True)


def where_does_it_leak(stage: Stage) -> Story:
    """Info requested: a person needs a photo first, in Traditional Chinese."""
    line = wish(
        "1", reason="defective", condition="defective", resolution="repair", comment="燒水時底部會漏水。"
    )
    case = stage.open("2033", line)
    yield hours(20)
    stage.move(ask, case, stage.reviewer, message="請問是從底座還是壺嘴漏水？麻煩附上一張照片。")


def larger_dress(stage: Stage) -> Story:
    """Approved: an exchange for another size; the storefront has attached its own label."""
    line = wish(
        "1", reason="too_small", condition="opened_unused", resolution="exchange", exchange_for="DRESS-L"
    )
    case = yield from stage.approved("2032", line)
    yield hours(1)
    stage.do(
        attach_label,
        case,
        stage.storefront,
        url="https://shop.example/labels/SF1420098871.pdf",
        carrier="sf_express",
        tracking_number="SF1420098871",
    )


def one_pair_and_a_shirt(stage: Stage) -> Story:
    """Approved: part of the quantity for money, another line for store credit."""
    jeans = wish("1", reason="too_large", condition="opened_unused")
    shirt = wish("2", reason="changed_mind", condition="unopened", resolution="store_credit")
    case = yield from stage.approved("2034", jeans, shirt)
    yield hours(22)
    stage.write(case, stage.buyer(case), "May I bring the parcel to a post office in Lyon?")
    yield hours(3)
    stage.write(case, stage.reviewer, "Yes, any post office takes it. Please keep the receipt.")


def forgotten_parcel(stage: Stage) -> Story:
    """Approved: a reminder was sent, because the time to send it back is nearly over."""
    yield from stage.approved("2035", wish("1", reason="incompatible", condition="unopened"))


STORIES: tuple[Told, ...] = (
    (0.7, sole_came_off),
    (0.3, plea_after_the_window),
    (0.4, is_it_genuine),
    (2.5, where_does_it_leak),
    (1.8, larger_dress),
    (3.2, one_pair_and_a_shirt),
    (12.2, forgotten_parcel),
)
