"""What is answered when something is away, too much, or our fault."""

import re
from pathlib import Path
from time import time
from uuid import uuid4

import pytest
from limits import parse
from sqlalchemy import text

from returns_service.api.limits import Counter
from returns_service.api.tracing import _TRACEPARENT
from returns_service.store.db import Database
from tests.api.client import Api, Behind, unlimited, wish
from tests.ground.postgres import Postgres
from tests.ground.redis import RedisServer
from tests.ground.runtime import Clock


class Broken(Exception):
    """Ours: SELECT secret FROM table"""


def test_our_own_fault_is_told_without_any_detail(behind: Behind, monkeypatch: pytest.MonkeyPatch):
    api = behind.key("admin")

    def fail(*_args: object, **_kwargs: object) -> None:
        raise Broken("password=hunter2")

    monkeypatch.setattr("returns_service.api.returns.read_case", fail)
    answer = api.get("/v1/returns/01928f6c-7b1a-7c3e-9d52-3f1b8f0a6c99")
    assert (answer.status_code, answer.json["code"]) == (500, "internal")
    for leak in ("hunter2", "Broken", "Traceback", ".py", "SELECT"):
        assert leak not in answer.text


def test_a_database_that_is_away_is_told_as_such(behind: Behind):
    api = behind.key("admin")
    assert api.get("/v1/returns").status_code == 200
    nowhere = Database(f"sqlite:///{behind.runtime.settings.data_dir}/no/such/folder.db")
    object.__setattr__(behind.runtime, "db", nowhere)
    answer = api.get("/v1/returns")
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    ready = behind.app.test_client().get("/readyz")
    assert (ready.status_code, ready.json["status"]) == (503, "down")
    assert behind.app.test_client().get("/livez").status_code == 200


def test_health_tells_what_is_missing(behind: Behind):
    client = behind.app.test_client()
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["checks"]["database"], ready.json["checks"]["policies"]) == (
        200,
        "ok",
        "ok",
    )
    figures = client.get("/metrics").text
    assert "returns_outbox_waiting" in figures
    assert "returns_requests_total" in figures


def test_a_trace_goes_on_and_comes_back(api: Api):
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = api.get("/v1/returns/x", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    assert answer.json["trace_id"] == trace
    assert answer.headers["traceparent"].split("-")[1] == trace
    assert answer.headers["traceparent"].split("-")[2] != "00f067aa0ba902b7"


@pytest.mark.parametrize(
    "sent", ["", "00-0-0-0", "00-" + "0" * 32 + "-" + "1" * 16 + "-01", "zz", "00-" + "A" * 55]
)
def test_a_trace_that_is_none_begins_anew(api: Api, sent: str):
    answer = api.get("/v1/returns/x", headers={"traceparent": sent})
    assert _TRACEPARENT.fullmatch(answer.headers["traceparent"])


def test_every_answer_is_hardened(api: Api):
    for path in ("/v1/returns", "/v1/nothing", "/livez", "/v1/docs"):
        headers = api.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in headers
    assert (
        api.get("/v1/returns", headers={"Origin": "https://evil.example"}).headers.get(
            "Access-Control-Allow-Origin"
        )
        is None
    )


def test_a_person_who_gets_lost_sees_a_page_and_a_program_a_problem(behind: Behind):
    client = behind.app.test_client()
    assert client.get("/nothing", headers={"Accept": "text/html"}).mimetype == "text/html"
    assert client.get("/v1/nothing", headers={"Accept": "text/html"}).mimetype == "application/problem+json"
    assert client.get("/nothing").mimetype == "application/problem+json"


class TestLimits:
    @pytest.fixture
    def api(self, behind: Behind) -> Api:
        limited = behind.runtime.settings.model_copy(update={"rate_limit": "5/minute"})
        object.__setattr__(behind.runtime, "settings", limited)
        return behind.key("admin")

    def test_too_many_requests_are_refused_until_the_window_is_over(self, api: Api):
        answers = [api.get("/v1/returns") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        refused = answers[-1]
        assert refused.json["code"] == "too_many_requests"
        assert 1 <= int(refused.headers["Retry-After"]) <= 61

    def test_what_is_left_is_told_in_every_answer(self, api: Api):
        first = api.get("/v1/returns").headers
        assert first["RateLimit-Policy"] == '"default";q=5;w=60'
        assert re.fullmatch(r'"default";r=4;t=\d+', first["RateLimit"])
        assert api.get("/v1/returns/x").headers["RateLimit"].startswith('"default";r=3')

    def test_each_key_has_its_own_limit_and_strangers_share_one_by_address(self, api: Api):
        for _ in range(5):
            api.get("/v1/returns")
        assert api.behind.key("admin").get("/v1/returns").status_code == 200
        wrong = [Api(api.behind, f"rk_{i:043}").get("/v1/returns").status_code for i in range(6)]
        assert wrong == [401] * 5 + [429]
        spoofed = Api(api.behind, "rk_" + "x" * 43).get("/v1/returns", headers={"X-Forwarded-For": "9.9.9.9"})
        assert spoofed.status_code == 429

    def test_health_and_the_document_are_not_limited(self, api: Api):
        assert {api.get("/livez").status_code for _ in range(9)} == {200}
        assert {api.get("/v1/openapi.json").status_code for _ in range(9)} == {200}


def test_a_first_request_that_takes_too_long_is_told_to_its_repeat(
    postgres: Postgres, postgres_template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("returns_service.store.db.LOCK_TIMEOUT_MS", 200)
    name, clock = postgres.create(postgres_template), Clock()
    database = Database(postgres.url(name))
    behind = Behind(unlimited(database, tmp_path, clock), clock, {})
    behind.shop("demo")
    api = behind.key("admin")
    api.order()
    with behind.runtime.db.begin() as session:
        session.exec(text("SELECT 1 FROM orders FOR UPDATE"))
        answer = api.post("/v1/returns", wish(), key="once")
        without = api.post("/v1/returns/preview", wish())
    assert (answer.status_code, answer.json["code"]) == (409, "still_running")
    assert answer.headers["Retry-After"] == "1"
    assert without.status_code == 200
    database.close()
    postgres.drop(name)


def test_requests_are_counted_in_redis_for_all_processes_and_in_memory_without_it(redis_server: RedisServer):
    one, other = (Counter(parse("3/minute"), redis_server.url) for _ in range(2))
    who = uuid4().hex
    assert [counter.hit(who)[0] for counter in (one, other, one, other)] == [2, 1, 0, -1]
    alone = Counter(parse("1/minute"), "unix:///nowhere/redis.sock")
    left = [alone.hit(who) for _ in range(2)]
    assert [count for count, _ in left] == [0, -1]
    assert all(0 < end - time() <= 61 for _, end in left)
