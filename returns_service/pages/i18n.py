"""Three languages: which one a reader gets, its texts, and how it writes money, dates and numbers."""

import io
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime as babel_datetime
from babel.dates import format_timedelta, get_timezone_name
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from babel.support import NullTranslations, Translations

from returns_service.domain.languages import LANGUAGES as LANGUAGES
from returns_service.domain.languages import language_of as language_of
from returns_service.domain.languages import negotiate as negotiate

NAMES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
FOLDER = Path(__file__).parent / "translations"

_LOCALES = {"en": "en", "zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_TW"}
_DATES = {"en": "EEEE d MMMM y", "zh-Hans": "y年M月d日（EEE）", "zh-Hant": "y年M月d日（EEE）"}
_SHORT_DATES = {"en": "d MMM y", "zh-Hans": "y年M月d日", "zh-Hant": "y年M月d日"}
_TIMES = {"en": "HH:mm", "zh-Hans": "HH:mm", "zh-Hant": "HH:mm"}


@cache
def locale(language: str) -> Locale:
    return Locale.parse(_LOCALES[language])


@cache
def translator(language: str) -> NullTranslations:
    """The texts of a language, read from its .po files once: nothing compiled is kept in the repository."""
    if language == "en":
        return NullTranslations()
    merged: Translations | None = None
    for file in sorted(catalogue_files(language)):
        texts = Translations(_compiled(read(file)))
        merged = texts if merged is None else merged.merge(texts)
    return merged if merged is not None else NullTranslations()


def catalogue_files(language: str) -> list[Path]:
    return list((FOLDER / language.replace("-", "_") / "LC_MESSAGES").glob("*.po"))


def read(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source)


def _compiled(catalogue: Catalog) -> io.BytesIO:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return compiled


def N_(text: str) -> str:  # noqa: N802 - the name that translators' tools know
    """Marks a text for the catalogues where it is kept and not yet shown."""
    return text


@lru_cache(maxsize=2048)
def format_amount(amount: str, currency: str, language: str) -> str:
    """ "51.50" EUR as the reader writes money; the sign in front, never an accountant's brackets."""
    value = Decimal(amount)
    if currency == "TWD":
        return _new_taiwan_dollars(value, language)
    # A code in letters stands off from the figures: KWD 1.250, but €1.25.
    apart = "¤\xa0#,##0.00" if get_currency_symbol(currency, locale=locale(language))[-1].isalpha() else None
    return format_currency(value, currency, apart, locale=locale(language))


def _new_taiwan_dollars(value: Decimal, language: str) -> str:
    """Cents exist on paper only and are left out where there are none; "$" alone would be read as US dollars."""
    whole = value == value.to_integral_value()
    digits = format_decimal(abs(value), "#,##0" if whole else "#,##0.00", locale=locale(language))
    return f"{'-' if value < 0 else ''}NT${digits}"


def format_number(value: int | Decimal | float, language: str) -> str:
    return format_decimal(value, locale=locale(language))


@cache
def country_name(code: str, language: str) -> str:
    """A country as the reader calls it; a code that is none stays."""
    return str(locale(language).territories.get(code.upper(), code))


@cache
def language_name(code: str, language: str) -> str:
    """A language as the reader calls it, such as "English (United Kingdom)" for en-GB."""
    try:
        return Locale.parse(code, sep="-").get_display_name(locale(language)) or code
    except (UnknownLocaleError, ValueError):
        return code


def format_percent(rate: str, language: str) -> str:
    """ "12.5" as the reader writes a percentage."""
    return f"{format_decimal(Decimal(rate), '#,##0.##', locale=locale(language))}%"


def local(value: datetime | str, zone: str) -> datetime:
    """An instant on the clocks of a zone; accepts the API's text."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant.astimezone(ZoneInfo(zone))


def format_date(
    value: date | datetime | str, language: str, *, zone: str | None = None, short: bool = False
) -> str:
    """A calendar day. An instant needs the zone whose calendar is meant."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = local(value, zone or "UTC").date()
    return _written_day(value, (_SHORT_DATES if short else _DATES)[language], language)


@lru_cache(maxsize=2048)
def _written_day(day: date, pattern: str, language: str) -> str:
    return babel_datetime(datetime(day.year, day.month, day.day), pattern, locale=locale(language))  # noqa: DTZ001 - a day, not an instant


def format_time(value: datetime | str, zone: str, language: str, *, seconds: bool = False) -> str:
    pattern = _TIMES[language] + (":ss" if seconds else "")
    return babel_datetime(local(value, zone).replace(tzinfo=None), pattern, locale=locale(language))


def format_instant(value: datetime | str, zone: str, language: str, *, seconds: bool = False) -> str:
    """Day and time on the shop's clocks; with seconds where the law wants them."""
    day = format_date(value, language, zone=zone, short=True)
    return f"{day} {format_time(value, zone, language, seconds=seconds)}"


def zone_name(value: datetime | str, zone: str, language: str) -> str:
    """What people call the zone then: "Central European Standard Time"."""
    return _zone_name(zone, "daylight" if local(value, zone).dst() else "standard", language)


@cache
def _zone_name(zone: str, variant: Literal["daylight", "standard"], language: str) -> str:
    return get_timezone_name(ZoneInfo(zone), zone_variant=variant, locale=locale(language))


def format_ago(value: datetime | str, now: datetime, language: str) -> str:
    """ "3 days ago", "in 2 hours"."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return format_timedelta(instant - now, add_direction=True, locale=locale(language))
