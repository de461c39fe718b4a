"""What all stories share."""

from collections.abc import Callable

from returns_service.demo.simulation import Story
from returns_service.demo.stage import Stage

Told = tuple[float, Callable[[Stage], Story]]
"""Days before the present, and the story."""
