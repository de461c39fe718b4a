"""The return slip: one page that tells the customer how to send it back and the bench what is in the parcel."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from returns_service.domain.cached import cached_property
from returns_service.pages import i18n, labels, safe
from returns_service.pages.barcodes import code128, qr
from returns_service.pages.messages.words import Words, facts
from returns_service.pages.sheet import Colour, Place, Sheet

WIDTH, MARGIN = 210.0, 18.0
INNER = WIDTH - 2 * MARGIN
INK, MUTED, RULE, PANEL = (29, 35, 33), (91, 101, 98), (214, 211, 202), (246, 245, 241)
CUT = 214.0
"""Where the lower part is cut off to be stuck on the parcel."""
MOST_LINES = 9

PLAIN = "".join(map(chr, range(0x20, 0x7F))) + "×·"
"""What numbers, names and reasons of nearly every slip are made of."""


@dataclass(frozen=True)
class _Form:
    """What is printed on every slip of a kind: of goods that are carried to a shop, or of a parcel."""

    title: str
    order: str
    by: str
    soon: str
    send_to: str
    heads: tuple[str, str, str]
    more: str
    steps_title: str
    steps: tuple[str, ...]
    scan: str
    cut: str

    @cached_property
    def signs(self) -> str:
        """Each character once, in an order that is always the same."""
        words = ("".join(getattr(self, field.name)) for field in fields(self))
        return "".join(dict.fromkeys(PLAIN + "".join(words)))


@dataclass(frozen=True)
class _Texts:
    """What is printed on the slip of a case, besides the form."""

    form: _Form
    shop: str
    number: str
    order: str
    until: str
    address: tuple[str, ...]
    rows: tuple[tuple[str, str, str, str], ...]
    label: str
    colour: str
    link: str
    made_at: datetime


def slip(context: Mapping[str, Any], language: str) -> bytes:
    """The slip of a case as PDF. The context is that of a message, plus `location`: name and address `lines`."""
    texts = _texts(facts(context), language)
    sheet = Sheet(texts.form.signs, language)
    _head(sheet, texts)
    _panels(sheet, texts)
    below = _items(sheet, texts)
    _steps(sheet, texts, below)
    if texts.form.cut:
        _label(sheet, texts)
    title = f"{texts.form.title} {texts.number}"
    return sheet.pdf(title=title, author=texts.shop, made_at=texts.made_at)


def _texts(context: Mapping[str, Any], language: str) -> _Texts:
    case, say = context["case"], Words(context, language)
    location = context["location"] or {}
    carried = case["return_method"] in labels.CARRIED
    form = _form(language, carried, bool(case["label"]))
    place = [] if carried else [location.get("name"), *(location.get("lines") or [])]
    address = [str(safe.clean(line)) for line in (place if any(place) else [say.shop["name"]])]
    link = safe.web_url((context["links"] or {}).get("portal"))
    return _Texts(
        form=form,
        shop=safe.one_line(say.shop["name"], 60),
        number=case["number"],
        order=form.order % {"order": safe.one_line(str(case["order_number"] or case["order_id"]), 40)},
        until=say.deadline("ship") or form.soon,
        address=tuple(safe.one_line(line, 70) for line in address if line)[:7],
        rows=_rows(case, say, form.more),
        label=_carrier(case["label"]),
        colour=say.shop["colour"],
        link=link or case["number"],
        made_at=datetime.fromisoformat(case["created_at"]),
    )


@cache
def _form(language: str, carried: bool, has_label: bool) -> _Form:
    gettext = i18n.translator(language).gettext
    return _Form(
        title=gettext("Return slip"),
        order=gettext("Order %(order)s"),
        by=gettext("Please bring it by") if carried else gettext("Please send it by"),
        soon=gettext("as soon as you can"),
        send_to=gettext("Bring it to") if carried else gettext("Send to"),
        heads=(gettext("Qty"), gettext("Item"), gettext("Reason and wish")),
        more=gettext("and %(count)s more, see the page of your return"),
        steps_title=gettext("How it works") if carried else gettext("How to pack"),
        steps=_bringing(gettext) if carried else _packing(gettext, has_label),
        scan=gettext("Scan to follow your return"),
        cut="" if carried else gettext("Cut here and stick this part on the parcel"),
    )


def _rows(case: Mapping[str, Any], say: Words, and_more: str) -> tuple[tuple[str, str, str, str], ...]:
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
        more = and_more % {"count": len(rows) - MOST_LINES + 1}
        rows = [*rows[: MOST_LINES - 1], ("", more, "", "")]
    return tuple(rows)


def _bringing(gettext: Any) -> tuple[str, ...]:
    return (
        gettext("Take the items along, with all parts and tags. No parcel is needed."),
        gettext("Show this page, or the code on your phone, at the counter."),
        gettext("Keep the receipt."),
    )


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


def _head(sheet: Sheet, texts: _Texts) -> None:
    red, green, blue = bytes.fromhex(texts.colour[1:])
    sheet.fill((0, 0, WIDTH, 4), (red, green, blue))
    sheet.say((MARGIN, 13), texts.shop, 11, MUTED)
    sheet.say((MARGIN, 19), texts.form.title, 24, INK, bold=True)
    _right(sheet, 13, texts.order, 11, MUTED)
    _right(sheet, 19.5, texts.number, 20, INK, bold=True)
    _barcode(sheet, texts.number, (WIDTH - MARGIN - 84, 32), 84, 16)


def _right(sheet: Sheet, y: float, text: str, size: float, ink: Colour, *, bold: bool = False) -> None:
    sheet.say((WIDTH - MARGIN - sheet.width(text, size), y), text, size, ink, bold=bold)


def _panels(sheet: Sheet, texts: _Texts) -> None:
    sheet.fill((MARGIN, 56, INNER, 44), PANEL, radius=2.5)
    sheet.say((MARGIN + 5, 60), texts.form.send_to, 9, MUTED)
    for i, line in enumerate(texts.address[:6]):
        sheet.say((MARGIN + 5, 65 + i * 5.6), sheet.fit(line, 11, 62), 11, INK, bold=i == 0)
    sheet.say((MARGIN + 74, 60), texts.form.by, 9, MUTED)
    _paragraph(sheet, texts.until, (MARGIN + 74, 65, 56), 13, bold=True)
    _qr(sheet, texts.link, (WIDTH - MARGIN - 35, 59.5), 30)
    middle = WIDTH - MARGIN - 20 - sheet.width(texts.form.scan, 7.5) / 2
    sheet.say((middle, 92.5), texts.form.scan, 7.5, MUTED)


def _items(sheet: Sheet, texts: _Texts) -> float:
    """The table of items; gives the height at which it ends."""
    y, left = 109.0, MARGIN
    columns = (left, left + 14, left + 98)
    for x, head in zip(columns, texts.form.heads, strict=True):
        sheet.say((x, y), head, 9, MUTED)
    y += 6
    tight = len(texts.rows) > 5
    step = 7.0 if tight else 10.5
    for quantity, title, sku, wish in texts.rows:
        sheet.rule(y - 0.8, MARGIN, WIDTH - MARGIN, RULE)
        name = f"{title}  {sku}" if tight and sku else title
        sheet.say((columns[0], y), quantity, 10.5, INK, bold=True)
        sheet.say((columns[1], y), sheet.fit(name, 10.5, 80), 10.5, INK)
        sheet.say((columns[2], y), sheet.fit(wish, 9.5, 74), 9.5, INK)
        if not tight:
            sheet.say((columns[1], y + 4.6), sheet.fit(sku, 8.5, 80), 8.5, MUTED)
        y += step
    sheet.rule(y - 0.8, MARGIN, WIDTH - MARGIN, RULE)
    return y


def _steps(sheet: Sheet, texts: _Texts, below: float) -> None:
    y = max(below + 3, 178.0)
    sheet.say((MARGIN, y), texts.form.steps_title, 10.5, INK, bold=True)
    y += 7
    for i, step in enumerate(texts.form.steps, 1):
        sheet.say((MARGIN, y), f"{i}", 9.5, INK, bold=True)
        y = _paragraph(sheet, step, (MARGIN + 6, y, INNER - 6), 9.5)


def _paragraph(
    sheet: Sheet, text: str, place: tuple[float, float, float], size: float, *, bold: bool = False
) -> float:
    """Text that wraps within (x, y, width); gives the height below it."""
    x, y, width = place
    for line in sheet.lines(text, size, width):
        sheet.say((x, y), line, size, INK, bold=bold)
        y += size * 0.5
    return y


def _label(sheet: Sheet, texts: _Texts) -> None:
    """The part for the outside of the parcel: address, number and barcode, big."""
    sheet.rule(CUT, 0, WIDTH, MUTED, dash=(2, 1.6))
    sheet.say((MARGIN, CUT + 2), texts.form.cut, 8, MUTED)
    sheet.say((MARGIN, CUT + 11), texts.form.send_to, 9, MUTED)
    for i, line in enumerate(texts.address):
        sheet.say((MARGIN, CUT + 16.5 + i * 8), sheet.fit(line, 16, 90), 16, INK, bold=i == 0)
    _barcode(sheet, texts.number, (WIDTH - MARGIN - 76, CUT + 13), 76, 24)
    middle = WIDTH - MARGIN - 38 - sheet.width(texts.number, 20) / 2
    sheet.say((middle, CUT + 40), texts.number, 20, INK, bold=True)
    _right(sheet, CUT + 53, sheet.fit(texts.label, 10, 76), 10, MUTED)


def _barcode(sheet: Sheet, number: str, at: Place, width: float, height: float) -> None:
    """Code 128, drawn as bars so that it stays sharp on any printer; a quiet zone of ten modules on both sides."""
    modules = code128(number)
    module = width / (len(modules) + 20)
    sheet.modules([modules], (at[0] + 10 * module, at[1]), (module, height))


def _qr(sheet: Sheet, text: str, at: Place, size: float) -> None:
    """A QR code on white, with its quiet zone of three modules inside the size."""
    rows = qr(text)
    module = size / (len(rows) + 6)
    sheet.fill((*at, size, size), (255, 255, 255))
    sheet.modules(rows, (at[0] + 3 * module, at[1] + 3 * module), (module, module))
