"""F36-F43: the gateway pays and does not say so, lies, is away, repeats itself, and counts in other currencies."""

import signal
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import httpx

from tests.bench import journey
from tests.faults.scenarios.scene import Scenario, Scene
from tests.faults.workload import Client, GaveUp
from tests.ground.stage import SHOPS


def jumbled(scene: Scene) -> None:
    """Its webhooks come three times and in any order, some before our own record, and a success fails later."""
    scene.stage.control({"copies": 3, "jumble": 1.0})
    scene.order("pending", "slow", "fail_later", "timeout_after_paying", least=0.02, most=0.2)


def person_repeats(scene: Scene) -> None:
    """A person of each shop lets failed refunds be tried again until all is paid."""
    people = [scene.client(shop) for shop in SHOPS]
    scene.stage.control({"next": "nothing"})
    until = time.monotonic() + 40
    while time.monotonic() < until and not (_at_rest(scene) and scene.quiet()):
        for person, case_id in product(people, _to_be_refunded(scene)):
            case = person.once("GET", f"/v1/returns/{case_id}").body
            if isinstance(case, dict) and case.get("state") == "settling":
                _repeat(person, case)
        time.sleep(0.3)


def _to_be_refunded(scene: Scene) -> list[str]:
    return [one for one, states in list(scene.log.ends.items()) if states == {"refunded"}]


def _at_rest(scene: Scene) -> bool:
    """No refund of the gateway will fail any more, and it has told all."""
    return not httpx.get(f"{scene.stage.sandbox_url}/ledger", timeout=10).json()["waiting"]


def _repeat(client: Client, case: Any) -> None:
    for refund in case["refunds"]:
        if refund["state"] == "failed":
            body = {"outcome": "retry", "note": "The customer named the account again."}
            client.once("POST", f"/v1/refunds/{refund['id']}/resolve", body, key=client.new_key())


def away_for_days(scene: Scene) -> None:
    """Some calls were paid and some not, none was answered; then it is away until it has forgotten the keys."""
    scene.stage.away("sweeper")
    while not scene.pause(0.01, 0.05):
        scene.stage.control({"next": scene.random.choice(("timeout", "timeout_after_paying"))})
    scene.stage.away("worker")


def back_after_days(scene: Scene) -> None:
    """30 hours later: what it paid is found, what it did not pay is a person's, and no old key is sent again."""
    stage = scene.stage
    stage.away("sandbox")
    _sweep(scene, hours=30)
    stage.back("sandbox")
    stage.wait_ready()
    stage.control({"next": "nothing"})
    scene.log.expired_at = time.time()
    person_is_needed(scene)
    for minutes in range(0, 50, 5):
        _sweep(scene, hours=32, minutes=minutes)
        if scene.quiet():
            break
    stage.back("worker", "sweeper")


def _sweep(scene: Scene, **later: float) -> None:
    scene.stage.command("sweep", "--at", (datetime.now(UTC) + timedelta(**later)).isoformat())


PRICES = {
    "JPY": ("1999", "1000"),
    "KWD": ("1.999", "1.000"),
    "HUF": ("1999.99", "1000.01"),
    "EUR": ("19.99", "10.01"),
}
"""What one unit costs, and what is taken off the whole line of three."""


def currencies(scene: Scene) -> None:
    """Three units with a discount that cannot be split evenly, returned one by one: the parts make the whole."""
    client = scene.client()
    while not scene.over.is_set():
        try:
            _piece_by_piece(scene, client, scene.random.choice(list(PRICES)))
        except GaveUp as why:
            scene.log.wrong.append(str(why))
            return


def _piece_by_piece(scene: Scene, client: Client, currency: str) -> None:
    price, off = map(Decimal, PRICES[currency])
    whole, zero, reference = price * 3 - off, str(price * 0), f"pay_{currency}_{client.new_key()[:12]}"
    line = {"id": "1", "sku": "CUP", "title": "Cup", "quantity": 3, "unit_price": str(price), "tax": zero}
    line |= {
        "category": "home/kitchen",
        "weight_grams": 300,
        "discount": str(off),
    }
    number = client.order(
        currency=currency,
        lines=[line],
        shipping={"method": "standard", "paid": zero, "standard_rate": zero, "tax": zero},
        payments=[
            {
                "id": "p1",
                "method": "card",
                "gateway": "sandbox",
                "reference": reference,
                "captured": str(whole),
            }
        ],
        fulfilments=[
            {
                "id": "f1",
                "carrier": "dhl",
                "delivered_at": journey.instant(5),
                "lines": [{"line_id": "1", "quantity": 3}],
            }
        ],
    )
    for _ in range(3):
        case = client.create(number, reason="defective")
        scene.log.expect(case["id"], "refunded")
        client.send(case, number)
        client.unpack(case, "defect_confirmed")
    scene.log.wholes[reference] = str(whole)


def both_die(scene: Scene) -> None:
    """The worker dies before and after its calls, the gateway at any instant."""
    while not scene.over.is_set():
        scene.signal("sandbox", signal.SIGKILL)
        scene.pause(0.3, 1)
        scene.death(("worker",), "before call", "after call", within=4)


def lies(scene: Scene) -> None:
    """It moves another amount than it was asked for."""
    scene.order("other_amount", least=0.02, most=0.2)


def person_is_needed(scene: Scene) -> None:
    """Where the amounts differ the case waits for a person, and only there."""
    for case_id in _to_be_refunded(scene):
        scene.log.expect(case_id, "refunded", "settling")


_CALLS = {"cuts": False}
SCENARIOS = [
    Scenario(
        "F36",
        "paid and never answered",
        lambda s: s.order("timeout_after_paying"),
        intake_open=True,
        **_CALLS,
    ),
    Scenario(
        "F37", "500, paid or not", lambda s: s.order("500", "500_after_paying"), intake_open=True, **_CALLS
    ),
    Scenario("F38", "busy and limited", lambda s: s.order("busy", "limited"), intake_open=True, **_CALLS),
    Scenario(
        "F39",
        "webhooks repeated and jumbled, late failures",
        jumbled,
        person_repeats,
        intake_open=True,
        **_CALLS,
        mixes=False,
    ),
    Scenario("F40", "away for 30 hours, keys forgotten", away_for_days, back_after_days, mixes=False),
    Scenario("F41", "JPY, KWD, HUF, EUR piece by piece", currencies, intake_open=True, **_CALLS, mixes=False),
    Scenario("F42", "worker dies around its calls, the gateway too", both_die),
    Scenario(
        "F43",
        "another amount than asked for",
        lies,
        person_is_needed,
        intake_open=True,
        **_CALLS,
        mixes=False,
    ),
]
