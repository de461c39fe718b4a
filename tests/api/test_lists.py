"""Lists: pages that neither skip nor repeat, filters, the event feed."""

from tests.api.client import Api, wish


def _walk(api: Api, query: str, between: object = None) -> list[dict]:
    items, cursor = [], None
    while True:
        page = api.get(f"/v1/returns?{query}" + (f"&cursor={cursor}" if cursor else "")).json
        items += page["items"]
        cursor = page["next"]
        assert page["has_more"] == (cursor is not None)
        if cursor is None:
            return items
        if between:
            between()


def test_a_walk_while_rows_are_added_neither_skips_nor_repeats(api: Api):
    api.order(lines={"1": 200})
    for i in range(23):
        api.open_case()
        if i % 3:
            api.behind.clock.turn(milliseconds=1)
    before = {item["id"] for item in _walk(api, "limit=200")}

    def add() -> None:
        api.behind.clock.turn(milliseconds=1)
        api.open_case()

    for sort in ("-created_at", "created_at"):
        ids = [item["id"] for item in _walk(api, f"limit=5&sort={sort}", add)]
        assert len(ids) == len(set(ids))
        assert before <= set(ids)


def test_a_cursor_is_bound_to_its_filters_and_its_shop(api: Api):
    api.order(lines={"1": 9})
    for _ in range(3):
        api.open_case()
    cursor = api.get("/v1/returns?limit=1").json["next"]
    assert api.get(f"/v1/returns?limit=2&cursor={cursor}").status_code == 200
    api.behind.shop("other")
    other = api.behind.key("admin", shop="other")
    for who, query in (
        (api, f"cursor={cursor}&q=x"),
        (api, f"cursor={cursor[:-2]}xx"),
        (other, f"cursor={cursor}"),
    ):
        assert who.get(f"/v1/returns?{query}").json["errors"][0]["code"] == "cursor"


def test_search_finds_what_people_hold_in_their_hands(api: Api):
    api.order("A-1")
    api.order("A-2", customer={"email": "Ben@Example.com"})
    first = api.open_case("A-1")
    second = api.open_case("A-2")
    api.post(f"/v1/returns/{first['id']}/ship", {"tracking_number": "TRACK-9"})
    number = first["number"]
    for q in (number, number.replace("-", ""), number.lower(), "A-1", "%23A-1", "ana@example.com", "TRACK-9"):
        assert [item["id"] for item in api.get(f"/v1/returns?q={q}").json["items"]] == [first["id"]], q
    assert len(api.get("/v1/returns?q=SKU-1").json["items"]) == 2
    assert [item["id"] for item in api.get("/v1/returns?email=ben@example.com").json["items"]] == [
        second["id"]
    ]
    assert [item["id"] for item in api.get("/v1/returns?order_id=A-2").json["items"]] == [second["id"]]
    assert [item["id"] for item in api.get("/v1/returns?state=shipped_back,received").json["items"]] == [
        first["id"]
    ]
    assert api.get("/v1/returns?q='%20or%201=1").json["items"] == []


def test_the_feed_tells_every_event_of_the_shop_once_in_order(api: Api):
    api.order(lines={"1": 5})
    for _ in range(4):
        case = api.open_case()
        api.post(f"/v1/returns/{case['id']}/cancel", match=case["version"])
    seen, after = [], ""
    while True:
        page = api.get(f"/v1/events?limit=3{after}").json
        seen += page["items"]
        if not page["has_more"]:
            break
        after = f"&after={page['next']}"
    assert len({event["id"] for event in seen}) == len(seen)
    assert [(event["return_id"], event["seq"]) for event in seen] == sorted(
        (event["return_id"], event["seq"]) for event in seen
    )
    assert {event["type"] for event in seen} >= {"return.requested", "return.cancelled"}
    assert api.get("/v1/events?after=nonsense").json["errors"][0]["code"] == "cursor"


def test_the_history_of_a_case_in_pages(api: Api):
    api.order()
    case = api.open_case()
    at = f"/v1/returns/{case['id']}/events"
    whole = api.get(at).json["items"]
    first = api.get(f"{at}?limit=1").json
    rest = api.get(f"{at}?after={first['next']}").json
    assert first["items"] + rest["items"] == whole
    assert wish()
