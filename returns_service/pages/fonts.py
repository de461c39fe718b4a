"""The document font, cut down to the characters in use: the whole collection takes half a second to load, a part 20 ms."""

import atexit
import tempfile
from pathlib import Path
from threading import Lock

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from noto_cjk_sans_otc import FONT_PATH

FACES = {"en": 2, "zh-Hans": 2, "zh-Hant": 3}
"""Language -> the font's number in the collection: the same character is drawn differently in China and Taiwan."""

ALWAYS = frozenset(
    map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2027), 0x20AC, 0x2026))
)
MOST = 6000
"""Above this many characters a part is started anew, so that it stays small."""


class _Part:
    """A growing part of one face. Each growth is a new file: another thread may still read the old one."""

    def __init__(self, number: int, folder: Path) -> None:
        self.number, self.folder = number, folder
        self.signs: frozenset[str] = frozenset()
        self.file = Path()
        self.lock = Lock()

    def covering(self, signs: frozenset[str]) -> Path:
        with self.lock:
            if not signs <= self.signs:
                known = self.signs if len(self.signs) < MOST else frozenset()
                self._grow(known | signs | ALWAYS)
            return self.file

    def _grow(self, signs: frozenset[str]) -> None:
        options = Options(layout_features=[], hinting=False, notdef_outline=True)
        options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx"]
        cutter = Subsetter(options)
        cutter.populate(text="".join(sorted(signs)))
        file = self.folder / f"{self.number}-{len(signs)}-{hash(signs) & 0xFFFFFFFF:x}.ttf"
        with TTFont(FONT_PATH, fontNumber=self.number, lazy=True, recalcTimestamp=False) as font:
            cutter.subset(font)
            _to_truetype(font)
            font.save(file)
        self.file, self.signs = file, signs


def _to_truetype(font: TTFont) -> None:
    """Quadratic outlines instead of cubic ones: written into a PDF, their text can be read by every program."""
    names, drawn, glyphs = font.getGlyphOrder(), font.getGlyphSet(), {}
    for name in names:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = names, glyphs
    del font["CFF "]
    limits = font["maxp"]
    limits.tableVersion = 0x00010000
    for name in (
        "TwilightPoints",
        "Storage",
        "FunctionDefs",
        "InstructionDefs",
        "StackElements",
        "SizeOfInstructions",
    ):
        setattr(limits, f"max{name}", 0)
    limits.maxZones, limits.maxComponentElements = 1, 0
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


_FOLDER = tempfile.TemporaryDirectory(prefix="returns-fonts-", ignore_cleanup_errors=True)
atexit.register(_FOLDER.cleanup)
_PARTS = {number: _Part(number, Path(_FOLDER.name)) for number in set(FACES.values())}


def font_file(text: str, language: str) -> Path:
    """A font file that can draw this text as readers of the language expect it."""
    return _PARTS[FACES[language]].covering(frozenset(text))
