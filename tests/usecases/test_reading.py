"""A case is read in the reader's language, whatever the customer's is; its amounts are those that were written down."""

from pathlib import Path

import pytest

from returns_service.store.db import Database
from returns_service.usecases.case_page import case_page
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
