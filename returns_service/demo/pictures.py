"""Pictures of the demo shop's goods: simple drawings of our own, as SVG."""

from functools import cache
from typing import Any

from returns_service.demo.reading import read

_FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" width="240" height="240" role="img">'
    '<rect width="120" height="120" fill="{ground}"/>{drawing}</svg>\n'
)
_STROKE = 'stroke="#26323f" stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round"'


@cache
def _drawings() -> dict[str, Any]:
    found: dict[str, Any] = read("pictures")
    return found


def names() -> list[str]:
    """Of every picture there is."""
    return list(_drawings())


def svg(name: str) -> str | None:
    """One picture; None when there is none of that name."""
    drawn = _drawings().get(name)
    if drawn is None:
        return None
    fill, line = drawn["colour"], "none"
    shapes = [f'<path d="{path}" fill="{fill}" {_STROKE}/>' for path in drawn.get("shapes", ())]
    strokes = [f'<path d="{path}" fill="{line}" {_STROKE}/>' for path in drawn.get("lines", ())]
    return _FRAME.format(ground=drawn.get("ground", "#eef1f4"), drawing="".join(shapes + strokes))
