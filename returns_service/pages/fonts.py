"""The document font: its 65,000 glyphs take seconds to load, so those that turn up are copied out and kept."""

import atexit
import io
from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import sha256
from itertools import accumulate
from struct import pack, unpack_from
from threading import Lock
from typing import NamedTuple

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import SFNTWriter
from noto_cjk_sans_otc import FONT_PATH

from returns_service.pages.pdf import stream

FACES = {"en": 2, "zh-Hans": 2, "zh-Hant": 3}
"""Language -> the font's number in the collection: the same character is drawn differently in China and Taiwan."""

NOWHERE = "\uffff"
"""No character: what is drawn for those that the font does not have."""

# More than the maxima of the whole collection: what else is kept of a face must not show in a document.
_MOST_POINTS, _MOST_CONTOURS = 4096, 512
_ONE_AT_A_TIME = Lock()
"""The collection is read from one place at a time."""


class _Glyph(NamedTuple):
    """`width` and `left`, where its ink begins, in thousandths of the size."""

    outline: bytes
    width: int
    left: int


class _Face:
    """One face of the collection. It has one table of outlines for all."""

    def __init__(self, number: int) -> None:
        source, outlines = _opened(number), _opened(min(FACES.values()))
        source.setGlyphOrder(outlines.getGlyphOrder())
        self.glyph_of: dict[int, str] = source["cmap"].getcmap(3, 10).cmap
        self.outlines = outlines["CFF "].cff.topDictIndex[0].CharStrings
        self.name: str = source["name"].getDebugName(6)
        self.head, self.hhea = source.reader["head"], source.reader["hhea"]
        about = source["OS/2"]
        box = " ".join(map(str, unpack_from(">4h", self.head, 36)))
        self.measures = (
            f"/Flags 4/ItalicAngle 0/StemV 87/FontBBox[{box}]/Ascent {about.sTypoAscender}"
            f"/Descent {about.sTypoDescender}/CapHeight {about.sCapHeight}"
        )


@cache
def _opened(number: int) -> TTFont:
    font = TTFont(FONT_PATH, fontNumber=number, lazy=True)
    atexit.register(font.close)
    return font


@cache
def _face(number: int) -> _Face:
    return _Face(number)


@lru_cache(maxsize=6000)
def _glyph(number: int, sign: str) -> _Glyph:
    """Quadratic outlines instead of cubic ones: written into a PDF, their text can be read by every program."""
    with _ONE_AT_A_TIME:
        face, pen = _face(number), TTGlyphPen(None)
        outline = face.outlines[face.glyph_of.get(ord(sign), ".notdef")]
        outline.draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
    glyph = pen.glyph()
    glyph.recalcBounds(None)
    drawn = glyph.compile(None, recalcBBoxes=False)
    return _Glyph(drawn + bytes(-len(drawn) % 4), round(outline.width), getattr(glyph, "xMin", 0))


class Widths(dict[str, int]):
    """How far each character moves the pen, in thousandths of the size."""

    def __init__(self, face: int) -> None:
        self._face = face

    def __missing__(self, sign: str) -> int:
        width = self[sign] = _glyph(self._face, sign).width
        return width


@cache
def widths(language: str) -> Widths:
    return Widths(FACES[language])


class Font:
    """Some characters of a face, for a document. `codes`: how each is written there, in hexadecimal digits."""

    def __init__(self, signs: str, number: int) -> None:
        glyphs = [_glyph(number, sign) for sign in (NOWHERE, *signs)]
        self.codes = {sign: f"{code:04x}" for code, sign in enumerate(signs, 1)}
        self._face = _face(number)
        self._widths = " ".join(str(glyph.width) for glyph in glyphs)
        self._file = stream(_file(self._face, glyphs))
        self._read_back = stream(_read_back(self.codes))
        tag = "".join(chr(ord("A") + byte % 26) for byte in sha256(signs.encode()).digest()[:6])
        self._name = f"{tag}+{self._face.name}"

    def objects(self, first: int) -> tuple[bytes, ...]:
        """Of a PDF, numbered from the first on."""
        whole = (
            f"<</Type/Font/Subtype/Type0/BaseFont/{self._name}/Encoding/Identity-H"
            f"/DescendantFonts[{first + 1} 0 R]/ToUnicode {first + 4} 0 R>>"
        )
        part = (
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{self._name}/CIDToGIDMap/Identity"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {first + 2} 0 R/W[0[{self._widths}]]>>"
        )
        about = (
            f"<</Type/FontDescriptor/FontName/{self._name}{self._face.measures}/FontFile2 {first + 3} 0 R>>"
        )
        return whole.encode(), part.encode(), about.encode(), self._file, self._read_back


@lru_cache(maxsize=64)  # that of a language's own words is in every slip
def font(signs: str, language: str) -> Font:
    """A font of these characters, each once, as readers of the language expect them."""
    return Font(signs, FACES[language])


def _file(face: _Face, glyphs: Sequence[_Glyph]) -> bytes:
    """As a TrueType file."""
    count = len(glyphs)
    limits = (count, _MOST_POINTS, _MOST_CONTOURS, 0, 0, 1, *[0] * 8)
    tables = {
        "glyf": b"".join(glyph.outline for glyph in glyphs),
        "head": face.head[:50] + pack(">2h", 1, 0),  # four bytes for each place in `loca`
        "hhea": face.hhea[:34] + pack(">H", count),
        "hmtx": b"".join(pack(">Hh", glyph.width, glyph.left) for glyph in glyphs),
        "loca": pack(f">{count + 1}L", *accumulate((len(glyph.outline) for glyph in glyphs), initial=0)),
        "maxp": pack(">L14H", 0x00010000, *limits),
    }
    file = io.BytesIO()
    writer = SFNTWriter(file, len(tables))
    for tag, table in tables.items():
        writer[tag] = table
    writer.close()
    return file.getvalue()


def _read_back(codes: dict[str, str]) -> bytes:
    """What each code stands for, so that text can be searched and copied."""
    rows = [f"<{code}><{sign.encode('utf-16-be').hex()}>" for sign, code in codes.items()]
    lists = [rows[start : start + 100] for start in range(0, len(rows), 100)]  # longer ones are not allowed
    known = "\n".join("\n".join((f"{len(part)} beginbfchar", *part, "endbfchar")) for part in lists)
    return _CMAP.replace("%", known).encode()


_CMAP = """\
/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000><ffff>
endcodespacerange
%
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
