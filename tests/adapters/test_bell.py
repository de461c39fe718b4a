import time
from pathlib import Path

import pytest
from rq import Queue

from returns_service.adapters.bell import QUEUE, Bell
from tests.ground.redis import RedisServer


@pytest.fixture
def redis(redis_server: RedisServer) -> RedisServer:
    redis_server.client().flushall()
    return redis_server


def test_many_rings_before_an_answer_are_one_job(redis: RedisServer) -> None:
    bell = Bell(redis.url)
    assert [bell.ring() for _ in range(50)] == [True] * 50
    assert Queue(QUEUE, connection=redis.client()).count == 1


def test_a_ring_after_the_answer_is_a_new_job(redis: RedisServer) -> None:
    bell = Bell(redis.url)
    bell.ring()
    assert bell.answered(bell.heard())
    bell.ring()
    assert Queue(QUEUE, connection=redis.client()).count == 2


def test_a_ring_while_a_worker_looks_makes_it_look_again_and_calls_no_other(redis: RedisServer) -> None:
    bell = Bell(redis.url)
    bell.ring()
    rings = bell.heard()
    bell.ring()
    assert not bell.answered(rings)
    assert bell.answered(bell.heard())
    assert Queue(QUEUE, connection=redis.client()).count == 1


def test_help_is_called_although_a_worker_looks(redis: RedisServer) -> None:
    bell = Bell(redis.url)
    bell.ring()
    assert [bell.ring(another=True) for _ in range(5)] == [True] * 5
    assert Queue(QUEUE, connection=redis.client()).count == 2


def test_of_two_workers_that_look_one_looks_again_at_a_later_ring(redis: RedisServer) -> None:
    bell = Bell(redis.url)
    bell.ring()
    first, second = bell.heard(), bell.heard()
    bell.ring()
    assert not bell.answered(first)
    assert bell.answered(second)


def test_the_job_is_json_and_names_what_answers(redis: RedisServer) -> None:
    Bell(redis.url).ring()
    job = Queue(QUEUE, connection=redis.client()).job_ids[0]
    data = redis.client().hgetall(f"rq:job:{job}")[b"data"]
    assert b"returns_service.worker.answer" in data or b"\x9c" in data[:2]


def test_a_redis_that_is_away_costs_little_and_is_left_alone_for_a_while(tmp_path: Path) -> None:
    bell = Bell(f"unix://{tmp_path}/none.sock")
    began = time.monotonic()
    assert [bell.ring() for _ in range(100)] == [False] * 100
    assert time.monotonic() - began < 0.25


def test_a_redis_that_hangs_is_not_waited_for(redis: RedisServer) -> None:
    bell = Bell(redis.url)
    bell.ring()
    bell.answered(1)
    redis.process.send_signal(19)  # SIGSTOP
    try:
        began = time.monotonic()
        assert bell.ring() is False
        assert time.monotonic() - began < 0.25
    finally:
        redis.process.send_signal(18)
