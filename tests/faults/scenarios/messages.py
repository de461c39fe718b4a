"""F49, F52: the mail server and the storefront's webhook endpoint say "later" for a while."""

from tests.faults.scenarios.scene import Scenario, Scene


def mail_later(scene: Scene) -> None:
    """451, as a server that greylists; every message arrives once in the end."""
    while not scene.pause(0.1, 0.6):
        scene.stage.house.mailbox.away = True
        scene.pause(0.5, 3)
        scene.stage.house.mailbox.away = False


def nobody_listens(scene: Scene) -> None:
    """503 from the endpoint; mail and money are not held up by it."""
    while not scene.pause(0.1, 0.6):
        scene.stage.house.listener.away = True
        scene.pause(0.5, 3)
        scene.stage.house.listener.away = False


SCENARIOS = [
    Scenario("F49", "the mail server says later", mail_later, intake_open=True, cuts=False),
    Scenario("F52", "the webhook endpoint is away", nobody_listens, intake_open=True, cuts=False),
]
