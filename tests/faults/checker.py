"""The judge: reads the clients' log, the database, the gateway's ledger and the mail, and shares no code with the service."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import create_engine, text

from tests.faults.workload import Log

INVARIANTS = {
    "I1": "per refund at most one at the gateway; sums agree; never above what was captured",
    "I2": "never more units held than bought",
    "I3": "the state is the one the history tells; no gap in it",
    "I4": "what was acknowledged is there",
    "I5": "one key, one answer",
    "I6": "no work lost, overdue or dead",
    "I7": "no message twice, none without its event",
    "I9": "one entry per move, with actor and policy",
    "I14": "nothing stuck",
}


@dataclass
class Verdict:
    violations: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def need(self, holds: bool, invariant: str, words: str) -> None:
        if not holds:
            self.violations[invariant].append(words)


class Checker:
    def __init__(self, database_url: str, gateway_url: str, mail: Path, log: Log) -> None:
        self._engine = create_engine(database_url)
        self._gateway, self._mail, self._log = gateway_url, mail, log
        self.verdict = Verdict()

    def rows(self, query: str) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query)).mappings()]

    def quiet(self) -> bool:
        """Nothing is waiting any more, and every case has arrived where it must."""
        waiting = self.rows("SELECT count(*) AS n FROM outbox WHERE state IN ('ready', 'leased')")[0]["n"]
        states = {_id(row["id"]): row["state"] for row in self.rows("SELECT id, state FROM return_cases")}
        return not waiting and all(states.get(_id(i)) == state for i, state in self._log.cases.items())

    def judge(self) -> Verdict:
        for check in (
            self._money,
            self._units,
            self._history,
            self._acknowledged,
            self._work,
            self._messages,
        ):
            check()
        self._engine.dispose()
        return self.verdict

    def _money(self) -> None:
        need, ledger = self.verdict.need, httpx.get(f"{self._gateway}/ledger").json()
        moved = [one for one in ledger["refunds"] if one["state"] != "failed"]
        by_refund = Counter(one["idempotency_key"].split("_")[1].replace("-", "") for one in moved)
        need(
            all(n == 1 for n in by_refund.values()),
            "I1",
            f"refunded more than once: {by_refund.most_common(2)}",
        )
        ours = self.rows("SELECT id, amount, state, gateway FROM refunds WHERE gateway = 'sandbox'")
        paid = {_id(row["id"]): row["amount"] for row in ours if row["state"] == "succeeded"}
        theirs = {
            key: _minor(one["amount"])
            for one in moved
            for key in [one["idempotency_key"].split("_")[1].replace("-", "")]
        }
        need(
            paid == theirs,
            "I1",
            f"our refunds and the gateway's differ: {set(paid.items()) ^ set(theirs.items())}",
        )
        for payment in ledger["payments"]:
            need(Decimal(payment["refunded"]) <= Decimal(payment["captured"]), "I1", f"overspent: {payment}")
        tenders = self.rows("SELECT reference, refunded, reserved FROM tenders")
        booked = {one["reference"]: _minor(one["refunded"]) for one in ledger["payments"]}
        for row in tenders:
            need(row["refunded"] == booked.get(row["reference"], 0), "I1", f"the tender differs: {row}")
            need(row["reserved"] == 0, "I14", f"still set aside: {row}")

    def _units(self) -> None:
        held = self.rows(
            "SELECT order_id, order_line_id, slot, count(*) AS n FROM holds WHERE active GROUP BY order_id, order_line_id, slot"
        )
        self.verdict.need(all(row["n"] == 1 for row in held), "I2", "a unit is held twice")
        self.verdict.need(
            all(0 <= row["slot"] < 2 for row in held), "I2", "a unit is held that nobody bought"
        )

    def _history(self) -> None:
        need = self.verdict.need
        facts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.rows("SELECT case_id, seq, type, actor, data FROM events ORDER BY case_id, seq"):
            facts[_id(row["case_id"])].append(
                {**row, "data": _json(row["data"]), "actor": _json(row["actor"])}
            )
        for case in self.rows("SELECT id, number, state, seq, policy_version_id FROM return_cases"):
            story = facts[_id(case["id"])]
            need(
                [fact["seq"] for fact in story] == list(range(1, case["seq"] + 1)),
                "I3",
                f"a gap in {case['number']}",
            )
            told = [fact["data"]["to"] for fact in story if fact["data"].get("to")]
            need(
                bool(told) and told[-1] == case["state"],
                "I3",
                f"{case['number']} is {case['state']}, told {told[-1:]}",
            )
            twice = [kind for kind, n in Counter(fact["type"] for fact in story).items() if n > 1]
            need(not twice, "I9", f"{case['number']} tells twice: {twice}")
            need(
                all(fact["actor"].get("kind") for fact in story),
                "I9",
                f"{case['number']}: a fact without an actor",
            )
            need(case["policy_version_id"] is not None, "I9", f"{case['number']} has no policy")

    def _acknowledged(self) -> None:
        need, log = self.verdict.need, self._log
        cases = {_id(row["id"]): row for row in self.rows("SELECT id, state, version FROM return_cases")}
        answers: dict[str, set[str]] = defaultdict(set)
        for one in log.answers:
            if one.path == "/v1/returns" or one.path.startswith("/v1/returns/"):
                row = cases.get(_id(one.body["id"]))
                need(
                    row is not None and row["version"] >= one.body["version"],
                    "I4",
                    f"lost: {one.method} {one.path}",
                )
            if one.method == "POST":
                answers[one.key].add(json.dumps(one.body, sort_keys=True))
        need(all(len(bodies) == 1 for bodies in answers.values()), "I5", "one key had two answers")
        created = [one.body["id"] for one in log.answers if one.path == "/v1/returns"]
        need(
            len(cases) == len(set(created)), "I5", f"{len(cases)} cases for {len(set(created))} acknowledged"
        )
        for case_id, state in log.cases.items():
            now = cases.get(_id(case_id), {}).get("state")
            need(now == state, "I14", f"{case_id} is {now} and should be {state}")

    def _work(self) -> None:
        need = self.verdict.need
        left = Counter(row["state"] for row in self.rows("SELECT state FROM outbox WHERE state != 'done'"))
        need(not left, "I6", f"work is left: {dict(left)}")
        stuck = self.rows("SELECT id, state FROM refunds WHERE state NOT IN ('succeeded', 'failed')")
        need(not stuck, "I14", f"refunds without an end: {stuck[:3]}")

    def _messages(self) -> None:
        need, found = self.verdict.need, Counter[str]()
        for path in self._mail.glob("*.eml") if self._mail.is_dir() else []:
            found[str(message_from_bytes(path.read_bytes())["Message-ID"]).strip(" <>")] += 1
        rows = self.rows("SELECT message_id, state FROM notices")
        known = {row["message_id"]: row["state"] for row in rows}
        need(len(known) == len(rows), "I7", "a message is written twice")
        need(not set(found) - set(known), "I7", f"mail without its row: {list(set(found) - set(known))[:2]}")
        lost = [key for key, state in known.items() if state == "sent" and not found[key]]
        need(not lost, "I7", f"sent, and nowhere: {lost[:2]}")
        self.repeated = sum(n - 1 for n in found.values())


def _minor(amount: str) -> int:
    return int(Decimal(amount) * 100)


def _id(value: Any) -> str:
    return str(value).replace("-", "")


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, (str, bytes)) else value
