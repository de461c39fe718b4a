"""Messages of the service: each notice is one template that is rendered twice, as text and as HTML.

`render(notice, context, language)` is pure. The context is a mapping with

    case    the case as the API shows it            shop    name, colour, logo_url, support_email, time_zone
    event   type, at, data, actor                   links   portal, slip, object, rate, console
    order   number, customer, lines (optional)      labels  reasons, findings, grades, conditions (the policy's words)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Context
from markupsafe import Markup

from returns_service.domain.notices import ATTACHES_SLIP, Notice
from returns_service.pages import i18n, safe
from returns_service.pages.messages.words import words

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Rendered:
    """A message without its address: subject, text, HTML, and which documents go with it ("slip")."""

    subject: str
    text: str
    html: str
    attachments: tuple[str, ...] = ()


def render(notice: str, context: Mapping[str, Any], language: str) -> Rendered:
    """The message about one event in one language. Raises ValueError for a notice that does not exist."""
    notice = Notice(notice)
    return _render(f"notices/{notice}.jinja", context, language, slip=notice in ATTACHES_SLIP)


def letter(name: str, context: Mapping[str, Any], language: str) -> Rendered:
    """A message about no event, such as the code for signing in; `case` needs a number alone."""
    return _render(f"letters/{name}.jinja", context, language)


def _render(template: str, context: Mapping[str, Any], language: str, *, slip: bool = False) -> Rendered:
    said = words(context, language)
    plain = _environment("text", language).get_template(template)
    shown = plain.new_context(said)
    subject = "".join(plain.blocks["subject"](shown))
    subject = safe.one_line(f"{context['case']['number']}: {subject}")
    text = _tidy("".join(plain.root_render_func(shown)))
    html = _environment("html", language).get_template(template).render(said, title=subject)
    return Rendered(subject, text, html, ("slip",) if slip else ())


class _Context(Context):
    def call(self, asked: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """Without asking first whether it wants to know where it is called: nothing in a message does."""
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return asked(*given, **named)


class _Environment(Environment):
    context_class = _Context


@cache
def _environment(form: str, language: str) -> Environment:
    """What the templates of a form have besides their words: texts, and `ui`, the parts a message is built of."""
    environment = _Environment(
        loader=ChoiceLoader([FileSystemLoader(FOLDER / form), FileSystemLoader(FOLDER)]),
        autoescape=form == "html",
        undefined=StrictUndefined,
        finalize=safe.clean,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    texts = _translated(language, Markup if form == "html" else str)
    environment.globals = {"_": texts, "language": language}  # every message copies them
    environment.globals["ui"] = environment.get_template("parts.jinja").module
    return environment


def _translated(language: str, kind: type[str]) -> Callable[..., str]:
    """The function `_`, as the extension for translations has it, but each text is looked up once."""
    translate = i18n.translator(language).gettext

    @cache
    def form(text: str) -> str:
        return kind(translate(text))

    @cache
    def whole(text: str) -> str:
        return form(text) % {}

    def gettext(text: str, /, **named: Any) -> str:
        return form(text) % named if named else whole(text)

    return gettext


def _tidy(text: str) -> str:
    """At most one empty line between paragraphs, none at the ends, no trailing blanks."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n") + "\n"
