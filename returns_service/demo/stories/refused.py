"""Cases that were refused, called off, or that ended in silence."""

from returns_service.demo.simulation import Story
from returns_service.demo.stage import Stage, days, hours, unit, wish
from returns_service.demo.stories.telling import Told
from returns_service.usecases.ask import ask
from returns_service.usecases.cancel import cancel
from returns_service.usecases.objections import raise_objection
from returns_service.usecases.override import override
from returns_service.usecases.rate import rate
from returns_service.usecases.reject import reject


def worn_boots(stage: Stage) -> Story:
    """Rejected, and the customer objects; the objection is open."""
    photo = stage.photo("2040", "shoe", "Crack across the left boot")
    line = wish("1", reason="defective", condition="worn", comment="The leather cracked.", photos=(photo,))
    case = stage.open("2040", line, review=True)
    stage.attach(case, photo)
    yield days(1.2)
    message = "The photo shows wear from walking on wet gravel, not a fault of the leather."
    stage.move(reject, case, stage.reviewer, code="not_as_claimed", message=message)
    yield days(2)
    text = "I wore them twice, and only on pavement. Please look at the second seam."
    stage.do(
        raise_objection, case, stage.buyer(case), text=text, wish="A refund or a new pair", photo_ids=[photo]
    )


def opened_serum(stage: Stage) -> Story:
    """Rejected for hygiene, in Traditional Chinese; the objection was dismissed with a reason."""
    line = wish("2", reason="changed_mind", condition="unsealed", comment="味道不喜歡，只用過一次。")
    case = stage.open("2041", line, review=True)
    yield hours(18)
    message = "此商品拆封後基於衛生考量無法退回，敬請見諒。"
    stage.move(reject, case, stage.reviewer, code="unsealed_hygiene", message=message)
    yield days(1)
    stage.do(
        raise_objection, case, stage.buyer(case), text="商品頁沒有寫拆封後不能退。", wish="希望至少換成購物金"
    )
    yield days(1)
    answer = "商品頁與包裝封條上均有註明。我們為您準備了一張試用組優惠券，已寄至您的信箱。"
    stage.answer_objection(case, granted=False, answer=answer)


def overturned(stage: Stage) -> Story:
    """Refused at first; the objection was granted, the refusal overridden, the money went back."""
    line = wish(
        "1", 2, reason="quality_below_expectation", condition="unsealed", comment="顏色和圖片差很多。"
    )
    case = stage.open("2059", line, review=True)
    yield hours(9)
    stage.move(reject, case, stage.reviewer, code="unsealed_hygiene", message="口紅拆封後無法退回。")
    yield days(1)
    stage.do(
        raise_objection, case, stage.buyer(case), text="實品偏橘，商品圖是正紅，這是描述問題。", wish="退款"
    )
    yield days(1)
    stage.answer_objection(
        case, granted=True, answer="您說得對，商品圖的色差過大，我們接受退貨並已更換圖片。"
    )
    stage.move(override, case, stage.reviewer, reason="The picture on the product page was wrong.")
    yield days(2)
    stage.send_back(case, "black_cat", "620988114372")
    yield days(2)
    stage.receive(case)
    yield hours(6)
    stage.inspect(case, [unit(2, "D", "not_as_described", note="Shade differs from the picture")])
    yield days(1)
    stage.do(rate, case, stage.buyer(case), kind="csat", score=4, comment="處理得很好，只是多花了一點時間。")


def kept_after_all(stage: Stage) -> Story:
    """Cancelled by the customer, in Simplified Chinese."""
    case = yield from stage.approved("2038", wish("1", reason="too_large", condition="opened_unused"))
    yield days(1.1)
    stage.move(cancel, case, stage.buyer(case), reason="家人穿着合适，不退了。")


def never_sent(stage: Stage) -> Story:
    """Expired: approved, reminded, and nothing came."""
    yield from stage.approved("2050", wish("1", reason="changed_mind", condition="unopened"))


def never_answered(stage: Stage) -> Story:
    """Expired: the shop asked, the customer kept silent."""
    line = wish("1", reason="defective", condition="defective", comment="It switches itself off.")
    case = stage.open("2024", line, review=True)
    yield hours(26)
    stage.move(ask, case, stage.reviewer, message="Does it switch off before or after the water boils?")


STORIES: tuple[Told, ...] = (
    (9, worn_boots),
    (13, opened_serum),
    (34, overturned),
    (8.5, kept_after_all),
    (39, never_sent),
    (24, never_answered),
)
