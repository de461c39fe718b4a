"""The stories of the demo shop's cases: who wanted what, and what became of it."""

from collections.abc import Callable
from datetime import timedelta

from returns_service.demo.simulation import Story
from returns_service.demo.stage import Stage, days, hours, unit, wish


def kept_one(stage: Stage) -> Story:
    case = yield from stage.approved("2049", wish("2", reason="too_small"))
    yield days(1)
    stage.send_back(case, "ups", "1Z999AA10123456784")
    yield days(4)
    stage.receive(case)
    yield hours(20)
    stage.inspect(case, [unit(1, "A", "intact")])
    yield hours(1)


STORIES: tuple[tuple[timedelta, Callable[[Stage], Story]], ...] = ((days(30), kept_one),)
