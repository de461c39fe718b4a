"""What is done to the service while it works, by number: the faults of `reference/reliability.md`."""

from tests.faults.scenarios import database, gateway, messages, redis, warehouse, web, worker
from tests.faults.scenarios.scene import Act, Scenario, Scene

CALM = Scenario("F00", "nothing", lambda scene: scene.over.wait(), intake_open=True, cuts=False, mixes=False)


def everything(scene: Scene) -> None:
    """Three others at once."""
    others = [one for one in SCENARIOS.values() if one.mixes and one.fits(scene.stage.kind)]
    chosen = scene.random.sample(others, 3)
    scene.words = " + ".join(one.number for one in chosen)
    scene.at_once([lambda one=one: one.act(scene) for one in chosen])


ALL: list[Scenario] = [
    CALM,
    *web.SCENARIOS,
    *worker.SCENARIOS,
    *redis.SCENARIOS,
    *database.SCENARIOS,
    *gateway.SCENARIOS,
    *warehouse.SCENARIOS,
    *messages.SCENARIOS,
    Scenario("F61", "three of these at once", everything),
]
SCENARIOS = {one.number: one for one in ALL}

__all__ = ["ALL", "SCENARIOS", "Act", "Scenario", "Scene"]
