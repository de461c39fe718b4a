"""Templates become pages: texts from the catalogues, values in the reader's way of writing, foreign text as text."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, g, request, url_for
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from returns_service.domain.quote_texts import payment_method
from returns_service.pages import i18n, labels, money_words, safe, staff_words
from returns_service.pages.web import brand, context, security
from returns_service.pages.web.assets import assets

TEMPLATES = Path(__file__).parent.parent / "templates"
LANGUAGE_COOKIE = "returns_language"


def page(template: str, status: int = 200, /, **values: Any) -> Response:
    """A whole page as an answer."""
    return Response(fragment(template, **values), status, content_type="text/html; charset=utf-8")


def fragment(template: str, /, **values: Any) -> str:
    """The text that a template makes."""
    return environment().get_template(template).render(**values)


def language() -> str:
    """The reader's language: as chosen, else as the browser asks, among those of the shop."""
    if "language" not in g:
        shop = context.shop()
        offered = [
            code for code in i18n.LANGUAGES if shop is None or not shop.languages or code in shop.languages
        ]
        chosen = request.cookies.get(LANGUAGE_COOKIE)
        if g.get("all_languages") or not offered:
            offered = list(i18n.LANGUAGES)
        asked = i18n.negotiate(request.headers.get("Accept-Language"), offered)
        g.language = chosen if chosen in offered else (asked if asked in offered else offered[0])
    return str(g.language)


def gettext(text: str, **values: Any) -> str:
    """A text in the reader's language, for code outside templates."""
    found = i18n.translator(language()).gettext(text)
    return found % values if values else found


def ngettext(one: str, many: str, n: int, **values: Any) -> str:
    return i18n.translator(language()).ngettext(one, many, n) % {"num": n, **values}


@cache
def environment() -> Environment:
    """One for the process; language and shop are those of the request."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=safe.clean,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: i18n.translator(language()).gettext(text),
        lambda one, many, n: i18n.translator(language()).ngettext(one, many, n),
        newstyle=True,
    )
    made.globals.update(_globals())
    made.filters.update(_filters())
    return made


def _globals() -> dict[str, Any]:
    return {
        "static": lambda path: assets().url(path),
        "nonce": security.nonce,
        "csrf_token": security.csrf_token,
        "language": language,
        "languages": offered_languages,
        "here": lambda: request.full_path.rstrip("?"),
        "path": lambda: request.path,
        "url_for": url_for,
        "now": context.now,
        "zone": context.zone,
        "shop": context.shop,
        "brand_tokens": lambda: Markup(brand.tokens(context.shop())),  # noqa: S704 - made of checked colours alone
        "labels": labels,
        "staff_words": staff_words,
    }


def offered_languages() -> list[tuple[str, str]]:
    """Code and own name of the languages that the reader may choose from."""
    shop = context.shop()
    limited = shop is not None and shop.languages and not g.get("all_languages")
    return [
        (code, name) for code, name in i18n.NAMES.items() if not limited or (shop and code in shop.languages)
    ]


def _filters() -> dict[str, Any]:
    return {
        "less": lambda value, other: str(Decimal(str(value)) - Decimal(str(other))),
        "amount": lambda value, currency: i18n.format_amount(str(value), currency, language()),
        "number": lambda value: i18n.format_number(value, language()),
        "percent": lambda value: i18n.format_percent(str(value), language()),
        "day": _day,
        "short_day": lambda value: _day(value, short=True),
        "dated": _dated,
        "instant": lambda value, seconds=False: i18n.format_instant(
            _instant(value), context.zone(), language(), seconds=seconds
        ),
        "clock": lambda value: i18n.format_time(_instant(value), context.zone(), language()),
        "ago": lambda value: i18n.format_ago(_instant(value), context.now(), language()),
        "label": lambda code, words: labels.label(words, code, gettext),
        "who": lambda actor: staff_words.who(actor, gettext),
        "country": lambda code: i18n.country_name(code, language()),
        "tongue": lambda code: i18n.language_name(code, language()) if code else "",
        "why": lambda reason: money_words.why(reason, gettext),
        "booked": lambda entry: money_words.booked(
            entry, lambda value, currency: i18n.format_amount(value, currency, language()), gettext
        ),
        "paid_with": lambda method: payment_method(method, language()),
        "web_url": safe.web_url,
        "picture": picture,
        "one_line": safe.one_line,
    }


def picture(url: str | None) -> str:
    """Where a picture is, as this browser reaches it; "" for what is no address, or one that pages may not show."""
    own = context.runtime().settings.public_url or ""
    if url and url.startswith((f"{own}/", "/")):
        return str(safe.clean(url.removeprefix(own))) if not url.startswith("//") else ""
    known = any((url or "").startswith(f"{origin}/") for origin in security.image_origins())
    return safe.web_url(url) if known else ""


def _instant(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _dated(sentence: str) -> str:
    """A sentence of the policy with its dates as the reader writes them."""
    blank = " ?" if language().startswith("zh") else ""
    return re.sub(
        rf"{blank}\b(\d{{4}}-\d{{2}}-\d{{2}})\b{blank}", lambda m: _day(date.fromisoformat(m[1])), sentence
    )


def _day(value: date | datetime | str, short: bool = False) -> str:
    return i18n.format_date(value, language(), zone=context.zone(), short=short)
