"""Which of our languages a reader gets."""

import re
from collections.abc import Sequence

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
_TRADITIONAL = {"hant", "tw", "hk", "mo"}


def language_of(tag: str | None) -> str | None:
    """The language that serves a locale such as "zh-TW" or "en_GB"; None where none does."""
    parts = re.split(r"[-_.]", (tag or "").strip().lower())
    if parts[0] == "en":
        return "en"
    if parts[0] not in ("zh", "cmn"):
        return None
    return "zh-Hant" if _TRADITIONAL & set(parts[1:]) and "hans" not in parts else "zh-Hans"


def negotiate(wanted: str | None, offered: Sequence[str] = LANGUAGES) -> str:
    """The language for a customer's locale or a browser's Accept-Language; English when nothing fits."""
    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate((wanted or "").split(",")[:20]):
        tag, _, weight = part.partition(";")
        language = language_of(tag)
        if language is not None and language in offered:
            ranked.append((-_weight(weight), position, language))
    ranked = [choice for choice in ranked if choice[0] < 0]
    return min(ranked)[2] if ranked else "en"


def _weight(text: str) -> float:
    found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", text)
    return float(found[1]) if found else 1.0
