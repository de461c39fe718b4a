"""The translators' files. `python -m returns_service.pages.catalogues` collects new texts into every .po file.

One catalogue per face of the product, so that people who work on different faces never meet in one file.
"""

import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from returns_service.pages import i18n

PAGES = Path(__file__).parent
FACES = {
    "portal": ("portal",),
    "warehouse": ("warehouse",),
    "console": ("console",),
    "messages": ("messages", "labels.py", "slip.py"),
}
REST = "pages"
"""Catalogue -> folders and files under pages/; everything else, such as components and error pages, is in `pages`."""

_METHODS = [
    ("**/templates/**.html", "jinja2"),
    ("messages/**.jinja", "jinja2"),
    ("**/components/**.html", "jinja2"),
    ("**.html", "jinja2"),
    ("**.py", "python"),
]
_KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
_OPTIONS = {"**": {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}}
_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def face_of(file: str) -> str:
    """The catalogue that a source file's texts belong to; the path is relative to pages/."""
    first = next(part for part in Path(file).parts if part != "templates")
    return next((face for face, folders in FACES.items() if first in folders), REST)


def extracted() -> dict[str, Catalog]:
    """Every text in the sources, by catalogue."""
    catalogues = {face: Catalog(fuzzy=False) for face in (*FACES, REST)}
    found = extract_from_dir(
        str(PAGES),
        method_map=_METHODS,
        options_map={pattern: _OPTIONS["**"] for pattern, _ in _METHODS},
        keywords=_KEYWORDS,
        comment_tags=("L10N:",),
    )
    for file, _line, text, comments, context in sorted(found, key=lambda hit: (hit[0], hit[1])):
        # Line numbers change with every edit and tell a translator nothing: only the file is kept.
        catalogues[face_of(file)].add(text, None, [(file, 0)], auto_comments=comments, context=context)
    return {face: catalogue for face, catalogue in catalogues.items() if len(catalogue)}


def file_of(face: str, language: str) -> Path:
    return i18n.FOLDER / language.replace("-", "_") / "LC_MESSAGES" / f"{face}.po"


def updated(face: str, language: str, template: Catalog) -> Catalog:
    """The language's catalogue with today's texts; translations of texts that are gone are dropped."""
    file = file_of(face, language)
    catalogue = i18n.read(file) if file.exists() else Catalog()
    catalogue.locale = language.replace("-", "_")
    catalogue.fuzzy = False
    catalogue.update(deepcopy(template), no_fuzzy_matching=True)  # it would share its messages
    catalogue.obsolete.clear()
    return catalogue


def update() -> list[Path]:
    """Write every .po file anew; returns the files."""
    files = []
    for face, template in extracted().items():
        for language in i18n.LANGUAGES[1:]:
            file = file_of(face, language)
            catalogue = updated(face, language, template)
            write(catalogue, file, language)
            files.append(file)
    return files


def write(catalogue: Catalog, file: Path, language: str) -> None:
    """The file without dates and names, so that it changes only when a text does."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        target.write(_HEADER.format(language=language.replace("-", "_")).encode())
        write_po(target, catalogue, width=110, sort_output=True, omit_header=True, include_lineno=False)


def missing() -> Iterator[str]:
    """Texts without a translation and translations without a text, one sentence each."""
    for face, template in extracted().items():
        for language in i18n.LANGUAGES[1:]:
            file = file_of(face, language)
            have = {key(m): m for m in i18n.read(file) if m.id} if file.exists() else {}
            want = {key(m) for m in template if m.id}
            yield from (
                f"{language} {face}: not translated: {text}" for text in want if not complete(have.get(text))
            )
            yield from (f"{language} {face}: no longer used: {text}" for text in have.keys() - want)


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def complete(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, (tuple, list)) else bool(message.string)


if __name__ == "__main__":
    update()
    gaps = sorted(missing())
    sys.stdout.write("\n".join([*gaps, f"{len(gaps)} texts to translate.\n"]))
