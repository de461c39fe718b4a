"""A document of one page as PDF.

Written by hand: a library takes ten times as long to number and write what is the same in every document, its fonts above all.
"""

import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

HEAD = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"  # the second line tells programs that it is no text


class Font(Protocol):
    """A font in a document: the numbered objects that it consists of; the first is what the page refers to."""

    def objects(self, first: int) -> Sequence[bytes]: ...


class About(NamedTuple):
    """What a document says of itself."""

    language: str
    title: str
    author: str
    made_at: datetime


def stream(data: bytes, level: int = zlib.Z_DEFAULT_COMPRESSION) -> bytes:
    packed = zlib.compress(data, level)
    # The length when unpacked is what a font must tell and everything else may.
    head = f"<</Filter/FlateDecode/Length {len(packed)}/Length1 {len(data)}>>stream\n"
    return b"".join((head.encode(), packed, b"\nendstream"))


def document(content: bytes, size: tuple[float, float], fonts: Iterable[Font], about: About) -> bytes:
    """The fonts are F0, F1 and so on in the content. Made when it is told: the same page gives the same bytes."""
    parts = [
        f"<</Type/Catalog/Pages 2 0 R/Lang({about.language})>>".encode(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"",  # the page, as soon as its fonts have numbers
        _said(about),
        stream(content, zlib.Z_BEST_SPEED),
    ]
    named = ""
    for number, font in enumerate(fonts):
        named += f"/F{number} {len(parts) + 1} 0 R"
        parts += font.objects(len(parts) + 1)
    box = f"[0 0 {size[0]:.4f} {size[1]:.4f}]"
    page = f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Contents 5 0 R/Resources<</Font<<{named}>>>>>>"
    parts[2] = page.encode()
    return _numbered(parts)


def _said(about: About) -> bytes:
    date = f"(D:{about.made_at.astimezone(UTC):%Y%m%d%H%M%S}Z)"
    names = f"/Title{_text(about.title)}/Author{_text(about.author)}"
    return f"<<{names}/CreationDate{date}/ModDate{date}>>".encode()


def _text(words: str) -> str:
    return f"<feff{words.encode('utf-16-be').hex()}>"


def _numbered(parts: Sequence[bytes]) -> bytes:
    """The objects, numbered from 1 on, and the table of where they are."""
    file, at, table = [HEAD], len(HEAD), ["0000000000 65535 f \n"]
    for number, part in enumerate(parts, 1):
        table.append(f"{at:010} 00000 n \n")
        file.append(b"%d 0 obj\n%b\nendobj\n" % (number, part))
        at += len(file[-1])
    count = len(table)
    end = f"xref\n0 {count}\n{''.join(table)}trailer\n<</Size {count}/Root 1 0 R/Info 4 0 R>>\nstartxref\n{at}\n%%EOF\n"
    return b"".join((*file, end.encode()))
