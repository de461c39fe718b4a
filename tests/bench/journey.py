"""One return from the request to the money, as a storefront, a reviewer and a warehouse would ask for it."""

import http.client
import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

_numbers = itertools.count(1)
_run = uuid4().hex[:8]


class Failed(Exception):
    """The service answered something else than success."""


@dataclass
class Client:
    """One kept-open connection; the standard library, so that the client costs little beside the server."""

    port: int
    key: str
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def close(self) -> None:
        self.connection.close()

    def ask(self, method: str, path: str, body: Any = None, version: int | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if method == "POST":
            headers["Idempotency-Key"] = uuid4().hex
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise Failed(f"{method} {path}: {answer.status} {content[:300]!r}")
        return json.loads(content)


def instant(days_ago: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def order() -> tuple[str, dict[str, Any]]:
    """An order that was delivered some days ago: two shirts and shoes, one tender."""
    number = f"B{_run}-{next(_numbers)}"
    line = {"tax": "0.00", "category": "apparel/shirts", "weight_grams": 240}
    return number, {
        "number": number,
        "country": "DE",
        "currency": "EUR",
        "tax_included": True,
        "placed_at": instant(9),
        "customer": {"email": f"{number.lower()}@example.com", "name": "Ana Keller", "locale": "en"},
        "lines": [
            {
                "id": "1",
                "sku": "SHIRT-M",
                "title": "Linen shirt M",
                "quantity": 2,
                "unit_price": "59.90",
                **line,
            },
            {"id": "2", "sku": "SHOE-42", "title": "Runner 42", "quantity": 1, "unit_price": "89.00", **line},
        ],
        "shipping": {"method": "standard", "paid": "4.90", "standard_rate": "4.90", "tax": "0.00"},
        "payments": [
            {
                "id": "p1",
                "method": "card",
                "gateway": "sandbox",
                "reference": f"pay_{number}",
                "captured": "213.70",
            }
        ],
        "fulfilments": [
            {
                "id": "f1",
                "carrier": "dhl",
                "tracking_number": number,
                "shipped_at": instant(7),
                "delivered_at": instant(5),
                "lines": [{"line_id": "1", "quantity": 2}, {"line_id": "2", "quantity": 1}],
            }
        ],
    }


def put_order(client: Client) -> str:
    number, body = order()
    client.ask("PUT", f"/v1/orders/{number}", body)
    return number


def request(number: str, reason: str = "changed_mind") -> dict[str, Any]:
    line = {
        "order_line_id": "1",
        "quantity": 1,
        "reason": reason,
        "condition": "opened_unused",
        "resolution": "refund",
    }
    return {"order_id": number, "return_method": "mail", "language": "en", "lines": [line]}


def create(client: Client, number: str) -> Any:
    return client.ask("POST", "/v1/returns", request(number))


def claim(client: Client, number: str) -> Any:
    """A request that waits for a photo, so that no slip goes out yet."""
    return client.ask("POST", "/v1/returns", request(number, "damaged_in_transit"))


def preview(client: Client, number: str) -> Any:
    return client.ask("POST", "/v1/returns/preview", request(number))


def returnable(client: Client, number: str) -> Any:
    return client.ask("GET", f"/v1/orders/{number}/returnable")


def lifecycle(client: Client, number: str) -> Any:
    """Six calls; the money follows by itself."""
    case = create(client, number)
    path, line = f"/v1/returns/{case['id']}", case["lines"][0]["id"]
    case = client.ask("POST", f"{path}/approve", {}, case["version"])
    client.ask("POST", f"{path}/ship", {"carrier": "dhl", "tracking_number": f"R{number}"})
    client.ask("POST", f"{path}/receive", {"lines": [{"line_id": line, "quantity": 1}]})
    unit = {"quantity": 1, "grade": "A", "findings": ["intact"], "disposition": "restock"}
    case = client.ask("POST", f"{path}/inspect", {"lines": [{"line_id": line, "units": [unit]}]})
    try:
        return client.ask("POST", f"{path}/settle", {}, case["version"])
    except Failed as why:
        if ": 412 " not in str(why):
            raise
        # The policy settled with the inspection, and a worker was quicker than we.
        return client.ask("GET", path)
