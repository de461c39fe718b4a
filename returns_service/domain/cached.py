"""`cached_property` that lets threads work side by side."""

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from functools import cached_property as cached_property
else:

    class cached_property(functools.cached_property):  # noqa: N801  it stands in for that one
        """Without the lock that all objects of a class share before Python 3.12: while one thread asked the database
        for the lines of its case, every other thread waited for its own. Our objects belong to one thread each, or
        come to the same value twice.
        """

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is None:
                return self
            value = instance.__dict__[self.attrname] = self.func(instance)
            return value
