"""Foreign text as text: nothing that a customer, a shop or a file name says can become markup, a header or a trick."""

import re
from functools import lru_cache
from typing import Any

from markupsafe import Markup

_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff"  # control characters
    "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]"  # turn the reading direction: "evil\u202efdp.exe" looks like a PDF
)
_WEB = re.compile(r"https?://[^\s\"'<>\\]+$", re.IGNORECASE)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def clean(value: Any) -> Any:
    """What a template may print: no None, no control character, no reversed reading direction."""
    if value is None:
        return ""
    if not isinstance(value, str) or not _UNFIT.search(value):
        return value
    fit = _UNFIT.sub("", str(value))
    return Markup(fit) if isinstance(value, Markup) else fit  # noqa: S704 - it was markup and only got shorter


def one_line(text: str, limit: int = 200) -> str:
    """Fit for a header or a title: no line break, no runs of blanks, cut at a sensible length."""
    flat = " ".join(str(clean(text)).split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def web_url(url: Any) -> str:
    """An address a reader may follow; "" for anything that is not plain http(s)."""
    text = str(clean(url or "")).strip()
    return text if _WEB.match(text) else ""


def colour(value: Any, otherwise: str) -> str:
    """A brand colour as #rrggbb; anything else gives the other."""
    return value.lower() if isinstance(value, str) and _COLOUR.fullmatch(value) else otherwise


def luminance(value: str) -> float:
    """Relative luminance of a #rrggbb colour (WCAG 2)."""
    parts = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2): 4.5 is enough for text."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=256)
def ink_on(background: str) -> str:
    """Black or white, whichever is read better on a colour."""
    return max(("#ffffff", "#111111"), key=lambda ink: contrast(ink, background))
