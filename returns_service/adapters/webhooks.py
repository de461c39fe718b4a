"""Calling webhook addresses that somebody typed in, without being led into the own network.

A name is resolved once per connection, every address it has is checked, and the connection goes to a checked one;
so an address that changes between the check and the call gains nothing. Redirects are not followed.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore

from returns_service.adapters.tls import trust
from returns_service.adapters.waiting import retry_after
from returns_service.domain.errors import Invalid
from returns_service.domain.ports import HookAnswer

PORTS = (443, 8443)
CONNECT, TOTAL = 5.0, 10.0
"""Seconds."""
A_DAY = 86400
KEPT = 1000
"""Bytes of an answer that are kept for the delivery log."""
LOOK_UP = 2.0
"""Seconds that a look-up may take while an address is saved; the connection checks again anyway."""
TUNNELS = (
    ipaddress.ip_network("64:ff9b::/96"),
    ipaddress.ip_network("2002::/16"),
    ipaddress.ip_network("2001::/32"),
)
"""IPv6 addresses that lead to IPv4 ones."""


class Blocked(Exception):
    """The name leads to an address that is not to be called."""


class SafeCaller:
    """`allow_private` is for tests and closed networks: then any port and plain HTTP are allowed too."""

    def __init__(self, *, allow_private: bool = False, total: float = TOTAL) -> None:
        self._allow_private = allow_private
        self._total = total
        self._look_ups = ThreadPoolExecutor(max_workers=2, thread_name_prefix="look-up")
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust(),
            max_keepalive_connections=0,
            network_backend=_CheckedBackend(allow_private, total),
        )

    def check(self, url: str) -> None:
        host, port = self._parts(url)
        if self._allow_private:
            return
        found: Future[list[str]] = self._look_ups.submit(_addresses, host, port)
        try:
            _need_public(found.result(LOOK_UP))
        except (OSError, TookTooLong, UnicodeError):
            return  # not known now; the connection decides
        except Blocked as why:
            raise _refused(f"{host} leads into an internal network.") from why

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        try:
            self._parts(url)
            return self._post(url, headers, body)
        except Blocked as why:
            return HookAnswer(None, f"blocked-address: {why}")
        except Invalid as why:
            return HookAnswer(None, f"blocked-address: {why.detail}")
        except (
            httpcore.TimeoutException,
            httpcore.NetworkError,
            httpcore.ProtocolError,
            OSError,
            UnicodeError,
        ) as why:
            return HookAnswer(None, f"{type(why).__name__}: {why}"[:KEPT])

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        timeout = {"connect": CONNECT, "read": self._total, "write": self._total, "pool": self._total}
        sent: list[tuple[bytes | str, bytes | str]] = [*headers.items()]
        sent += [("Host", urlsplit(url).netloc), ("Content-Length", str(len(body)))]
        with self._pool.stream(
            "POST", url, headers=sent, content=body, extensions={"timeout": timeout}
        ) as answer:
            kept = _beginning(answer.iter_stream())
            return HookAnswer(answer.status, kept.decode("utf-8", "replace"), retry_after(answer, most=A_DAY))

    def _parts(self, url: str) -> tuple[str, int]:
        parts, port = _split(url)
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise _refused("Credentials and fragments do not belong into a webhook address.")
        if parts.scheme != "https" and not (self._allow_private and parts.scheme == "http"):
            raise _refused("A webhook address begins with https://.")
        if port not in PORTS and not self._allow_private:
            raise _refused("Only the ports 443 and 8443 are called.")
        return parts.hostname or "", port


def _split(url: str) -> tuple[SplitResult, int]:
    """Raises Invalid for what is no address at all."""
    if len(url) > 2000 or any(ord(sign) <= 32 or ord(sign) == 127 for sign in url):
        raise _refused("A webhook address has no spaces and at most 2000 characters.")
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        raise _refused(f"{url!r} is not an address.") from None
    if not parts.hostname:
        raise _refused(f"{url!r} names no host.")
    return parts, port


def _refused(words: str) -> Invalid:
    return Invalid("webhook_address", words, pointer="/url")


def _beginning(stream: Iterable[bytes]) -> bytes:
    kept = b""
    for chunk in stream:
        kept += chunk
        if len(kept) >= KEPT:
            break
    return kept[:KEPT]


def _addresses(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _need_public(addresses: Iterable[str]) -> None:
    """Raises Blocked when any of the addresses lies inside."""
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        if isinstance(address, ipaddress.IPv6Address):
            if any(address in network for network in TUNNELS):
                raise Blocked(text)
            address = address.ipv4_mapped or address
        if not address.is_global or address.is_multicast or address.is_reserved:
            raise Blocked(text)


class _CheckedBackend(httpcore.SyncBackend):
    def __init__(self, allow_private: bool, total: float) -> None:
        self._allow_private = allow_private
        self._total = total

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        until = time.monotonic() + self._total
        try:
            addresses = _addresses(host, port)
        except OSError as why:
            raise httpcore.ConnectError(str(why)) from why
        if not self._allow_private:
            _need_public(addresses)
        return _Hurried(self._first(addresses, port, timeout, until), until)

    def _first(
        self, addresses: list[str], port: int, timeout: float | None, until: float
    ) -> httpcore.NetworkStream:
        for address in addresses[:-1]:
            try:
                return super().connect_tcp(address, port, _left(until, timeout))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return super().connect_tcp(addresses[-1], port, _left(until, timeout))


def _left(until: float, timeout: float | None) -> float:
    """The seconds that a step may take. Raises ReadTimeout when the time for all of them is over."""
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the answer took too long")
    return left if timeout is None else min(left, timeout)


class _Hurried(httpcore.NetworkStream):
    """A stream that ends at an instant, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Hurried(
            self._stream.start_tls(ssl_context, server_hostname, _left(self._until, timeout)), self._until
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
