"""Names of people as they are looked for: without case, accents or signs between the words. Pure."""

import unicodedata
from difflib import SequenceMatcher

NEAR = 0.75
"""How much alike two words are that may be the same, mistyped."""


def searchable(name: str) -> str:
    """ "Zoë  O’Neil" and "zoe oneil" are the same."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c for c in plain if c.isalnum() or c.isspace()).split())


def alike(name: str, asked: str) -> bool:
    """Whether every word that was asked for is nearly one of the name's; both searchable."""
    words = name.split()
    return all(
        any(SequenceMatcher(None, one, word).ratio() >= NEAR for word in words) for one in asked.split()
    )
