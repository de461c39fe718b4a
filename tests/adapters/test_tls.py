"""What one kind of server is told is not told to another."""

import socket
import ssl
from contextlib import suppress

from returns_service.adapters.tls import trust, trust_for_mail
from returns_service.adapters.webhooks import SafeCaller


def _first_words(context: ssl.SSLContext) -> bytes:
    """What a client says before a server has said anything."""
    heard, said = ssl.MemoryBIO(), ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(heard, said, server_hostname="example.com").do_handshake()
    return said.read()


def test_a_mail_server_is_not_greeted_as_a_web_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        SafeCaller(allow_private=True, total=0.1).post(address, {}, b"")
    assert b"http/1.1" in _first_words(trust())
    assert b"http/1.1" not in _first_words(trust_for_mail())
