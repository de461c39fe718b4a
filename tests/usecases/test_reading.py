"""A case is read in the reader's language, whatever the customer's is; its amounts are those that were written down."""

import re
from pathlib import Path

import pytest

from returns_service.domain.request import InspectedUnit, RequestLine, ReturnRequest
from returns_service.store.db import Database
from returns_service.usecases.case_page import case_page
from returns_service.usecases.inspect import inspect
from returns_service.usecases.open_case import open_case
from returns_service.usecases.receive import receive
from tests.pages.chinese import traditional_in
from tests.usecases.desk import Desk


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    return Desk(shop_db, tmp_path)


def test_every_sentence_of_a_settled_case_is_in_the_readers_language(desk: Desk) -> None:
    case_id = desk.settled(quantity=2, reason="changed_mind")
    with desk.db.read() as session:
        english = case_page(session, case_id, actor=desk.actor, language="en")
        chinese = case_page(session, case_id, actor=desk.actor, language="zh-Hant")
    told = [figure["message"] for figure in chinese["quote"]["figures"]]
    assert all(traditional_in(text) or "付款" in text for text in told), told
    assert not any(traditional_in(figure["message"]) for figure in english["quote"]["figures"])
    sums = [
        [(f["part"], f["amount"], f["rule"]) for f in page["quote"]["figures"]] for page in (english, chinese)
    ]
    assert sums[0] == sums[1]
    (line,) = chinese["lines"]
    assert traditional_in(line["fault"]["message"])
    assert chinese["quote"]["total"] == english["quote"]["total"]


def test_every_sentence_before_settlement_is_in_the_readers_language(desk: Desk) -> None:
    wish = ReturnRequest((RequestLine("1", 1, "changed_mind"),))
    read = []
    for late in (0, 60):
        desk.clock.turn(days=late)
        with desk.db.begin() as session:
            case = open_case(session, "1001", wish, actor=desk.actor, now=desk.clock(), request_review=True)
            assert case.state == "requested"
            read += [case_page(session, case.id, actor=desk.actor, language=to) for to in ("zh-Hant", "en")]
    goods = read[0]["quote"]["figures"][0]["message"]
    assert goods.endswith("；該商品列扣除所有優惠後實付 60.00 EUR。"), goods
    ((said,), (refused,)) = (page["lines"][0]["decision"]["refusals"] for page in read[2:])
    assert (refused["code"], refused["rule"]) == (said["code"], said["rule"])
    (day,) = re.findall(r"[0-9-]{10}", refused["message"])
    assert said["message"] == f"以此原因退換此商品的期限已於 {day} 結束。"
    assert traditional_in(said["advice"])


def test_what_each_line_brings_bears_its_own_part_of_what_is_shared(
    shop_db: Database, tmp_path: Path
) -> None:
    """The way back is taken once for the case; no line brings more than was paid for it."""
    desk = Desk(shop_db, tmp_path, quantities={"1": 2, "2": 3})
    wish = ReturnRequest(tuple(RequestLine(line, n, "changed_mind") for line, n in (("1", 1), ("2", 3))))
    with desk.db.begin() as session:
        case = open_case(session, "1001", wish, actor=desk.actor, now=desk.clock())
        now, lines = desk.clock(), case.lines
        counts = [(str(line.id), line.quantity) for line in lines]
        receive(session, case.id, expected=None, actor=desk.actor, now=now, lines=counts)
        found = [
            InspectedUnit(line.order_line_id, line.quantity, grade="A", findings=("intact",))
            for line in lines
        ]
        said = [(str(line.id), [unit]) for line, unit in zip(lines, found, strict=True)]
        inspect(session, case.id, expected=None, actor=desk.actor, now=now, lines=said)
        page = case_page(session, case.id, actor=desk.actor, language="en")
    assert page["quote"]["return_freight"] == "-4.90"
    assert [line["outcome"][0]["amount"] for line in page["lines"]] == ["18.77", "56.33"]
