"""Where messages end up: a real SMTP server and a real HTTP endpoint in this process that remember all they took."""

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from standardwebhooks.webhooks import Webhook

from tests.ground import processes


@dataclass
class Mailbox:
    """Accepts everything; `away` refuses for now, as a server that is too busy does."""

    taken: list[dict[str, Any]] = field(default_factory=list)
    away: bool = False

    def __post_init__(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=processes.free_ports(1)[0])

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        if self.away:
            return "451 4.3.0 try again later"
        message = message_from_bytes(envelope.content)
        mail = {
            "id": str(message["Message-ID"]),
            "to": str(message["To"]),
            "subject": str(message["Subject"]),
        }
        self.taken.append({**mail, "at": time.time()})
        return "250 2.0.0 taken"

    def start(self) -> str:
        """Answers the URL of the server."""
        self._controller.start()
        return f"smtp://127.0.0.1:{self._controller.port}"

    def stop(self) -> None:
        self._controller.stop()


@dataclass
class Listener:
    """The storefront's webhook endpoint: takes what is signed, remembers what is not."""

    secret: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    away: bool = False

    def start(self) -> str:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(outer.take({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Silence."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def take(self, headers: dict[str, str], body: bytes) -> int:
        if self.away:
            return 503
        signed = self._signed(headers, body)
        said = json.loads(body) if signed else {}
        self.taken.append({"id": headers.get("webhook-id", ""), "signed": signed, "body": said})
        return 200 if signed else 401

    def _signed(self, headers: dict[str, str], body: bytes) -> bool:
        """Whatever the time: runs move it."""
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        right = Webhook(self.secret).sign(headers["webhook-id"], at, body.decode())
        return right in headers["webhook-signature"].split()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
