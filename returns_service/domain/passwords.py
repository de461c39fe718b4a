"""Which passwords and PINs are good enough: long, not on the list of those that everybody tries first, not the name."""

from functools import cache
from importlib.resources import files
from itertools import pairwise

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256


@cache
def _weak() -> frozenset[str]:
    return frozenset(files("returns_service.domain").joinpath("weak_passwords.txt").read_text().split())


def weakness(password: str, *personal: str) -> str | None:
    """Why a password is refused: `short`, `long`, `common` or `personal`; None for a good one."""
    plain = password.casefold()
    if len(password) < SHORTEST_PASSWORD:
        return "short"
    if len(password) > LONGEST_PASSWORD:
        return "long"
    if plain in _weak() or plain.rstrip("0123456789!.?*#-_") in _weak() or len(set(plain)) < 5:
        return "common"
    parts = [part.casefold() for text in personal for part in (text, text.split("@")[0]) if len(part) > 3]
    return "personal" if any(plain.strip("0123456789!.?*#-_") == part for part in parts) else None


def good_pin(pin: str) -> bool:
    """Four to eight digits, not one digit again and again, not counted up or down."""
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
        return False
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    return steps not in ({0}, {1}, {-1})
