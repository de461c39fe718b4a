"""A shop's colour as the tokens of the style sheet, always readable by day and by night."""

from returns_service.pages import safe
from returns_service.usecases.find_shop import ShopFacts

DEFAULT = "#14503c"
_DAY, _NIGHT = "#f5f3ee", "#242a27"
_ENOUGH = 4.6
"""A little more than the 4.5 that WCAG asks of text."""


def tokens(shop: ShopFacts | None) -> str:
    """Declarations for `:root`; empty for the product's own colour."""
    colour = safe.colour((shop.brand if shop else {}).get("colour"), DEFAULT)
    if colour == DEFAULT:
        return ""
    day, night = readable(colour, _DAY), readable(colour, _NIGHT)
    return (
        f":root{{--brand:{colour};--on-brand:{safe.ink_on(colour)};--brand-text:light-dark({day},{night})}}"
    )


def readable(colour: str, ground: str) -> str:
    """The colour, moved towards black or white until it can be read on a ground."""
    goal = 0 if safe.luminance(ground) > 0.4 else 255
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    for step in range(21):
        mixed = [round(part + (goal - part) * step / 20) for part in parts]
        shade = "#" + "".join(f"{part:02x}" for part in mixed)
        if safe.contrast(shade, ground) >= _ENOUGH:
            return shade
    return shade
