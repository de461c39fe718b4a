"""Patient clients: every call is repeated with the same key until it is answered; all that was seen is written down."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import httpx

from tests.bench import journey
from tests.faults.log import Asked, Log
from tests.ground.stage import Stage

PATIENCE = 60.0
"""Seconds until a client gives up on one call."""
AGAIN = (0, 429, 502, 503, 504, 507)
UNIT = {"quantity": 1, "grade": "A", "findings": ["intact"], "disposition": "restock"}


class GaveUp(Exception):
    """The service did not answer in time, or refused what is right."""


class Client:
    """One storefront, warehouse and reviewer, with a seeded source of ids and choices."""

    def __init__(self, stage: Stage, log: Log, seed: int, shop: str = "demo") -> None:
        self.stage, self.log, self.random, self.shop = stage, log, random.Random(seed), shop
        headers = {"Authorization": f"Bearer {stage.keys[shop]}"}
        self.http = httpx.Client(base_url=stage.url, headers=headers, timeout=20, trust_env=False)

    def new_key(self) -> str:
        return UUID(int=self.random.getrandbits(128), version=4).hex

    def once(self, method: str, path: str, body: Any = None, *, key: str = "", version: int = 0) -> Asked:
        """One try."""
        headers = {"Idempotency-Key": key} if key else {}
        if version:
            headers["If-Match"] = f'"{version}"'
        began, made = time.monotonic(), Asked(self.shop, method, path, key, 0)
        try:
            answer = self.http.request(method, path, json=body, headers=headers)
        except httpx.HTTPError as why:
            made.body = f"{type(why).__name__}: {why}"
        else:
            made.status, made.kind = answer.status_code, answer.headers.get("Content-Type", "")
            made.retry_after = answer.headers.get("Retry-After", "")
            made.replayed = answer.headers.get("Idempotency-Replayed") == "true"
            made.body = answer.json() if "json" in made.kind else answer.text[:300]
        made.seconds = time.monotonic() - began
        return self.log.note(made)

    def told(self, method: str, path: str, body: Any = None, *, key: str = "", version: int = 0) -> Asked:
        """The first answer that is not only "try again"."""
        until = time.monotonic() + PATIENCE
        while True:
            one = self.once(method, path, body, key=key, version=version)
            if one.status not in AGAIN or time.monotonic() > until:
                return one
            time.sleep(self.random.uniform(0.05, 0.3))

    def ask(self, method: str, path: str, body: Any = None, *, version: int = 0, key: str = "") -> Any:
        """Until it is done. Raises GaveUp."""
        key = key or (self.new_key() if method == "POST" else "")
        until = time.monotonic() + PATIENCE
        while True:
            one = self.told(method, path, body, key=key, version=version)
            if one.well:
                return one.body
            busy = one.status == 409 and one.body["code"] in ("still_running", "conflict")
            if not busy or time.monotonic() > until:
                raise GaveUp(f"{method} {path}: {one.status} {str(one.body)[:300]}")
            time.sleep(self.random.uniform(0.05, 0.3))

    def order(self, **changes: Any) -> str:
        number, body = journey.order()
        number = f"{self.shop}-{number}"
        body["number"], body["payments"][0]["reference"] = number, f"pay_{number}"
        body["customer"]["email"] = f"{number.lower()}@{self.shop}.example"
        self.ask("PUT", f"/v1/orders/{number}", {**body, **changes})
        return number

    def create(self, number: str, quantity: int = 1, reason: str = "changed_mind", **more: Any) -> Any:
        wish = journey.request(number, reason)
        wish["lines"][0] |= {"quantity": quantity, **more}
        return self.ask("POST", "/v1/returns", wish)

    def one_return(self) -> None:
        """From the order to the money, or to a change of mind about the change of mind."""
        number, kind = self.order(), self.random.random()
        seen = self.ask("POST", "/v1/returns/preview", journey.request(number)) if kind < 0.2 else None
        way = "store_credit" if self.random.random() < 0.2 else "refund"
        case = self.create(number, resolution=way)
        if seen is not None:
            self.log.previews.append((case["id"], seen))
        if kind > 0.9:
            self.ask("POST", f"/v1/returns/{case['id']}/cancel", {}, version=case["version"])
            self.log.expect(case["id"], "cancelled")
            return
        self.log.expect(case["id"], "refunded")
        self.send(case, number)
        self.unpack(case)

    def send(self, case: Any, number: str) -> None:
        """Approved and on its way."""
        path = f"/v1/returns/{case['id']}"
        if case["state"] == "requested":
            self.ask("POST", f"{path}/approve", {}, version=case["version"])
        self.ask("POST", f"{path}/ship", {"carrier": "dhl", "tracking_number": f"R{number}"})

    def unpack(self, case: Any, *findings: str) -> None:
        """Counted and inspected; the policy settles, or a person does."""
        path, line = f"/v1/returns/{case['id']}", case["lines"][0]
        count = line["quantity"]
        self.ask("POST", f"{path}/receive", {"lines": [{"line_id": line["id"], "quantity": count}]})
        found = {
            "line_id": line["id"],
            "units": [{**UNIT, "quantity": count, "findings": findings or UNIT["findings"]}],
        }
        after = self.ask("POST", f"{path}/inspect", {"lines": [found]})
        if after["state"] == "inspected":
            self.ask("POST", f"{path}/settle", {}, version=after["version"])

    def snoop(self, case_id: str) -> None:
        """Look at what is another shop's."""
        self.once("GET", f"/v1/returns/{case_id}")


def run(stage: Stage, log: Log, chance: random.Random, *, returns: int, clients: int) -> None:
    """So many returns by so many clients at once, the last of them for another shop."""
    seeds = [chance.getrandbits(64) for _ in range(clients)]

    def worker(number: int) -> None:
        last = number == clients - 1
        one = Client(stage, log, seeds[number], "other" if last else "demo")
        for _ in range(returns // clients):
            try:
                one.one_return()
            except GaveUp as why:
                log.wrong.append(str(why))
            if last and log.ends:
                one.snoop(one.random.choice(list(log.ends)))
        one.http.close()

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(worker, range(clients)))
