"""How a long load tells how far it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Is told what is being loaded, how much of it is done, and of how much."""


def silent(_what: str, _done: int, _of: int) -> None:
    """Nobody watches."""
