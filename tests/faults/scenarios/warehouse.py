"""F44-F46: carriers repeat and jumble what they say, two scanners take one unit, a tablet was offline."""

import json
import signal
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from standardwebhooks.webhooks import Webhook

from tests.faults.log import Race
from tests.faults.scenarios.scene import Scenario, Scene
from tests.faults.workload import UNIT, Client, GaveUp
from tests.ground.stage import CARRIER_SECRET

SCANS = ("picked_up", "in_transit", "out_for_delivery", "delivered")


def carrier(scene: Scene) -> None:
    """Scans come up to three times, in any order, some a day late when the money is long back."""
    client, late = scene.client(), []
    while not scene.over.is_set():
        try:
            late += _travel(scene, client)
        except GaveUp as why:
            scene.log.wrong.append(str(why))
            return
    taken = [_tell(scene, event) for event in late * 2]
    _taken_once(scene, late * 2, taken)


def _travel(scene: Scene, client: Client) -> list[dict[str, Any]]:
    number = client.order()
    case = client.create(number)
    scene.log.expect(case["id"], "refunded")
    client.send(case, number)
    now = datetime.now(UTC)
    events = [
        {
            "id": f"{number}-{kind}",
            "tracking_number": f"R{number}",
            "type": kind,
            "at": (now + timedelta(minutes=n)).isoformat(),
            "carrier": "dhl",
            "leg": "return",
        }
        for n, kind in enumerate(SCANS)
    ]
    kept_back = [events.pop(scene.random.randrange(len(events)))]
    sent = [event for event in events for _ in range(scene.random.randint(1, 3))]
    scene.random.shuffle(sent)
    taken = scene.at_once([lambda event=event: _tell(scene, event) for event in sent])
    _taken_once(scene, sent, taken)
    client.unpack(case)
    return kept_back


def _tell(scene: Scene, event: dict[str, Any]) -> bool | None:
    """Whether it was news; None when nobody said so."""
    body, now, name = json.dumps({"events": [event]}), datetime.now(UTC), event["id"]
    headers = {"webhook-id": name, "webhook-timestamp": str(int(now.timestamp()))}
    headers["webhook-signature"] = Webhook(CARRIER_SECRET).sign(name, now, body)
    try:
        answer = httpx.post(
            f"{scene.stage.url}/v1/hooks/demo/tracking", content=body, headers=headers, timeout=8
        )
    except httpx.HTTPError:
        return None
    if answer.status_code == 500:
        scene.log.wrong.append(f"500 for a carrier's event: {answer.text[:200]}")
    return bool(answer.json()["taken"]) if answer.is_success else None


def _taken_once(scene: Scene, events: list[dict[str, Any]], taken: list[bool | None]) -> None:
    for name in {event["id"] for event in events}:
        said = [news for event, news in zip(events, taken, strict=True) if event["id"] == name]
        if None not in said:
            scene.log.races.append(Race("a carrier's event", [200 if news else 304 for news in said], (304,)))


def two_scanners(scene: Scene) -> None:
    """Two of them read the same unit at the same instant."""
    client, docks = scene.client(), [scene.client(), scene.client()]
    while not scene.over.is_set():
        number = client.order()
        case = client.create(number)
        client.send(case, number)
        path, line = f"/v1/returns/{case['id']}", case["lines"][0]["id"]
        body = {"lines": [{"line_id": line, "quantity": 1}]}
        scene.at_once([lambda dock=dock: dock.ask("POST", f"{path}/receive", body) for dock in docks])  # noqa: B023


def tablet(scene: Scene) -> None:
    """The dock's tablet was offline: its queue is sent at once, and once more, while the web server falls."""
    client = scene.client()
    while not scene.over.is_set():
        try:
            queue = [call for _ in range(3) for call in _scans(scene, client)]
            for again in range(2):
                for path, body, key in queue:
                    if not again and scene.random.random() < 0.1:
                        scene.signal("web", signal.SIGKILL)
                    client.ask("POST", path, body, key=key)
        except GaveUp as why:
            scene.log.wrong.append(str(why))
            return


def _scans(scene: Scene, client: Client) -> list[tuple[str, Any, str]]:
    number = client.order()
    case = client.create(number)
    scene.log.expect(case["id"], "refunded")
    client.send(case, number)
    path, line = f"/v1/returns/{case['id']}", case["lines"][0]["id"]
    found = {"lines": [{"line_id": line, "units": [UNIT]}]}
    return [
        (f"{path}/receive", {"lines": [{"line_id": line, "quantity": 1}]}, client.new_key()),
        (f"{path}/inspect", found, client.new_key()),
    ]


SCENARIOS = [
    Scenario("F44", "carrier's scans repeated, jumbled, late", carrier, cuts=False, mixes=False),
    Scenario("F45", "two scanners, one unit", two_scanners, cuts=False),
    Scenario("F46", "a tablet that was offline", tablet),
]
