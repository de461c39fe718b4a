"""Calling addresses that somebody typed in."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from returns_service.adapters import webhooks
from returns_service.adapters.webhooks import SafeCaller
from returns_service.domain.errors import Invalid


class Listener(BaseHTTPRequestHandler):
    heard: list[tuple[str, bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((self.headers["Host"], body))
        {"/moved": self._moved, "/slow": self._slow, "/drip": self._drip}.get(self.path, self._fine)()

    def _fine(self) -> None:
        self._say(200, b"thank you" * 1000)

    def _moved(self) -> None:
        self.send_response(308)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _slow(self) -> None:
        time.sleep(3)
        self._say(200, b"late")

    def _drip(self) -> None:
        for sign in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 200:
            try:
                self.wfile.write(bytes([sign]))
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", "120")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    Listener.heard = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("address", [
    "http://169.254.169.254/", "http://127.0.0.1:6379", "https://127.0.0.1/", "https://[::1]/", "https://0x7f000001/",
    "https://2130706433/", "https://10.0.0.1/", "https://192.168.1.1:8443/", "https://a@127.0.0.1/", "file:///etc/passwd",
    "gopher://example.com/", "https://example.com:25/", "https://user:secret@example.com/", "https:///nowhere",
    "https://localhost/", "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://0.0.0.0/",
    "https://224.0.0.1/", "https://exa mple.com/", "https://example.com:port/", "", "example.com", "https://a\r\nb/",
    "http://93.184.216.34/", "https://93.184.216.34/#fragment",
])  # fmt: skip
def test_inner_and_odd_addresses_are_refused_when_saved_and_when_called(address: str) -> None:
    caller = SafeCaller()
    with pytest.raises(Invalid):
        caller.check(address)
    answer = caller.post(address, {}, b"{}")
    assert answer.status is None


def test_outer_addresses_are_accepted() -> None:
    for address in ("https://93.184.216.34/hooks", "https://93.184.216.34:8443/"):
        SafeCaller().check(address)


def test_a_name_that_turns_inward_after_it_was_saved_is_not_called(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])
    monkeypatch.setattr(webhooks, "_addresses", lambda _host, _port: [next(answers)])
    caller = SafeCaller()
    caller.check("https://rebind.example/")
    answer = caller.post("https://rebind.example/", {}, b"{}")
    assert answer.status is None
    assert answer.text.startswith("blocked-address")
    assert Listener.heard == []


def test_one_inner_address_among_outer_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "_addresses", lambda _host, _port: ["93.184.216.34", "10.1.2.3"])
    with pytest.raises(Invalid):
        SafeCaller().check("https://both.example/")


def test_an_answer_is_kept_to_a_kilobyte_with_its_pause(url: str) -> None:
    answer = SafeCaller(allow_private=True).post(f"{url}/", {"X-Test": "1"}, b"hello")
    assert (answer.status, len(answer.text)) == (200, 1000)
    assert answer.retry_after is not None
    assert answer.retry_after.total_seconds() == 120
    assert Listener.heard == [(url.removeprefix("http://"), b"hello")]


def test_a_redirect_is_not_followed(url: str) -> None:
    assert SafeCaller(allow_private=True).post(f"{url}/moved", {}, b"{}").status == 308
    assert len(Listener.heard) == 1


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_a_slow_endpoint_costs_a_bounded_time(url: str, path: str) -> None:
    began = time.monotonic()
    answer = SafeCaller(allow_private=True, total=0.5).post(url + path, {}, b"{}")
    assert answer.status is None
    assert time.monotonic() - began < 2


def test_many_addresses_that_do_not_answer_cost_a_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "_addresses", lambda _host, _port: ["127.0.0.1"] * 20)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf:
        waiting = [socket.socket() for _ in range(3)]  # more than it takes: whoever comes now hears nothing
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(deaf.getsockname())
        began = time.monotonic()
        address = f"http://many.example:{deaf.getsockname()[1]}/"
        assert SafeCaller(allow_private=True, total=0.3).post(address, {}, b"{}").status is None
        assert time.monotonic() - began < 2
        for one in waiting:
            one.close()


def test_nobody_there_is_an_answer_and_no_exception() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = SafeCaller(allow_private=True).post(f"http://127.0.0.1:{port}/", {}, b"{}")
    assert (answer.status, answer.text != "") == (None, True)
