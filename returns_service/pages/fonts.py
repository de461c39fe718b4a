"""The document font: its 65,000 glyphs take seconds to load, so those that turn up are copied out and kept."""

import atexit
import io
import re
from collections.abc import Iterable
from functools import cache
from itertools import count
from typing import Any

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.ttLib.tables._g_l_y_f import Glyph
from noto_cjk_sans_otc import FONT_PATH
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as PdfFont

FACES = {"en": 2, "zh-Hans": 2, "zh-Hant": 3}
"""Language -> the font's number in the collection: the same character is drawn differently in China and Taiwan."""

ALWAYS = frozenset(
    map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2027), 0x20AC, 0x2026))
)
MOST = 6000
"""Above this many characters a face is started anew, so that it stays small."""

# More than the maxima of the whole collection: what a part holds must not show in a document.
_LIMITS = {"maxPoints": 4096, "maxContours": 512, "maxZones": 1}
_NO_LIMITS = (
    "maxCompositePoints",
    "maxCompositeContours",
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
    "maxComponentDepth",
)


class _Font(PdfFont):  # type: ignore[misc]  # reportlab is untyped
    """Of reportlab, but its rare characters, such as those of old family names, can be copied from the document too."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802
        super().addObjects(doc)
        for name, part in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                part.content = re.sub(r"<([0-9A-F]{5,6})>", _as_two_halves, part.content)


def _as_two_halves(code: re.Match[str]) -> str:
    return f"<{chr(int(code[1], 16)).encode('utf-16-be').hex()}>"


class _Face:
    """A growing part of one face. Each growth is a new font in the PDF library, under a new name."""

    def __init__(self, number: int) -> None:
        self.number = number
        # The collection has one table of outlines for all its faces.
        self.source, self.outlines = _opened(number), _opened(min(FACES.values()))
        self.source.setGlyphOrder(self.outlines.getGlyphOrder())
        self.glyph_of: dict[int, str] = self.source["cmap"].getcmap(3, 10).cmap
        self.font: Any = None
        self._start()

    def _start(self) -> None:
        self.signs: set[str] = set()
        self.glyphs: dict[str, Glyph] = {}
        self.widths: dict[str, tuple[int, int]] = {}
        self._copy([".notdef"])

    def covering(self, signs: frozenset[str]) -> str:
        if self.font is None or not signs <= self.signs:
            if len(self.signs) > MOST:
                self._start()
            self.signs |= signs | ALWAYS
            self._copy(self.glyph_of[ord(sign)] for sign in sorted(self.signs) if ord(sign) in self.glyph_of)
            self._publish()
        return str(self.font.fontName)

    def _copy(self, names: Iterable[str]) -> None:
        """Quadratic outlines instead of cubic ones: written into a PDF, their text can be read by every program."""
        outlines = self.outlines["CFF "].cff.topDictIndex[0].CharStrings
        for name in names:
            if name in self.glyphs:
                continue
            pen, outline = TTGlyphPen(None), outlines[name]
            outline.draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
            glyph = pen.glyph()
            glyph.recalcBounds(None)
            self.widths[name] = (round(outline.width), getattr(glyph, "xMin", 0))
            self.glyphs[name] = Glyph(glyph.compile(None, recalcBBoxes=False))

    def _publish(self) -> None:
        if self.font:
            self.font.unregister()
        name = f"noto-{self.number}-{next(_GENERATION)}"
        self.font = _Font(name, io.BytesIO(self._file()), asciiReadable=False)
        pdfmetrics.registerFont(self.font)

    def _file(self) -> bytes:
        font = TTFont(recalcBBoxes=False, recalcTimestamp=False)
        font.setGlyphOrder(list(self.glyphs))
        for tag in ("head", "hhea", "OS/2", "post", "name"):
            font[tag] = self.source[tag]
        font["maxp"], font["cmap"], font["hmtx"], font["loca"], font["glyf"] = map(
            newTable, ("maxp", "cmap", "hmtx", "loca", "glyf")
        )
        vars(font["maxp"]).update(dict.fromkeys(_NO_LIMITS, 0), tableVersion=0x00010000, **_LIMITS)
        font["cmap"].tableVersion, font["cmap"].tables = 0, [self._characters()]
        font["hmtx"].metrics = self.widths
        font["glyf"].glyphOrder, font["glyf"].glyphs = list(self.glyphs), self.glyphs
        written = io.BytesIO()
        font.save(written)
        return written.getvalue()

    def _characters(self) -> Any:
        table = CmapSubtable.newSubtable(12)
        table.platformID, table.platEncID, table.language = 3, 10, 0
        known = {ord(sign) for sign in self.signs}
        table.cmap = {code: self.glyph_of[code] for code in known if code in self.glyph_of}
        return table


_GENERATION = count(1)


@cache
def _opened(number: int) -> TTFont:
    font = TTFont(FONT_PATH, fontNumber=number, lazy=True)
    atexit.register(font.close)
    return font


@cache
def _face(number: int) -> _Face:
    return _Face(number)


def font_name(text: str, language: str) -> str:
    """The name, for reportlab, of a font that draws this text as readers of the language expect it.

    Until the next call, and not for two threads at once: reportlab's fonts keep their place while they are written.
    """
    return _face(FACES[language]).covering(frozenset(text))
