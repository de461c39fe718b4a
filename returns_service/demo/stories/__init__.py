"""The stories of the demo shop's cases: who wanted what, what people did about it, and what came of it."""

from returns_service.demo.stories import ahead, ended, goods, money, refused, settling, underway, waiting
from returns_service.demo.stories.telling import Told

STORIES: tuple[Told, ...] = (
    *waiting.STORIES,
    *refused.STORIES,
    *underway.STORIES,
    *settling.STORIES,
    *money.STORIES,
    *goods.STORIES,
    *ahead.STORIES,
    *ended.STORIES,
)
"""How many days ago each began, and how it went."""

__all__ = ["STORIES", "Told"]
