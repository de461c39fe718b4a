"""The return slip: one page that tells the customer how to send it back and the bench what is in the parcel."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import segno
from barcode.codex import Code128
from fpdf import FPDF, TextMode
from fpdf.enums import MethodReturnValue
from fpdf.fonts import TTFFont

from returns_service.pages import safe
from returns_service.pages.fonts import font_file
from returns_service.pages.messages.words import Words, facts, shop

WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 18.0
INNER = WIDTH - 2 * MARGIN
INK, MUTED, RULE, PANEL = (29, 35, 33), (91, 101, 98), (214, 211, 202), (246, 245, 241)
CUT = 214.0
"""Where the lower part is cut off to be stuck on the parcel."""
MOST_LINES = 9


@dataclass(frozen=True)
class _Texts:
    """Everything that is printed, collected first so that the font holds exactly these characters."""

    shop: str
    title: str
    number: str
    order: str
    until: tuple[str, str]
    send_to: str
    address: tuple[str, ...]
    heads: tuple[str, str, str]
    rows: tuple[tuple[str, str, str, str], ...]
    steps_title: str
    steps: tuple[str, ...]
    scan: str
    cut: str
    label: str
    colour: str
    link: str
    made_at: datetime

    def everything(self) -> str:
        plain = (
            self.shop,
            self.title,
            self.number,
            self.order,
            self.send_to,
            self.steps_title,
            self.scan,
            self.cut,
        )
        groups: Sequence[Sequence[str]] = (
            plain,
            self.until,
            self.address,
            self.heads,
            *self.rows,
            self.steps,
            (self.label,),
        )
        return "".join("".join(group) for group in groups)


def slip(context: Mapping[str, Any], language: str) -> bytes:
    """The slip of a case as PDF. The context is that of a message, plus `location`: name and address `lines`."""
    texts = _texts(facts(context), language)
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.creation_date = texts.made_at  # not now: the same case gives the same document
    pdf.set_title(f"{texts.title} {texts.number}")
    pdf.set_lang(language)
    pdf.add_font("slip", fname=font_file(texts.everything(), language))
    pdf.add_page()
    _head(pdf, texts)
    _panels(pdf, texts)
    below = _items(pdf, texts)
    _steps(pdf, texts, below)
    _label(pdf, texts)
    made = bytes(pdf.output())
    cast(TTFFont, pdf.fonts["slip"]).ttfont.close()  # fpdf leaves the file open
    return made


def _texts(context: Mapping[str, Any], language: str) -> _Texts:
    case, face = context["case"], shop(context)
    say = Words(context, language)
    gettext = say.gettext
    location = context["location"] or {}
    until = say.deadline("ship")
    address = [
        str(safe.clean(line))
        for line in [location.get("name") or face["name"], *(location.get("lines") or [])]
    ]
    link = safe.web_url((context["links"] or {}).get("portal"))
    return _Texts(
        shop=safe.one_line(face["name"], 60),
        title=gettext("Return slip"),
        number=case["number"],
        order=gettext("Order %(order)s")
        % {"order": safe.one_line(str(case["order_number"] or case["order_id"]), 40)},
        until=(gettext("Please send it by"), until or gettext("as soon as you can")),
        send_to=gettext("Send to"),
        address=tuple(safe.one_line(line, 70) for line in address if line)[:7],
        heads=(gettext("Qty"), gettext("Item"), gettext("Reason and wish")),
        rows=_rows(case, say),
        steps_title=gettext("How to pack"),
        steps=_packing(gettext, bool(case["label"])),
        scan=gettext("Scan to follow your return"),
        cut=gettext("Cut here and stick this part on the parcel"),
        label=_carrier(case["label"]),
        colour=face["colour"],
        link=link or case["number"],
        made_at=datetime.fromisoformat(case["created_at"]),
    )


def _rows(case: Mapping[str, Any], say: Words) -> tuple[tuple[str, str, str, str], ...]:
    rows = [
        (
            f"{line['quantity']} ×",
            safe.one_line(say.title(line)),
            safe.one_line(str(line["sku"] or ""), 60),
            safe.one_line(
                " · ".join(t for t in (say.reason(line["reason"]), say.resolution(line["resolution"])) if t)
            ),
        )
        for line in case["lines"]
    ]
    if len(rows) > MOST_LINES:
        more = say.gettext("and %(count)s more, see the page of your return") % {
            "count": len(rows) - MOST_LINES + 1
        }
        rows = [*rows[: MOST_LINES - 1], ("", more, "", "")]
    return tuple(rows)


def _packing(gettext: Any, has_label: bool) -> tuple[str, ...]:
    last = (
        gettext("Stick the carrier's label on the outside and hand the parcel in. Keep the receipt.")
        if has_label
        else gettext("Stick the lower part on the outside and hand the parcel in. Keep the receipt.")
    )
    return (
        gettext(
            "Pack the items well, in their original packaging where you have it, with all parts and tags."
        ),
        gettext("Put the upper part of this page into the parcel. Send one return per parcel."),
        last,
    )


def _carrier(label: Mapping[str, Any] | None) -> str:
    if not label:
        return ""
    return safe.one_line(
        " ".join(str(label[key]).upper() for key in ("carrier", "tracking_number") if label[key]), 60
    )


def _say(
    pdf: FPDF, at: tuple[float, float], text: str, size: float, *, bold: bool = False, ink: Any = INK
) -> None:
    """One line of text with its top left corner at a place. The font has one weight: bold is drawn with an outline."""
    if not text:
        return
    pdf.set_font("slip", size=size)
    pdf.set_text_color(*ink)
    pdf.set_draw_color(*ink)
    pdf.set_line_width(size * 0.008 if bold else 0.1)
    pdf.text_mode = TextMode.FILL_STROKE if bold else TextMode.FILL
    pdf.set_xy(*at)
    pdf.cell(text=text, h=size * 0.45)
    pdf.text_mode = TextMode.FILL


def _fit(pdf: FPDF, text: str, size: float, width: float) -> str:
    """The text, cut with an ellipsis where it would be wider."""
    pdf.set_font("slip", size=size)
    if pdf.get_string_width(text) <= width:
        return text
    while text and pdf.get_string_width(text + "...") > width:
        text = text[:-1]
    return text.rstrip() + "..."


def _right(pdf: FPDF, y: float, text: str, size: float, **look: Any) -> None:
    pdf.set_font("slip", size=size)
    _say(pdf, (WIDTH - MARGIN - pdf.get_string_width(text), y), text, size, **look)


def _head(pdf: FPDF, texts: _Texts) -> None:
    pdf.set_fill_color(texts.colour)
    pdf.rect(0, 0, WIDTH, 4, style="F")
    _say(pdf, (MARGIN, 13), texts.shop, 11, ink=MUTED)
    _say(pdf, (MARGIN, 19), texts.title, 24, bold=True)
    _right(pdf, 13, texts.order, 11, ink=MUTED)
    _right(pdf, 19.5, texts.number, 20, bold=True)
    _barcode(pdf, texts.number, WIDTH - MARGIN - 84, 32, 84, 16)


def _panels(pdf: FPDF, texts: _Texts) -> None:
    pdf.set_fill_color(*PANEL)
    pdf.rect(MARGIN, 56, INNER, 44, style="F", round_corners=True, corner_radius=2.5)
    _say(pdf, (MARGIN + 5, 60), texts.send_to, 9, ink=MUTED)
    for i, line in enumerate(texts.address[:6]):
        _say(pdf, (MARGIN + 5, 65 + i * 5.6), _fit(pdf, line, 11, 62), 11, bold=i == 0)
    _say(pdf, (MARGIN + 74, 60), texts.until[0], 9, ink=MUTED)
    _paragraph(pdf, texts.until[1], (MARGIN + 74, 65, 56), 13, bold=True)
    _qr(pdf, texts.link, WIDTH - MARGIN - 35, 59.5, 30)
    pdf.set_font("slip", size=7.5)
    width = pdf.get_string_width(texts.scan)
    _say(pdf, (WIDTH - MARGIN - 20 - width / 2, 92.5), texts.scan, 7.5, ink=MUTED)


def _items(pdf: FPDF, texts: _Texts) -> float:
    """The table of items; gives the height at which it ends."""
    y, left = 109.0, MARGIN
    columns = (left, left + 14, left + 98)
    for x, head in zip(columns, texts.heads, strict=True):
        _say(pdf, (x, y), head, 9, ink=MUTED)
    y += 6
    tight = len(texts.rows) > 5
    step = 7.0 if tight else 10.5
    for quantity, title, sku, wish in texts.rows:
        _rule(pdf, y - 0.8)
        name = f"{title}  {sku}" if tight and sku else title
        _say(pdf, (columns[0], y), quantity, 10.5, bold=True)
        _say(pdf, (columns[1], y), _fit(pdf, name, 10.5, 80), 10.5)
        _say(pdf, (columns[2], y), _fit(pdf, wish, 9.5, 74), 9.5)
        if not tight:
            _say(pdf, (columns[1], y + 4.6), _fit(pdf, sku, 8.5, 80), 8.5, ink=MUTED)
        y += step
    _rule(pdf, y - 0.8)
    return y


def _rule(pdf: FPDF, y: float) -> None:
    pdf.set_draw_color(*RULE)
    pdf.set_line_width(0.2)
    pdf.line(MARGIN, y, WIDTH - MARGIN, y)


def _steps(pdf: FPDF, texts: _Texts, below: float) -> None:
    y = max(below + 3, 178.0)
    _say(pdf, (MARGIN, y), texts.steps_title, 10.5, bold=True)
    y += 7
    for i, step in enumerate(texts.steps, 1):
        _say(pdf, (MARGIN, y), f"{i}", 9.5, bold=True)
        y = _paragraph(pdf, step, (MARGIN + 6, y, INNER - 6), 9.5)


def _paragraph(
    pdf: FPDF, text: str, place: tuple[float, float, float], size: float, *, bold: bool = False
) -> float:
    """Text that wraps within (x, y, width); gives the height below it."""
    x, y, width = place
    pdf.set_font("slip", size=size)
    lines = pdf.multi_cell(w=width, text=text, dry_run=True, output=MethodReturnValue.LINES)
    for line in cast(list[str], lines):
        _say(pdf, (x, y), line, size, bold=bold)
        y += size * 0.5
    return y


def _label(pdf: FPDF, texts: _Texts) -> None:
    """The part for the outside of the parcel: address, number and barcode, big."""
    pdf.set_draw_color(*MUTED)
    pdf.set_line_width(0.2)
    pdf.set_dash_pattern(dash=2, gap=1.6)
    pdf.line(0, CUT, WIDTH, CUT)
    pdf.set_dash_pattern()
    _say(pdf, (MARGIN, CUT + 2), texts.cut, 8, ink=MUTED)
    _say(pdf, (MARGIN, CUT + 11), texts.send_to, 9, ink=MUTED)
    for i, line in enumerate(texts.address):
        _say(pdf, (MARGIN, CUT + 16.5 + i * 8), _fit(pdf, line, 16, 90), 16, bold=i == 0)
    _barcode(pdf, texts.number, WIDTH - MARGIN - 76, CUT + 13, 76, 24)
    pdf.set_font("slip", size=20)
    width = pdf.get_string_width(texts.number)
    _say(pdf, (WIDTH - MARGIN - 38 - width / 2, CUT + 40), texts.number, 20, bold=True)
    if texts.label:
        _right(pdf, CUT + 53, _fit(pdf, texts.label, 10, 76), 10, ink=MUTED)


def _barcode(pdf: FPDF, number: str, x: float, y: float, width: float, height: float) -> None:
    """Code 128, drawn as bars so that it stays sharp on any printer; a quiet zone of ten modules on both sides."""
    modules = Code128(number).build()[0]
    module = width / (len(modules) + 20)
    _run(pdf, modules, (x + 10 * module, y), (module, height))


def _run(pdf: FPDF, modules: str, at: tuple[float, float], size: tuple[float, float]) -> None:
    """A row of black and white modules; neighbours are drawn as one bar, so that no hairline shows between them."""
    pdf.set_fill_color(0, 0, 0)
    for bar in re.finditer("1+", modules):
        left = at[0] + bar.start() * size[0]
        pdf.rect(left, at[1], (bar.end() - bar.start()) * size[0], size[1], style="F")


def _qr(pdf: FPDF, text: str, x: float, y: float, size: float) -> None:
    """A QR code on white, with its quiet zone inside the size."""
    rows = [list(row) for row in segno.make_qr(text, error="m").matrix_iter(border=3)]
    module = size / len(rows)
    pdf.set_fill_color(255, 255, 255)
    pdf.rect(x, y, size, size, style="F")
    for j, row in enumerate(rows):
        _run(pdf, "".join("1" if dark else "0" for dark in row), (x, y + j * module), (module, module + 0.02))
