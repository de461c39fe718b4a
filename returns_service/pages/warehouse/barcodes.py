"""Bars for what the bench prints."""

from functools import lru_cache

from barcode.codex import Code128


@lru_cache(maxsize=512)
def bars(code: str) -> list[tuple[int, int]]:
    """A Code 128 as black bars: (left, width) in modules."""
    modules = Code128(code).build()[0]
    found, start = [], None
    for at, module in enumerate(modules + "0"):
        if module == "1" and start is None:
            start = at
        elif module != "1" and start is not None:
            found.append((start, at - start))
            start = None
    return found
