"""F22-F27: redis is gone, empty, frozen, full, restarted, read-only. It only rings the bell."""

import shutil
import signal
from contextlib import closing, suppress

from redis.exceptions import RedisError

from tests.faults.scenarios.scene import Scenario, Scene
from tests.ground import processes


def _kill(scene: Scene) -> None:
    server = scene.stage.house.redis
    if server.process is not None:
        server.process.kill()
        server.process.wait()


def _tell(scene: Scene, *words: str | int) -> None:
    with suppress(RedisError, OSError), closing(scene.stage.house.redis.client()) as client:
        client.execute_command(*words)


def down(scene: Scene) -> None:
    """Gone for seconds."""
    while not scene.pause(0.2, 0.6):
        _kill(scene)
        scene.pause(0.5, 2.5)
        scene.stage.house.redis.ensure()


def emptied(scene: Scene) -> None:
    """Started again with nothing in it."""
    while not scene.pause(0.1, 0.6):
        _kill(scene)
        shutil.rmtree(scene.stage.house.redis.folder / "appendonlydir", ignore_errors=True)
        scene.stage.house.redis.ensure()


def frozen(scene: Scene) -> None:
    """It takes connections and says nothing."""
    process = scene.stage.house.redis.process
    while not scene.pause(0.1, 0.5):
        if scene.random.random() < 0.5:
            _tell(scene, "CLIENT", "PAUSE", scene.random.randint(300, 2000))
        elif process is not None:
            process.send_signal(signal.SIGSTOP)
            scene.pause(0.3, 2)
            process.send_signal(signal.SIGCONT)
    _tell(scene, "CLIENT", "UNPAUSE")


def full(scene: Scene) -> None:
    """No memory: it refuses to write, or throws away what it holds."""
    while not scene.pause(0.05, 0.3):
        _tell(scene, "CONFIG", "SET", "maxmemory-policy", scene.random.choice(("noeviction", "allkeys-lru")))
        _tell(scene, "CONFIG", "SET", "maxmemory", 100_000)
        scene.pause(0.3, 1.5)
        _tell(scene, "CONFIG", "SET", "maxmemory", 0)


def restarted(scene: Scene) -> None:
    """Again and again, in the middle of jobs."""
    while not scene.pause(0.05, 0.4):
        _kill(scene)
        scene.stage.house.redis.ensure()


def read_only(scene: Scene) -> None:
    """A failover has made it a replica."""
    while not scene.pause(0.1, 0.4):
        _tell(scene, "REPLICAOF", "127.0.0.1", processes.free_ports(1)[0])
        scene.pause(0.3, 1.5)
        _tell(scene, "REPLICAOF", "NO", "ONE")


SCENARIOS = [
    Scenario("F22", "redis down", down, intake_open=True, cuts=False),
    Scenario("F23", "redis restarted empty", emptied, intake_open=True, cuts=False),
    Scenario("F24", "redis frozen or paused", frozen, intake_open=True, cuts=False),
    Scenario("F25", "redis full, evicting", full, intake_open=True, cuts=False),
    Scenario("F26", "redis restarted in mid-job", restarted, intake_open=True, cuts=False),
    Scenario("F27", "redis read-only after a failover", read_only, intake_open=True, cuts=False),
]
