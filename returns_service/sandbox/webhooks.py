"""Tells the service what happened, signed, until it listens."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
from standardwebhooks.webhooks import Webhook

from returns_service.sandbox.ledger import Ledger

DELAYS = (0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 18000)
"""Seconds before each further try; after the last the event is given up."""


class Teller(threading.Thread):
    """One thread that sends what is due and lets refunds turn."""

    def __init__(self, ledger: Ledger, service: str, secret: str, turn_due: Callable[[], None]) -> None:
        super().__init__(name="teller", daemon=True)
        self._ledger = ledger
        self._hooks = f"{service.rstrip('/')}/v1/hooks"
        self._signer = Webhook(secret)
        self._turn_due = turn_due
        self._client = httpx.Client(timeout=httpx.Timeout(10, connect=2), trust_env=False)
        self._wake = threading.Event()
        self._stopped = False

    def run(self) -> None:
        while not self._stopped:
            self._turn_due()
            sent = self.send_due()
            if not sent:
                self._wake.wait(0.1)
                self._wake.clear()

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._stopped = True
        self.wake()
        self.join(timeout=15)
        self._client.close()

    def send_due(self) -> int:
        due = "SELECT * FROM events WHERE next_at IS NOT NULL AND next_at <= ? ORDER BY next_at LIMIT 20"
        events = self._ledger.all(due, time.time())
        for event in events:
            for _ in range(max(1, int(self._ledger.mood("copies")))):
                delivered = self._send(event["id"], event["shop"], event["body"])
            self._note(event["id"], event["tries"], delivered)
        return len(events)

    def _send(self, event_id: str, shop: str, body: str) -> bool:
        now = datetime.now(UTC)  # noqa: TID251  a program of its own has its own clock
        headers = {
            "content-type": "application/json",
            "webhook-id": event_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(event_id, now, body),
        }
        try:
            answer = self._client.post(
                f"{self._hooks}/{shop}/sandbox", content=body.encode(), headers=headers
            )
        except httpx.HTTPError:
            return False
        return answer.is_success

    def _note(self, event_id: str, tries: int, delivered: bool) -> None:
        now = time.time()
        next_at = None if delivered or tries >= len(DELAYS) else now + DELAYS[tries]
        with self._ledger.transaction() as db:
            db.execute(
                "UPDATE events SET tries = ?, next_at = ?, delivered_at = ? WHERE id = ?",
                (tries + 1, next_at, now if delivered else None, event_id),
            )
