"""The sandbox gateway, met over HTTP as a process of its own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from tests.ground import processes
from tests.ground import sandbox as ground
from tests.ground.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with ground.running(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def payment(request: pytest.FixtureRequest) -> str:
    """A payment of this test alone."""
    return f"pay_{request.node.name}"


def refund(sandbox: Sandbox, payment: str, key: str = "", **changes: Any) -> httpx.Response:
    body = {
        "payment": payment,
        "amount": "40.00",
        "currency": "EUR",
        "captured": "100.00",
        "metadata": {},
        **changes,
    }
    return httpx.post(
        f"{sandbox.url}/refunds", json=body, headers={"Idempotency-Key": key or f"key-{payment}"}, timeout=5
    )


def of(sandbox: Sandbox, payment: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = httpx.get(f"{sandbox.url}/refunds", params={"payment": payment}).json()[
        "refunds"
    ]
    return found


def refunded(sandbox: Sandbox, payment: str) -> str | None:
    return next((p["refunded"] for p in sandbox.ledger()["payments"] if p["reference"] == payment), None)


def test_a_refund_is_booked_once_however_often_it_is_asked_for(sandbox: Sandbox, payment: str) -> None:
    first, second = refund(sandbox, payment), refund(sandbox, payment)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert refunded(sandbox, payment) == "40.00"


def test_the_same_key_with_another_body_is_refused(sandbox: Sandbox, payment: str) -> None:
    refund(sandbox, payment)
    assert refund(sandbox, payment, amount="41.00").status_code == 422
    assert len(of(sandbox, payment)) == 1


def test_what_was_captured_is_fixed_by_the_first_refund_and_never_exceeded(
    sandbox: Sandbox, payment: str
) -> None:
    assert refund(sandbox, payment, "a" + payment, amount="60.00").status_code == 201
    assert refund(sandbox, payment, "b" + payment, amount="60.00", captured="500.00").status_code == 402
    assert refunded(sandbox, payment) == "60.00"


@pytest.mark.parametrize(("changes", "status"), [
    ({"amount": "1,00"}, 422), ({"amount": 12.5}, 422), ({"currency": "ZZZ"}, 422), ({"amount": "0.00"}, 402),
    ({"amount": "1.001"}, 422), ({"captured": None}, 404), ({"amount": "-1.00"}, 402),
])  # fmt: skip
def test_unusable_refunds_are_refused(
    sandbox: Sandbox, payment: str, changes: dict[str, Any], status: int
) -> None:
    assert refund(sandbox, payment, **changes).status_code == status
    assert of(sandbox, payment) == []


def test_a_key_is_required(sandbox: Sandbox) -> None:
    assert httpx.post(f"{sandbox.url}/refunds", json={}).status_code == 400


def test_two_at_once_with_one_key_book_one_refund(sandbox: Sandbox, payment: str) -> None:
    threads = [threading.Thread(target=refund, args=(sandbox, payment)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(of(sandbox, payment)) == 1


@pytest.mark.parametrize(("kind", "paid"), [("timeout_after_paying", "40.00"), ("timeout", None)])
def test_a_time_out_cuts_the_line_before_or_after_paying(
    sandbox: Sandbox, payment: str, kind: str, paid: str | None
) -> None:
    sandbox.control(kind)
    with pytest.raises(httpx.HTTPError):
        refund(sandbox, payment)
    assert refunded(sandbox, payment) == paid
    assert refund(sandbox, payment).status_code == 201
    assert refunded(sandbox, payment) == "40.00"


@pytest.mark.parametrize(("kind", "status", "paid"), [
    ("500", 500, None), ("500_after_paying", 500, "40.00"), ("decline", 402, None), ("busy", 409, None),
    ("limited", 429, None), ("slow", 201, "40.00"),
])  # fmt: skip
def test_misbehaviour_on_demand(
    sandbox: Sandbox, payment: str, kind: str, status: int, paid: str | None
) -> None:
    sandbox.control(kind)
    assert refund(sandbox, payment).status_code == status
    assert refunded(sandbox, payment) == paid


def test_a_decline_is_remembered_under_its_key(sandbox: Sandbox, payment: str) -> None:
    sandbox.control("decline")
    assert [refund(sandbox, payment).status_code for _ in range(2)] == [402, 402]
    assert refund(sandbox, payment, f"other-{payment}").status_code == 201


def test_pending_comes_through_and_a_late_failure_gives_the_money_back(
    sandbox: Sandbox, payment: str
) -> None:
    sandbox.control("pending")
    assert refund(sandbox, payment).json()["state"] == "pending"
    processes.eventually(lambda: of(sandbox, payment)[0]["state"] == "succeeded")
    sandbox.control("fail_later")
    assert refund(sandbox, payment, f"late-{payment}").json()["state"] == "succeeded"
    processes.eventually(lambda: of(sandbox, payment)[1]["state"] == "failed")
    assert refunded(sandbox, payment) == "40.00"


def test_unknown_misbehaviour_is_refused(sandbox: Sandbox) -> None:
    assert httpx.post(f"{sandbox.url}/control", json={"next": "explode"}).status_code == 422


def test_a_late_refund_moves_the_money_once_after_the_caller_gave_up(sandbox: Sandbox, payment: str) -> None:
    sandbox.control("late")
    with pytest.raises(httpx.TransportError):
        refund(sandbox, payment)
    assert refund(sandbox, payment).status_code in (200, 201)
    processes.eventually(
        lambda: len([one for one in sandbox.ledger()["calls"] if payment in one["key"]]) == 3,
        what="the late one",
    )
    assert refunded(sandbox, payment) == "40.00"


def test_a_mood_lasts_until_nothing_is_ordered(sandbox: Sandbox, payment: str) -> None:
    httpx.post(f"{sandbox.url}/control", json={"latency": 0.3}).raise_for_status()
    assert refund(sandbox, payment).elapsed.total_seconds() > 0.3
    sandbox.control("nothing")
    assert refund(sandbox, payment).elapsed.total_seconds() < 0.3
    assert httpx.post(f"{sandbox.url}/control", json={"latency": 1000}).status_code == 422


class Ears(BaseHTTPRequestHandler):
    """A service that hears nothing the first time."""

    heard: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:  # the sender was killed in the middle of it: nobody has heard that
            self.close_connection = True
            return
        self.heard.append((self.path, dict(self.headers), body))
        self.send_response(500 if len(self.heard) == 1 else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_the_ledger_survives_kill_9_and_webhooks_are_signed_and_repeated(tmp_path: Path) -> None:
    Ears.heard = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Ears)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sandbox = Sandbox(tmp_path, f"http://127.0.0.1:{server.server_port}")
    sandbox.start()
    refund(sandbox, "pay_1", metadata={"shop": "demo"})
    sandbox.kill()
    sandbox.start()
    assert sandbox.ledger()["payments"] == [
        {"reference": "pay_1", "currency": "EUR", "captured": "100.00", "refunded": "40.00"}
    ]
    assert refund(sandbox, "pay_1", metadata={"shop": "demo"}).headers["Idempotency-Replayed"] == "true"
    processes.eventually(lambda: len(Ears.heard) >= 2)
    sandbox.kill()
    server.shutdown()
    server.server_close()
    path, headers, body = Ears.heard[-1]
    assert path == "/v1/hooks/demo/sandbox"
    event = Webhook(ground.SECRET).verify(body, headers)
    assert (event["type"], event["data"]["amount"]) == ("refund.succeeded", "40.00")
    assert len({json.loads(body)["id"] for _, _, body in Ears.heard}) == 1
