"""Patient clients: every call is repeated with the same key until it is answered; what was answered is written down."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from tests.bench import journey

PATIENCE = 90.0
"""Seconds until a client gives up on one call."""


class GaveUp(Exception):
    """The service did not answer in time, or refused what is right."""


@dataclass
class Answered:
    """One 2xx that a client saw: from here on it must be true for ever."""

    method: str
    path: str
    key: str
    body: dict[str, Any]
    replayed: bool


@dataclass
class Log:
    answers: list[Answered] = field(default_factory=list)
    cases: dict[str, str] = field(default_factory=dict)
    """Case id -> the state in which it must end."""
    errors: int = 0
    calls: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Patient:
    """One storefront, warehouse and reviewer, with a seeded source of ids and choices."""

    url: str
    key: str
    log: Log
    random: random.Random

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Bearer {self.key}"}
        self.http = httpx.Client(base_url=self.url, headers=headers, timeout=15, trust_env=False)

    def ask(self, method: str, path: str, body: Any = None, version: int | None = None) -> dict[str, Any]:
        key = UUID(int=self.random.getrandbits(128), version=4).hex
        headers = {"Idempotency-Key": key} if method == "POST" else {}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            answer = self._once(method, path, body, headers)
            if answer is not None:
                return self._note(method, path, key, answer)
            time.sleep(self.random.uniform(0.05, 0.4))
        raise GaveUp(f"{method} {path}: no answer for {PATIENCE} s")

    def _once(self, method: str, path: str, body: Any, headers: dict[str, str]) -> httpx.Response | None:
        self.log.calls += 1
        try:
            answer = self.http.request(method, path, json=body, headers=headers)
        except httpx.HTTPError:
            self.log.errors += 1
            return None
        if answer.is_success:
            return answer
        in_progress = answer.status_code == 409 and "in_progress" in answer.text
        if answer.status_code in (429, 500, 502, 503, 504, 507) or in_progress:
            self.log.errors += 1
            if answer.status_code == 500:
                raise GaveUp(f"{method} {path}: a bare 500 {answer.text[:300]}")
            return None
        raise GaveUp(f"{method} {path}: {answer.status_code} {answer.text[:300]}")

    def _note(self, method: str, path: str, key: str, answer: httpx.Response) -> dict[str, Any]:
        body: dict[str, Any] = answer.json()
        replayed = answer.headers.get("Idempotency-Replayed") == "true"
        with self.log.lock:
            self.log.answers.append(Answered(method, path, key, body, replayed))
        return body

    def one_return(self) -> None:
        """From the order to the money, or to a change of mind about the change of mind."""
        number, order = journey.order()
        self.ask("PUT", f"/v1/orders/{number}", order)
        wish = journey.request(number)
        wish["lines"][0]["resolution"] = self.random.choice(["refund", "refund", "refund", "store_credit"])
        case = self.ask("POST", "/v1/returns", wish)
        if self.random.random() < 0.1:
            self.ask("POST", f"/v1/returns/{case['id']}/cancel", {}, case["version"])
            self._expect(case["id"], "cancelled")
            return
        self._through(case, number)
        self._expect(case["id"], "refunded")

    def _through(self, case: dict[str, Any], number: str) -> None:
        path, line = f"/v1/returns/{case['id']}", case["lines"][0]["id"]
        if case["state"] == "requested":
            self.ask("POST", f"{path}/approve", {}, case["version"])
        self.ask("POST", f"{path}/ship", {"carrier": "dhl", "tracking_number": f"R{number}"})
        self.ask("POST", f"{path}/receive", {"lines": [{"line_id": line, "quantity": 1}]})
        unit = {"quantity": 1, "grade": "A", "findings": ["intact"], "disposition": "restock"}
        case = self.ask("POST", f"{path}/inspect", {"lines": [{"line_id": line, "units": [unit]}]})
        if case["state"] == "inspected":
            self.ask("POST", f"{path}/settle", {}, case["version"])

    def _expect(self, case_id: str, state: str) -> None:
        with self.log.lock:
            self.log.cases[case_id] = state


def run(patient: Callable[[int], Patient], *, returns: int, clients: int, log: Log) -> list[str]:
    """So many returns by so many clients at once; answers what went wrong for a client."""

    def worker(number: int) -> list[str]:
        one, wrong = patient(number), []
        for _ in range(returns // clients):
            try:
                one.one_return()
            except GaveUp as why:
                wrong.append(str(why))
        one.http.close()
        return wrong

    with ThreadPoolExecutor(clients) as pool:
        return [why for wrong in pool.map(worker, range(clients)) for why in wrong]
