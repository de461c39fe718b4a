"""Messages of the service: each notice is one template that is rendered twice, as text and as HTML.

`render(notice, context, language)` is pure. The context is a mapping with

    case    the case as the API shows it            shop    name, colour, logo_url, support_email, time_zone
    event   type, at, data, actor                   links   portal, slip, object, rate, console
    order   number, customer, lines (optional)      labels  reasons, findings, grades, conditions (the policy's words)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, Template

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
    text_template = _environment("text", language).get_template(template)
    plain = _variables("text", said, language)
    subject = "".join(text_template.blocks["subject"](text_template.new_context(plain)))
    subject = safe.one_line(f"{context['case']['number']}: {subject}")
    html_template = _environment("html", language).get_template(template)
    html = html_template.render(_variables("html", said, language) | {"title": subject})
    return Rendered(subject, _tidy(text_template.render(plain)), html, ("slip",) if slip else ())


@cache
def _environment(form: str, language: str) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(FOLDER / form), FileSystemLoader(FOLDER)]),
        autoescape=form == "html",  # noqa: S701 - the text form is no markup
        undefined=StrictUndefined,
        finalize=safe.clean,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_translations(i18n.translator(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals["_"] = environment.globals["gettext"]  # not by way of the context, for every text
    return environment


def _variables(form: str, said: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The context of a template: the words, and `ui`, the parts a message is built of in this form."""
    return {**said, "ui": _parts(form, language).make_module(dict(said))}


def _parts(form: str, language: str) -> Template:
    return _environment(form, language).get_template("parts.jinja")


def _tidy(text: str) -> str:
    """At most one empty line between paragraphs, none at the ends, no trailing blanks."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n") + "\n"
