"""SMS and chat through apprise, against a real HTTP service on loopback."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest

from returns_service.adapters.messages import Chat
from returns_service.domain.ports import DeliveryFailed

# apprise looks for a module that Python 3.13 drops.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")


class Service(BaseHTTPRequestHandler):
    status = 200
    seen: ClassVar[list[Any]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Service.seen.append((self.path, json.loads(body)))
        self.send_response(Service.status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def service() -> Iterator[str]:
    Service.status, Service.seen = 200, []
    server = HTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_number_takes_its_place_in_the_address(service: str) -> None:
    Chat(service + "/sms/{to}").send("+49 170/1", "Your refund is on its way.", title="R-1")
    ((path, body),) = Service.seen
    assert path.rstrip("/") == "/sms/+49%20170%2F1"
    assert (body["title"], body["message"]) == ("R-1", "Your refund is on its way.")


def test_a_room_is_its_own_address(service: str) -> None:
    Chat().send(service, "A return waits for a decision.")
    assert len(Service.seen) == 1


def test_a_refusing_service_is_tried_again_later(service: str) -> None:
    Service.status = 500
    with pytest.raises(DeliveryFailed) as failed:
        Chat().send(service, "x")
    assert not failed.value.permanent


def test_an_impossible_address_is_not() -> None:
    with pytest.raises(DeliveryFailed) as failed:
        Chat().send("nonsense", "x")
    assert failed.value.permanent
