"""One printed page: a pen that counts in millimetres from the top left corner and knows how wide text is."""

import io
import re
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from returns_service.pages.barcodes import black

Colour = tuple[int, int, int]
Place = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, width and height."""

MM = 72 / 25.4
BASELINE = 0.331
"""From the top of a line to the feet of its letters, in millimetres for each point of its size."""

OUTLINE = 0.008
"""How much of an outline, in millimetres for each point, makes the one weight of the font bold."""

_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_PIECE = re.compile(
    rf"[（「『《〈“‘]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[，。、；：！？）」』》〉”’]*\s*"  # what stays on one line
)

rl_config.useA85 = 0  # bytes as they are, not as letters: a mail encodes its attachments anyhow


def _colour(parts: Colour) -> str:
    return " ".join(f"{part / 255:.3f}" for part in parts)


class Sheet:
    """A page of A4 in one font, which reportlab knows by its name."""

    def __init__(self, font: str, *, language: str, title: str, author: str, made_at: datetime) -> None:
        self._out = io.BytesIO()
        # Invariant, and made when the case was: the same case gives the same document.
        self._canvas = Canvas(self._out, A4, lang=language, invariant=1, initialFontName=font)
        self._canvas.setDateFormatter(lambda *_: made_at.strftime("D:%Y%m%d%H%M%S%z"))
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._font = pdfmetrics.getFont(font)
        self._widths, self._missing = self._font.face.charWidths, self._font.face.defaultWidth

    def pdf(self) -> bytes:
        self._canvas.save()
        return self._out.getvalue()

    def width(self, text: str, size: float) -> float:
        return sum(self._advances(text, size))

    def _advances(self, text: str, size: float) -> Iterable[float]:
        scale = size / 1000 / MM
        return (self._widths.get(ord(sign), self._missing) * scale for sign in text)

    def fit(self, text: str, size: float, width: float) -> str:
        """The text, cut with an ellipsis where it would be wider."""
        ends = list(accumulate(self._advances(text, size)))
        if not ends or ends[-1] <= width:
            return text
        return text[: bisect_right(ends, width - self.width("...", size))].rstrip() + "..."

    def lines(self, text: str, size: float, width: float) -> list[str]:
        """The text in lines: Chinese breaks between any two characters, but no line begins with a full stop."""
        found, end = [""], 0.0
        for piece in _PIECE.findall(text):
            if found[-1] and end + self.width(piece.rstrip(), size) > width:
                found, end = [*found, ""], 0.0
            found[-1] += piece
            end += self.width(piece, size)
        return [line.rstrip() for line in found]

    def say(self, at: Place, text: str, size: float, ink: Colour, *, bold: bool = False) -> None:
        """One line of text with its top left corner at a place. Written by hand: it is most of the page."""
        colour, document = _colour(ink), self._canvas._doc
        outline = f"{colour} RG {size * OUTLINE * MM:.3f} w 2 Tr" if bold else "0 Tr"
        x, y = at[0] * MM, A4[1] - (at[1] + size * BASELINE) * MM
        code = [f"BT {colour} rg {outline} {x:.3f} {y:.3f} Td"]
        for part, signs in self._font.splitString(text, document):
            code.append(f"{self._font.getSubsetInternalName(part, document)} {size:g} Tf <{signs.hex()}> Tj")
        self._canvas.addLiteral(" ".join([*code, "ET"]))

    def fill(self, box: Box, colour: Colour, *, radius: float = 0) -> None:
        self._canvas.addLiteral(f"{_colour(colour)} rg")
        x, y, width, height = box
        box = (x * MM, A4[1] - (y + height) * MM, width * MM, height * MM)
        if radius:
            self._canvas.roundRect(*box, radius * MM, stroke=0, fill=1)
        else:
            self._canvas.rect(*box, stroke=0, fill=1)

    def rule(self, y: float, left: float, right: float, colour: Colour, *, dash: Place | None = None) -> None:
        pen, height = self._canvas, A4[1] - y * MM
        pen.addLiteral(f"{_colour(colour)} RG")
        pen.setLineWidth(0.2 * MM)
        if dash:
            pen.setDash([part * MM for part in dash])
        pen.line(left * MM, height, right * MM, height)
        if dash:
            pen.setDash()

    def modules(self, rows: Iterable[str], at: Place, size: Place) -> None:
        """Rows of "1" for black and "0" for white, drawn as one shape, so that no hairline shows within it."""
        bars = [
            f"{left} {row} {wide} 1 re" for row, modules in enumerate(rows) for left, wide in black(modules)
        ]
        corner = f"{at[0] * MM:.3f} {A4[1] - at[1] * MM:.3f}"
        scale = f"{size[0] * MM:.5f} 0 0 {-size[1] * MM:.5f} {corner} cm"
        self._canvas.addLiteral("\n".join([f"q 0 g {scale}", *bars, "f Q"]))
