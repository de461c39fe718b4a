"""Words of a case: stages that people see, human numbers that survive a telephone."""

import secrets

STAGES = {
    "requested": "requested",
    "info_requested": "requested",
    "approved": "reviewed",
    "rejected": "reviewed",
    "shipped_back": "shipped_back",
    "received": "shipped_back",
    "inspected": "inspected",
    "settling": "inspected",
    "refunded": "refunded",
    "replaced": "replaced",
    "closed": "closed",
    "cancelled": "closed",
    "expired": "closed",
}
"""State -> the stage shown to people (design, section 3)."""

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs, a prime: a weighted sum modulo 31 finds every wrong sign and every swap. No 0/O, 1/I/L."""


def _check(signs: str) -> str:
    return _ALPHABET[sum((i + 2) * _ALPHABET.index(s) for i, s in enumerate(signs)) % 31]


def new_number() -> str:
    """A random case number such as R-7F3K-92QD; the last sign is a check digit."""
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(7))
    return f"R-{signs[:4]}-{signs[4:]}{_check(signs)}"


def read_number(text: str) -> str | None:
    """A number as somebody typed, scanned or said it, in its proper form; None when it cannot be one."""
    signs = "".join(c for c in text.upper() if c.isalnum())
    signs = signs.removeprefix("R") if len(signs) == 9 else signs
    if len(signs) != 8 or any(s not in _ALPHABET for s in signs) or _check(signs[:7]) != signs[7]:
        return None
    return f"R-{signs[:4]}-{signs[4:]}"
