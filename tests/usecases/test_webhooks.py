"""Webhooks out: signed, retried on schedule, disabled with notice, replayed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from standardwebhooks.webhooks import Webhook

from returns_service.domain.errors import Conflict, Invalid, NotFound
from returns_service.domain.ports import HookAnswer
from returns_service.jobs import relay
from returns_service.jobs.webhooks import announce, deliver, tell_disabled
from returns_service.store.db import Database
from returns_service.store.tables import WebhookEndpoint
from returns_service.usecases.keep_endpoints import (
    add_endpoint,
    change_endpoint,
    list_deliveries,
    remove_endpoint,
    replay,
    rotate_endpoint,
)
from tests.usecases.desk import Desk

URL = "https://shop.example/hooks"


@dataclass
class Ears:
    """An endpoint in this process: answers as told, 204 when told nothing."""

    answers: list[HookAnswer] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def check(self, url: str) -> None:
        pass

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        self.heard.append((dict(headers), body))
        return self.answers.pop(0) if self.answers else HookAnswer(204)


@dataclass
class Post:
    desk: Desk
    ears: Ears
    endpoint: WebhookEndpoint
    secret: str

    def work(self, **later: float) -> None:
        if later:
            self.desk.clock.turn(**later)
        topics = {
            "event": announce,
            "webhook": deliver,
            "endpoint_disabled": tell_disabled,
            "refund": lambda *_: None,
        }
        relay.drain(self.desk.runtime, topics)

    def log(self) -> list[dict[str, object]]:
        with self.desk.db.read() as session:
            return list_deliveries(session, self.endpoint.id, before=None, limit=100, actor=self.desk.actor)

    def state(self) -> WebhookEndpoint:
        with self.desk.db.read() as session:
            return session.exec(select(WebhookEndpoint).where(WebhookEndpoint.id == self.endpoint.id)).one()


@pytest.fixture
def post(shop_db: Database, tmp_path: Path) -> Post:
    desk, ears = Desk(shop_db, tmp_path), Ears()
    desk.runtime = type(desk.runtime)(**{**desk.runtime.__dict__, "hooks": ears})
    with shop_db.begin() as session:
        endpoint, secret = add_endpoint(session, URL, types=["refund.*"], actor=desk.actor, now=desk.clock())
    return Post(desk, ears, endpoint, secret)


def test_only_what_was_asked_for_is_sent_signed_and_once(post: Post) -> None:
    post.desk.settled()
    post.work()
    post.work()
    (heard,) = post.ears.heard
    headers, body = heard
    said = json.loads(body)
    assert said["type"] == "refund.requested"
    assert headers["webhook-id"] == said["data"]["id"]
    assert said["data"]["data"]["gateway"] == "sandbox"
    assert said["data"]["return"]["order_id"] == "1001"
    assert "ana@example.com" not in body.decode()
    signer = Webhook(post.secret)
    expected = signer.sign(headers["webhook-id"], post.desk.clock(), body.decode())
    assert headers["webhook-signature"] == expected
    assert [entry["state"] for entry in post.log()] == ["delivered"]


def test_failures_are_tried_again_with_the_same_id_until_one_is_heard(post: Post) -> None:
    post.ears.answers = [
        HookAnswer(500, "oops"),
        HookAnswer(302),
        HookAnswer(None, "blocked-address: 10.0.0.1"),
    ]
    post.desk.settled()
    for later in (0, 10, 400, 2400):
        post.work(seconds=later)
    assert len(post.ears.heard) == 4
    assert len({headers["webhook-id"] for headers, _ in post.ears.heard}) == 1
    (entry,) = post.log()
    assert (entry["state"], entry["attempts"], entry["last_status"]) == ("delivered", 4, 204)
    assert post.state().failing_since is None


def test_retry_after_is_honoured(post: Post) -> None:
    post.ears.answers = [HookAnswer(503, retry_after=timedelta(minutes=10))]
    post.desk.settled()
    post.work()
    post.work(minutes=9)
    assert len(post.ears.heard) == 1
    post.work(minutes=2)
    assert len(post.ears.heard) == 2


def test_gone_disables_at_once_and_five_days_of_failure_do_too(post: Post) -> None:
    post.ears.answers = [HookAnswer(410)]
    post.desk.settled()
    post.work()
    assert (post.state().state, post.log()[0]["state"]) == ("disabled", "failed")
    with post.desk.db.begin() as session:
        change_endpoint(session, post.endpoint.id, {"state": "active"}, actor=post.desk.actor)
    post.ears.answers = [HookAnswer(500)] * 30
    post.desk.settled()
    for _ in range(20):
        post.work(hours=12)
    assert post.state().state == "disabled"
    assert "failed since" in post.state().disabled_reason


def test_a_failing_endpoint_is_left_alone_and_holds_up_nobody(post: Post) -> None:
    post.ears.answers = [HookAnswer(500)] * 20
    post.desk.settled()
    post.work()
    post.work(seconds=10)
    calls = len(post.ears.heard)
    post.desk.settled()
    post.work()
    assert len(post.ears.heard) == calls


def test_both_secrets_sign_during_a_rotation_and_then_the_new_one_alone(post: Post) -> None:
    with post.desk.db.begin() as session:
        _, newer = rotate_endpoint(session, post.endpoint.id, actor=post.desk.actor, now=post.desk.clock())
    post.desk.settled()
    post.work()
    post.desk.clock.turn(hours=25)
    post.desk.settled()
    post.work()
    during, after = (
        headers["webhook-signature"].split(" ") for headers, _ in (post.ears.heard[0], post.ears.heard[-1])
    )
    assert len(during) == 2
    assert len(after) == 1
    assert newer != post.secret


def test_cloudevents_carry_the_same_fact(post: Post) -> None:
    with post.desk.db.begin() as session:
        change_endpoint(session, post.endpoint.id, {"format": "cloudevents"}, actor=post.desk.actor)
    case = post.desk.settled()
    post.work()
    headers, body = post.ears.heard[0]
    said = json.loads(body)
    assert headers["Content-Type"] == "application/cloudevents+json"
    assert (said["specversion"], said["type"], said["subject"]) == ("1.0", "refund.requested", str(case))
    assert said["id"] == headers["webhook-id"]


def test_one_event_or_all_since_an_instant_are_sent_again(post: Post) -> None:
    post.desk.settled()
    post.work()
    event_id = post.log()[0]["event_id"]
    with post.desk.db.begin() as session:
        from_then = post.desk.clock() - timedelta(hours=1)
        now, actor = post.desk.clock(), post.desk.actor
        assert replay(session, post.endpoint.id, event_id=None, since=from_then, actor=actor, now=now) == 1
    post.work()
    assert len(post.ears.heard) == 2
    assert [(entry["event_id"], entry["replay"]) for entry in post.log()] == [
        (event_id, True),
        (event_id, False),
    ]


def test_a_removed_endpoint_hears_nothing_and_is_not_found(post: Post) -> None:
    post.desk.settled()
    with post.desk.db.begin() as session:
        remove_endpoint(session, post.endpoint.id, actor=post.desk.actor)
    post.work()
    assert post.ears.heard == []
    with pytest.raises(NotFound), post.desk.db.begin() as session:
        rotate_endpoint(session, post.endpoint.id, actor=post.desk.actor, now=post.desk.clock())


def test_unknown_types_and_formats_are_refused(post: Post) -> None:
    with post.desk.db.begin() as session:
        for wrong in ({"types": ["return.eaten"]}, {"form": "xml"}):
            with pytest.raises(Invalid):
                add_endpoint(session, URL, actor=post.desk.actor, now=post.desk.clock(), **wrong)
    with post.desk.db.begin() as session:
        change_endpoint(session, post.endpoint.id, {"state": "disabled"}, actor=post.desk.actor)
        with pytest.raises(Conflict):
            replay(
                session, post.endpoint.id, event_id=None, since=post.desk.clock(), actor=post.desk.actor,
                now=post.desk.clock(),
            )  # fmt: skip
