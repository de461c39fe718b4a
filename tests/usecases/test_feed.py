"""The feed of a shop: nothing skipped, nothing twice, whoever commits when."""

from typing import Any
from uuid import UUID

from returns_service.domain.actor import Actor
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.store import events, feed
from returns_service.usecases.cancel import cancel
from returns_service.usecases.list_events import place_events, pull_feed
from returns_service.usecases.open_case import open_case
from tests.shop import example_order, put

WISH = ReturnRequest((RequestLine("1", 1, "defective", photos=("photo",)),))


def pulled(shop: Any, after: UUID | None = None) -> list[dict[str, Any]]:
    with shop.db.begin() as session:
        place_events(session, actor=shop.actor)
    with shop.db.read() as session:
        return pull_feed(session, actor=shop.actor, after=after, limit=100)


def second_order(shop: Any) -> None:
    with shop.db.begin() as session:
        put(
            session,
            example_order({"1": 1}, number="1002"),
            actor=shop.actor,
            now=shop.clock(),
            order_id="1002",
        )


def test_a_transaction_that_commits_late_is_not_skipped(open_shop: Any) -> None:
    shop = open_shop()
    second_order(shop)
    if shop.db.dialect == "sqlite":  # one writer at a time: nobody can be late
        return
    with shop.db.begin() as late:
        begun = open_case(late, "1001", WISH, actor=shop.actor, now=shop.clock())
        late.flush()
        with shop.db.begin() as quick:
            other = open_case(quick, "1002", WISH, actor=shop.actor, now=shop.clock())
        seen = pulled(shop)
        assert {event["return_id"] for event in seen} == {str(other.id)}
        assert begun.id < other.id
    rest = pulled(shop, after=UUID(seen[-1]["id"]))
    assert {event["return_id"] for event in rest} == {str(begun.id)}
    assert pulled(shop) == seen + rest


def test_places_stay_and_follow_the_count_of_each_case(open_shop: Any) -> None:
    shop = open_shop()
    case_id = shop.ask({"1": 1})
    first = pulled(shop)
    with shop.db.begin() as session:
        cancel(session, case_id, expected=None, actor=shop.actor, now=shop.clock())
    again = pulled(shop)
    assert again[: len(first)] == first
    assert [event["seq"] for event in again] == list(range(1, len(again) + 1))


def test_two_readers_at_once_give_each_fact_one_place(open_shop: Any) -> None:
    shop = open_shop()
    shop.ask({"1": 1})
    with shop.db.begin() as session:
        assert feed.place(session, shop.shop.id) > 0
        assert feed.place(session, shop.shop.id) == 0
    assert len({event["id"] for event in pulled(shop)}) == len(pulled(shop))


def test_behind_a_fact_that_has_no_place_yet_there_is_nothing_yet(open_shop: Any) -> None:
    shop = open_shop()
    case_id = shop.ask({"1": 1})
    with shop.db.read() as session:
        last = events.of_case(session, case_id)[-1].id
        assert pull_feed(session, actor=shop.actor, after=last, limit=10) == []
        assert feed.waits(session, shop.shop.id)
    assert pulled(shop, after=last) == []


def test_another_shop_sees_nothing_of_it(open_shop: Any) -> None:
    shop = open_shop()
    shop.ask({"1": 1})
    pulled(shop)
    stranger = Actor(UUID(int=7), "staff", "Kim", frozenset({"admin"}))
    with shop.db.read() as session:
        assert pull_feed(session, actor=stranger, after=None, limit=10) == []
