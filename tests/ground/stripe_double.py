"""A local server that answers as Stripe's documentation says, for the parts of the API that refunds use."""

import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

ERRORS: dict[str, tuple[int, dict[str, str]]] = {
    "500": (500, {"type": "api_error", "message": "An unknown error occurred."}),
    "busy": (
        409,
        {
            "type": "idempotency_error",
            "message": "There is currently another in-progress request using this key.",
        },
    ),
    "limited": (
        429,
        {"type": "invalid_request_error", "code": "rate_limit", "message": "Too many requests."},
    ),
    "decline": (
        400,
        {
            "type": "invalid_request_error",
            "code": "charge_already_refunded",
            "message": "Charge has already been refunded.",
        },
    ),
    "forbidden": (401, {"type": "invalid_request_error", "message": "Invalid API Key provided."}),
}


class StripeDouble:
    """`next` holds what the following refunds get: a name in ERRORS, pending, timeout_after_paying or timeout."""

    def __init__(self) -> None:
        self.refunds: list[dict[str, Any]] = []
        self.keys: dict[str, tuple[str, int, dict[str, Any]]] = {}
        self.next: list[str] = []
        self.captured = 10_000
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                answer = double.create(self.headers.get("Idempotency-Key", ""), body)
                if answer is not None:
                    self.say(*answer)

            def do_GET(self) -> None:
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                wanted = query.get("payment_intent"), query.get("charge")
                found = [r for r in double.refunds if (r["payment_intent"], r["charge"]) == wanted]
                self.say(200, {"object": "list", "url": "/v1/refunds", "has_more": False, "data": found})

            def say(self, status: int, body: dict[str, Any]) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                if status == 429:
                    self.send_header("Retry-After", "2")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def create(self, key: str, body: str) -> tuple[int, dict[str, Any]] | None:
        if key in self.keys:
            before, status, answer = self.keys[key]
            if before != body:
                wrong = {
                    "type": "idempotency_error",
                    "message": "Keys can only be used with the same parameters.",
                }
                return 400, {"error": wrong}
            return status, answer
        kind = self.next.pop(0) if self.next else ""
        if kind in ERRORS:
            status, error = ERRORS[kind]
            if kind == "decline":
                self.keys[key] = (body, status, {"error": error})
            return status, {"error": error}
        if kind == "timeout":
            time.sleep(1.5)
            return None
        answer = self.book(dict(parse_qsl(body)), "pending" if kind == "pending" else "succeeded")
        self.keys[key] = (body, 200, answer)
        if kind == "timeout_after_paying":
            time.sleep(1.5)
            return None
        return 200, answer

    def book(self, form: dict[str, str], status: str) -> dict[str, Any]:
        metadata = {name[9:-1]: value for name, value in form.items() if name.startswith("metadata[")}
        refund = {
            "id": f"re_{len(self.refunds) + 1:024d}",
            "object": "refund",
            "amount": int(form["amount"]),
            "currency": "eur",
            "charge": form.get("charge"),
            "payment_intent": form.get("payment_intent"),
            "metadata": metadata,
            "reason": None,
            "status": status,
            "created": int(time.time()),
        }
        self.refunds.append(refund)
        return refund

    def event(
        self, type_: str, refund: dict[str, Any], secret: str, event_id: str = "evt_1"
    ) -> tuple[dict[str, str], bytes]:
        """A signed event as Stripe sends it."""
        event = {
            "id": event_id,
            "object": "event",
            "type": type_,
            "data": {"object": refund},
            "api_version": "2026-10-28",
        }
        body, at = json.dumps(event), int(time.time())
        digest = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={at},v1={digest}"}, body.encode()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
