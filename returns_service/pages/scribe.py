"""Messages and slips for those who may not know how they are made: the adapter between the jobs and the templates."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from returns_service.domain.ports import Written
from returns_service.pages import i18n
from returns_service.pages.messages import Rendered, letter, render


class PageScribe:
    """Fits `domain.ports.Scribe`."""

    def write(
        self, notice: str, context: Mapping[str, Any], locale: str | None, offered: Sequence[str]
    ) -> Written:
        language = i18n.negotiate(locale, offered or i18n.LANGUAGES)
        return _written(render(notice, _in(language, context), language), context, language)

    def letter(
        self, name: str, context: Mapping[str, Any], locale: str | None, offered: Sequence[str]
    ) -> Written:
        language = i18n.negotiate(locale, offered or i18n.LANGUAGES)
        return _written(letter(name, _in(language, context), language), context, language)

    def slip(self, context: Mapping[str, Any], locale: str | None, offered: Sequence[str]) -> bytes:
        language = i18n.negotiate(locale, offered or i18n.LANGUAGES)
        # The font costs 0.2 seconds and 50 MB; most processes never draw a slip.
        drawn: bytes = import_module("returns_service.pages.slip").slip(_in(language, context), language)
        return drawn


def _written(said: Rendered, context: Mapping[str, Any], language: str) -> Written:
    where = (context.get("links") or {}).get("portal") or ""
    short = f"{said.subject} {where}".strip()
    return Written(language, said.subject, said.text, said.html, short, "slip" in said.attachments)


def _in(language: str, context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The context with the policy's words of this language alone."""
    words = {name: texts.get(language, {}) for name, texts in (context.get("words") or {}).items()}
    location = context.get("location")
    if location and isinstance(location.get("name"), Mapping):
        location = {**location, "name": location["name"].get(language) or location["name"].get("en") or ""}
    rest = {name: value for name, value in context.items() if name != "words"}
    return {**rest, "labels": words, "location": location}
